"""Where a change of a rate comes from: within which segments, or from the mix of traffic."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_mixpanel.baselines.daily import Daily
from pytest_mixpanel.core.explanation import Table
from pytest_mixpanel.dsl.spec import Compare, Segments
from pytest_mixpanel.kinds.changes import rate_change
from pytest_mixpanel.kinds.wording import points

REST = "(others)"
SIGNIFICANT = 0.05
WORTH_A_ROW = 0.0005
"""The remainder, as a fraction, from which it is shown."""

WORTH_TELLING = 0.2
"""The share of the whole change from which a segment is named as its place."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Entrants and conversions of one segment, now (1) and before (0)."""

    name: str
    n1: int
    x1: int
    n0: int
    x0: int
    p: float | None


def segment_table(
    now: Daily, before: Daily, names: tuple[str, str], by: Segments, compare: Compare
) -> Table | None:
    """Shares and rates of each segment and what each adds to the change. ``None`` without segments.

    Kitagawa 1955 for the split; per segment the test of the check itself, adjusted by Benjamini and
    Hochberg.
    """
    from pytest_mixpanel.stats import kitagawa

    found = _segments(now, before, names, by, compare)
    if not found or not sum(s.n1 for s in found) or not sum(s.n0 for s in found):
        return None
    split = kitagawa(*([getattr(s, key) for s in found] for key in ("x1", "n1", "x0", "n0")))
    marked = [
        (_row(segment, adds, found), _mark(adds, split.total, p, compare))
        for segment, adds, p in zip(found, split.rate_by_segment, _adjusted(found), strict=True)
    ]
    order = sorted(
        range(len(found)), key=split.rate_by_segment.__getitem__, reverse=compare.direction == "rise"
    )
    told = [marked[position] for position in order]
    remainder = _overall(now, before, names) - split.total
    if abs(remainder) >= WORTH_A_ROW:
        told.append((("not by segment", "", "", points(remainder)), ""))
    told.append(
        (
            ("traffic mix", "", "", points(split.mix_effect)),
            _mark(split.mix_effect, split.total, 0.0, compare),
        )
    )
    rows, marks = zip(*told, strict=True)
    return Table("where", (by.by, "share", "rate", "adds"), rows, marks)


def _row(segment: Segment, adds: float, found: list[Segment]) -> tuple[str, ...]:
    n1, n0 = sum(s.n1 for s in found), sum(s.n0 for s in found)
    share = f"{segment.n0 / n0 * 100:.0f} → {segment.n1 / n1 * 100:.0f} %"
    rate = f"{_rate(segment.x0, segment.n0)} → {_rate(segment.x1, segment.n1)} %"
    return segment.name, share, rate, points(adds)


def _adjusted(found: list[Segment]) -> list[float | None]:
    """The segments' p-values among all that were tested."""
    from pytest_mixpanel.stats import adjust_pvalues

    tested = [s.p for s in found if s.p is not None]
    values = iter(adjust_pvalues(tested, "bh").adjusted if tested else ())
    return [next(values) if s.p is not None else None for s in found]


def _segments(
    now: Daily, before: Daily, names: tuple[str, str], by: Segments, compare: Compare
) -> list[Segment]:
    """The segments with enough entrants on both sides; the rest are one."""
    entrants, conversions = names
    kept: list[Segment] = []
    rest = [0, 0, 0, 0]
    for name in sorted({*now.segments, *before.segments}):
        one, two = _of(now, name), _of(before, name)
        counts = (one.total(entrants), one.total(conversions), two.total(entrants), two.total(conversions))
        if min(counts[0], counts[2]) >= by.min_n:
            change = rate_change(one, two, entrants, conversions, compare)
            kept.append(Segment(name, *counts, change.comparison.p_drop if change else None))
        else:
            rest = [total + count for total, count in zip(rest, counts, strict=True)]
    if kept and any(rest):
        kept.append(Segment(REST, rest[0], rest[1], rest[2], rest[3], None))
    return kept


def _overall(now: Daily, before: Daily, names: tuple[str, str]) -> float:
    """The change of the whole rate: users in no or in several segments make it differ from the parts' sum."""
    entrants, conversions = names
    return now.total(conversions) / now.total(entrants) - before.total(conversions) / before.total(entrants)


def _of(daily: Daily, name: str) -> Daily:
    nought = {key: (0,) * len(daily.days) for key in daily.counts}
    return Daily(daily.days, daily.segments.get(name, nought))


def _rate(x: int, n: int) -> str:
    return f"{x / n * 100:.1f}" if n else "–"


def _dominates(adds: float, total: float) -> bool:
    return total != 0 and adds / total >= WORTH_TELLING


def _mark(adds: float, total: float, p: float | None, compare: Compare) -> str:
    if p is not None and p > SIGNIFICANT:
        return "within noise"
    harmful = adds < 0 if compare.direction == "drop" else adds > 0
    if harmful and _dominates(adds, total):
        return f"◀ {adds / total * 100:.0f} % of the {compare.direction}"
    return ""
