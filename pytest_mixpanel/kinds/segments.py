"""Where a change comes from: within which segments, or from the mix of traffic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from pytest_mixpanel.baselines.daily import Daily
from pytest_mixpanel.core.explanation import Block, Table
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.verdict import Outcome
from pytest_mixpanel.dsl.spec import Compare, Segments
from pytest_mixpanel.kinds.changes import rate_change
from pytest_mixpanel.kinds.wording import number, points, signed

if TYPE_CHECKING:
    from pytest_mixpanel.dsl.spec import CheckSpec
    from pytest_mixpanel.kinds.judging import Finding
    from pytest_mixpanel.kinds.measured import Measured

REST = "(others)"
SIGNIFICANT = 0.05
WORTH_A_ROW = 0.0005
"""The remainder, as a fraction of what is split, from which it is shown."""

WORTH_TELLING = 0.2
"""The share of the whole change from which a segment is named as its place."""

Row = tuple[tuple[str, ...], str]
"""The cells of a row, and its mark."""


@frozen
class Part:
    """The days of one segment, now and before; of those too small to stand alone, together (``REST``)."""

    name: str
    now: Daily
    before: Daily


def place_of_change(
    spec: CheckSpec,
    m: Measured,
    finding: Finding,
    table: Callable[[Daily, Daily, Segments, Compare], Table | None],
) -> Iterator[Block]:
    """The table of the segments, where the check looks into them and a change is not ruled out."""
    if spec.segments and spec.compare and m.before is not None and finding.outcome is not Outcome.PASS:
        told = table(m.recent, m.before, spec.segments, spec.compare)
        if told is not None:
            yield told


def rate_table(
    names: tuple[str, str], now: Daily, before: Daily, by: Segments, compare: Compare
) -> Table | None:
    """Shares and rates of each segment and what each adds to the change. ``None`` without segments.

    Kitagawa 1955 for the split; per segment the test of the check itself, two-sided and adjusted by
    Benjamini and Hochberg.
    """
    from pytest_mixpanel.stats import kitagawa

    entrants, conversions = names
    parts = list(_parts(now, before, entrants, by, min))
    n1, n0 = _totals(parts, entrants)
    x1, x0 = _totals(parts, conversions)
    if not sum(n1) or not sum(n0):
        return None
    split = kitagawa(x1, n1, x0, n0)
    changes = [rate_change(part.now, part.before, entrants, conversions, compare) for part in parts]
    p = [
        _two_sided(change.comparison.p_drop) if change and part.name != REST else None
        for part, change in zip(parts, changes, strict=True)
    ]
    rows: list[tuple[float, Row]] = []
    for position, (part, adds, noise) in enumerate(
        zip(parts, split.rate_by_segment, _adjusted(p), strict=True)
    ):
        share = f"{n0[position] / sum(n0) * 100:.0f} → {n1[position] / sum(n1) * 100:.0f} %"
        rate = f"{_rate(x0[position], n0[position])} → {_rate(x1[position], n1[position])} %"
        rows.append(
            (adds, ((part.name, share, rate, points(adds)), _mark(adds, split.total, noise, compare)))
        )
    told = _ordered(rows, compare)
    remainder = _rate_of(now, names) - _rate_of(before, names) - split.total
    if abs(remainder) >= WORTH_A_ROW:
        told.append((("not by segment", "", "", points(remainder)), ""))
    mixed = _mark(split.mix_effect, split.total, 0.0, compare)
    told.append((("traffic mix", "", "", points(split.mix_effect)), mixed))
    return _table((by.by, "share", "rate", "adds"), told)


def volume_table(name: str, now: Daily, before: Daily, by: Segments, compare: Compare) -> Table | None:
    """The daily mean of each segment and what each adds to the change. ``None`` without segments.

    Users of several segments, or of none, make the whole differ from the sum of its parts.
    """
    parts = list(_parts(now, before, name, by, max))
    if not parts:
        return None
    ones, twos = [_mean(part.now, name) for part in parts], [_mean(part.before, name) for part in parts]
    total = _mean(now, name) - _mean(before, name)
    p = [None if part.name == REST else _p_of_level(part, name, compare) for part in parts]
    rows: list[tuple[float, Row]] = []
    for part, one, two, noise in zip(parts, ones, twos, _adjusted(p), strict=True):
        level = f"{number(round(two, 1))} → {number(round(one, 1))}"
        mark = _mark(one - two, total, noise, compare)
        rows.append((one - two, ((part.name, level, signed(one - two, 1)), mark)))
    told = _ordered(rows, compare)
    remainder = total - (sum(ones) - sum(twos))
    if abs(remainder) >= WORTH_A_ROW * max(_mean(before, name), 1):
        told.append((("not by segment", "", signed(remainder, 1)), ""))
    return _table((by.by, "a day", "adds"), told)


def _table(header: tuple[str, ...], told: Sequence[Row]) -> Table:
    rows, marks = zip(*told, strict=True)
    return Table("where", header, rows, marks)


def _ordered(rows: Sequence[tuple[float, Row]], compare: Compare) -> list[Row]:
    """What adds most to the change that the check looks for comes first."""
    return [row for _, row in sorted(rows, key=lambda told: told[0], reverse=compare.direction == "rise")]


def _parts(
    now: Daily, before: Daily, name: str, by: Segments, side: Callable[[int, int], int]
) -> Iterator[Part]:
    """The segments with enough of ``name``; the rest are one.

    Rates need enough on both sides (``min``); a count that is gone is seen from one (``max``).
    """
    parts = [
        Part(segment, _of(now, segment), _of(before, segment))
        for segment in sorted({*now.segments, *before.segments})
    ]
    kept = [part for part in parts if side(part.now.total(name), part.before.total(name)) >= by.min_n]
    yield from kept
    small = [part for part in parts if part not in kept]
    if kept and small:
        yield Part(REST, _sum([part.now for part in small]), _sum([part.before for part in small]))


def _of(daily: Daily, name: str) -> Daily:
    nought = {key: (0,) * len(daily.days) for key in daily.counts}
    return Daily(daily.days, daily.segments.get(name, nought))


def _sum(parts: Sequence[Daily]) -> Daily:
    names = parts[0].counts
    counts = {
        name: tuple(map(sum, zip(*(part.counts[name] for part in parts), strict=True))) for name in names
    }
    return Daily(parts[0].days, counts)


def _totals(parts: Sequence[Part], name: str) -> tuple[list[int], list[int]]:
    return [part.now.total(name) for part in parts], [part.before.total(name) for part in parts]


def _adjusted(values: Sequence[float | None]) -> list[float | None]:
    """The segments' p-values among all that were tested."""
    from pytest_mixpanel.stats import adjust_pvalues

    tested = [p for p in values if p is not None]
    adjusted = iter(adjust_pvalues(tested, "bh").adjusted if tested else ())
    return [next(adjusted) if p is not None else None for p in values]


