"""The lines that messages of all kinds share: rule, verdict, window, owner."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pytest_mixpanel.core.explanation import Block, Line
from pytest_mixpanel.core.verdict import Outcome, Unit, Verdict
from pytest_mixpanel.kinds.wording import (
    interval_of_points,
    interval_of_rate,
    limit_percent,
    number,
    percent,
    points,
    probability,
    short,
    signed,
    whole,
)

if TYPE_CHECKING:
    from pytest_mixpanel.dsl.spec import CheckSpec, Compare
    from pytest_mixpanel.kinds.changes import RateChange
    from pytest_mixpanel.kinds.judging import Finding
    from pytest_mixpanel.kinds.measured import Measured

_WORDS = {"<": "under", "<=": "at most", ">": "over", ">=": "at least", "==": "exactly", "!=": "other than"}

POLICY = "by policy:"
"""How a note begins that tells of a policy of the check."""

REASONS = {
    "underpowered": "too few users to rule out a change of the margin",
    "unresolved_drop": "the change is real, but whether it reaches the margin is open",
    "borderline": "the change is so near the margin that this many users cannot tell the side",
    "sparse": "too few conversions to judge",
    "immature": "the youngest entrants have not had their whole window yet",
    "no-entrants": "nobody entered on one of the two sides",
    "no-data": "nobody entered in the window",
    "multiplicity": "it would fail alone, but not among the several buckets that were tested",
    "noise": "chance alone may show a shift of this size with so few users",
}


def level_headline(finding: Finding) -> str:
    """``conversion 16.90 % is under 18 %``."""
    assert finding.bound is not None
    assert finding.level is not None
    name, level = str(finding.bound.metric), finding.level
    limit = limit_told(finding.bound.limit.value, level.unit)
    claim = f"{_WORDS[finding.bound.operator]} {limit}"
    if finding.outcome is Outcome.INCONCLUSIVE:
        return f"cannot tell whether {name} is {claim}"
    negation = "not " if finding.outcome is Outcome.PASS else ""
    return f"{name} {value_told(level.estimate, level.unit)} is {negation}{claim}"


def value_told(value: float, unit: Unit) -> str:
    return percent(value) if unit == "rate" else number(value)


def limit_told(value: float, unit: Unit) -> str:
    return limit_percent(value) if unit == "rate" else number(value)


def level_lines(finding: Finding, spec: CheckSpec, what: str = "users") -> Iterator[Block]:
    """``got``, ``rule``, ``verdict`` of a level condition."""
    level = finding.level
    assert level is not None
    assert finding.bound is not None
    if level.reason:
        yield Line("got", "nobody to judge by")
    elif level.unit == "rate" and level.n:
        n, x = list(level.n.values())[:2]
        counted = f"   {whole(x)} of {whole(n)} {what}   {interval_of_rate(level.lo, level.hi, level.conf)}"
        yield Line("got", f"{percent(level.estimate)}{counted}")
    else:
        yield Line("got", value_told(level.estimate, level.unit))
    yield rule_line(finding, spec)
    yield Line("verdict", _level_verdict(finding))


def _level_verdict(finding: Finding) -> str:
    assert finding.bound is not None
    assert finding.level is not None
    level, bound = finding.level, finding.bound
    if finding.verdict.notes:
        return finding.verdict.notes[0]
    if level.reason:
        return REASONS.get(level.reason, level.reason)
    limit = limit_told(bound.limit.value, level.unit)
    if not level.method:
        return "a plain count: no chance is in it"
    if finding.outcome is Outcome.INCONCLUSIVE:
        return f"the interval contains {limit}: more users, or a limit farther away, would decide"
    side = "under" if level.hi < bound.limit.value else "over"
    noise = ", so this is not noise" if finding.outcome is not Outcome.PASS else ""
    return f"the whole interval is {side} {limit}{noise}"


def rule_line(finding: Finding, spec: CheckSpec) -> Line:
    line = finding.line or spec.line
    where = f"   ({shown_path(spec)}:{line})" if str(spec.path) else ""
    return Line("rule", f"{finding.rule}{where}")


def change_headline(name: str, finding: Finding) -> str:
    """``conversion dropped 2.30 pp, more than the 1 pp margin``."""
    verdict, compare = finding.verdict, finding.compare
    assert compare is not None
    word = {"drop": "dropped", "rise": "rose", "shift": "shifted"}[compare.direction]
    if verdict.estimate is None:
        return (
            f"{name}: no baseline to compare with" if verdict.notes else f"cannot tell whether {name} {word}"
        )
    size = points(abs(verdict.estimate))[1:] if verdict.unit == "pp" else percent(abs(verdict.estimate), 1)
    if finding.outcome is Outcome.FAIL:
        return f"{name} {word} {size}, more than the margin of {_margin(finding)}"
    if finding.outcome is Outcome.INCONCLUSIVE:
        return f"cannot tell whether {name} {word} by {_margin(finding)}"
    change = points(verdict.estimate) if verdict.unit == "pp" else f"{signed(verdict.estimate * 100, 1)} %"
    return f"{name} changed by {change}; a {compare.direction} of {_bare_margin(compare)} is ruled out"


def _margin(finding: Finding) -> str:
    assert finding.compare is not None
    absolute = finding.verdict.margin
    relative = finding.compare.margin.unit == "rel" and finding.verdict.unit == "pp"
    return _bare_margin(finding.compare) + (f" ({absolute * 100:.2f} pp)" if absolute and relative else "")


def _bare_margin(compare: Compare) -> str:
    return f"{compare.margin.value * 100:g} {'%' if compare.margin.unit == 'rel' else 'pp'}"


def change_lines(
    finding: Finding, change: RateChange | None, m: Measured, spec: CheckSpec
) -> Iterator[Block]:
    """``now``, ``before``, ``change``, ``rule``, ``verdict``, and ``power`` where it is what lacks."""
    if change is not None and m.before is not None:
        for label, (x, n), daily in (("now", change.now, m.recent), ("before", change.before, m.before)):
            told = f"{percent(x / n)}   {whole(x)} of {whole(n)}   {short(daily.period)}"
            yield Line(label, told)
        interval = change.interval
        bounds = interval_of_points(interval.lo, interval.hi, interval.conf)
        p = finding.verdict.p or 0.0
        adjusted = finding.verdict.p_adjusted
        corrected = f" ({adjusted:.2g} among all)" if adjusted not in (None, p) else ""
        yield Line("change", f"{points(change.estimate)}   {bounds}   {probability(p)}{corrected}")
        if change.comparison.outliers:
            days = ", ".join(m.before.days[day].isoformat() for day in change.comparison.outliers)
            yield Line("set aside", f"{days}: unlike the other days before, taken as they would have been")
    yield rule_line(finding, spec)
    yield Line("verdict", change_verdict(finding))
    mde = finding.verdict.mde
    if finding.outcome is Outcome.INCONCLUSIVE and change is not None:
        seen = (
            f"only changes of about {mde * 100:.1f} pp or more are" if mde else "no change, however large, is"
        )
        yield Line("power", f"with this traffic {seen} visible (80 % power)")
        yield Line("decide", _what_decides(finding, change, len(m.recent.days)))


def _what_decides(finding: Finding, change: RateChange, days: int) -> str:
    """How many users would settle it, at the present traffic; or that a larger margin would."""
    from pytest_mixpanel.stats import sample_size_arcsine

    (x, n), margin = change.before, finding.verdict.margin or 0.0
    rate = x / n
    rate = rate if change.sign > 0 else 1 - rate
    if not 0 < rate - margin < rate < 1:
        return "a larger margin would decide"
    needed = sample_size_arcsine(rate, rate - margin).n_per_group
    weekly = change.now[1] / max(days, 1) * 7
    if needed <= change.now[1]:
        return "the days differ much among themselves: a longer window, or a larger margin, would decide"
    weeks = math.ceil(needed / weekly)
    users = f"{margin * 100:.2g} pp needs about {whole(needed)} users a side"
    return f"{users}: {weeks} weeks at {whole(weekly)} a week; or a larger margin"


def change_verdict(finding: Finding, reasons: Mapping[str, str] = MappingProxyType({})) -> str:
    """Why the comparison came to what it did, in words; ``reasons`` are a kind's own."""
    verdict = finding.verdict
    if verdict.notes:
        return verdict.notes[0]
    if finding.outcome is Outcome.FAIL:
        return f"a real change ({probability(verdict.p or 0.0)} without one), and at least the margin"
    if finding.outcome is Outcome.PASS:
        return "a change of the margin is ruled out (95 %, one-sided)"
    return {**REASONS, **reasons}.get(verdict.reason or "", verdict.reason or "")


def closing_lines(spec: CheckSpec, window: str, verdict: Verdict) -> Iterator[Block]:
    """``window``, ``notes``, ``owner``."""
    yield Line("window", window)
    for note in verdict.notes:
        if note.endswith(": undecided"):
            yield Line("also", note)
        elif note.startswith(POLICY):
            yield Line("policy", note.removeprefix(POLICY).strip())
    runbook = f"runbook {spec.links['runbook']}" if "runbook" in spec.links else ""
    owner = "      ".join(part for part in (spec.owner or "", runbook) if part)
    if owner:
        yield Line("owner", owner)


def shown_path(spec: CheckSpec) -> str:
    """The file of a check as a user would type it."""
    path = Path(spec.path)
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return path.as_posix()
