"""From measured numbers to findings: each rule of a check comes to one, the most serious decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.verdict import Interval, Outcome, Unit, Verdict
from pytest_mixpanel.dsl.conditions import Both, Bound, Condition, Metric, Not, bounds

if TYPE_CHECKING:
    from pytest_mixpanel.dsl.spec import Compare, Rule
    from pytest_mixpanel.stats.level import Held

_ORDER = (Outcome.FAIL, Outcome.WARN, Outcome.INCONCLUSIVE, Outcome.PASS)


@frozen
class Level:
    """A measured number with what it may be; ``method`` is empty for a plain count, which is exact."""

    estimate: float
    lo: float
    hi: float
    unit: Unit = "rate"
    conf: float = 0.95
    method: str = ""
    n: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    reason: str | None = None

    @property
    def interval(self) -> Interval | None:
        return Interval(self.lo, self.hi, self.conf, self.method) if self.method else None


@frozen
class Finding:
    """What one rule came to. ``bound`` is the comparison that decided a level condition."""

    verdict: Verdict
    rule: str
    line: int
    bound: Bound | None = None
    level: Level | None = None
    compare: Compare | None = None

    @property
    def outcome(self) -> Outcome:
        return self.verdict.outcome


Measure = Callable[[Metric], Level]


def level_finding(rule: Rule, measure: Measure) -> Finding:
    """What a level condition comes to: it holds only if it does over the whole interval."""
    held = _held(rule.condition, measure)
    bound = next((b for b in bounds(rule.condition) if _held(b, measure) == held), _first(rule.condition))
    level = measure(bound.metric)
    outcome, reason = {
        "holds": (Outcome.FAIL if rule.level == "fail" else Outcome.WARN, f"{rule.level}_if"),
        "holds not": (Outcome.PASS, None),
        "undecided": (Outcome.INCONCLUSIVE, level.reason or "undecided"),
    }[held]
    estimate, interval = (None, None) if level.reason else (level.estimate, level.interval)
    verdict = Verdict(outcome, reason, estimate, level.unit, interval, margin=bound.limit.value, n=level.n)
    return Finding(verdict, f"{rule.level}_if {rule.text}", rule.line, bound, level)


def decisive(findings: Sequence[Finding]) -> Finding:
    """The most serious finding, the first of equals."""
    return min(findings, key=lambda finding: _ORDER.index(finding.outcome))


def verdict_of(findings: Sequence[Finding]) -> Verdict:
    """The verdict of a check: its decisive finding's, with notes on rules that stay open beside it."""
    from dataclasses import replace

    decided = decisive(findings)
    open_ = [f for f in findings if f.outcome is Outcome.INCONCLUSIVE and f is not decided]
    notes = tuple(f"{finding.rule}: undecided" for finding in open_)
    return replace(decided.verdict, notes=(*decided.verdict.notes, *notes))


def _first(condition: Condition) -> Bound:
    return next(iter(bounds(condition)))


def _held(condition: Condition, measure: Measure) -> Held:
    """Kleene's three values: what stays open in a part is open in the whole unless the rest decides."""
    from pytest_mixpanel.stats import holds

    if isinstance(condition, Bound):
        level = measure(condition.metric)
        if level.reason:
            return "undecided"
        return holds(condition.operator, condition.limit.value, level.estimate, level.lo, level.hi)
    if isinstance(condition, Not):
        opposite: Mapping[Held, Held] = {"holds": "holds not", "holds not": "holds"}
        inner = _held(condition.term, measure)
        return opposite.get(inner, "undecided")
    parts = [_held(term, measure) for term in condition.terms]
    decides: Held = "holds not" if isinstance(condition, Both) else "holds"
    other: Held = "holds" if isinstance(condition, Both) else "holds not"
    if decides in parts:
        return decides
    return other if all(part == other for part in parts) else "undecided"


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The most serious of several outcomes."""
    return min(outcomes, key=_ORDER.index)