def _p_of_level(part: Part, name: str, compare: Compare) -> float | None:
    from pytest_mixpanel.stats import compare_volume

    counts = [*part.before.counts[name], *part.now.counts[name]]
    weekdays = [*part.before.weekdays, *part.now.weekdays]
    told = compare_volume(counts, weekdays, len(part.now.days), compare.margin.value)
    return _two_sided(told.p_drop)


def _two_sided(p: float) -> float:
    """A segment may move either way: of a rise, too, it is said whether chance explains it."""
    return min(1.0, 2 * min(p, 1 - p))


def _mean(daily: Daily, name: str) -> float:
    return daily.total(name) / max(len(daily.days), 1)


def _rate_of(daily: Daily, names: tuple[str, str]) -> float:
    """The whole rate: users in no or in several segments make it differ from the parts' sum."""
    entrants, conversions = names
    return daily.total(conversions) / daily.total(entrants)


def _rate(x: int, n: int) -> str:
    return f"{x / n * 100:.1f}" if n else "–"


def _mark(adds: float, total: float, p: float | None, compare: Compare) -> str:
    if p is not None and p > SIGNIFICANT:
        return "within noise"
    harmful = adds < 0 if compare.direction == "drop" else adds > 0
    if harmful and total != 0 and adds / total >= WORTH_TELLING:
        return f"◀ {adds / total * 100:.0f} % of the {compare.direction}"
    return ""
