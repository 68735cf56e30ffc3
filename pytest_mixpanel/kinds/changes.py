"""Changes of a rate against a baseline, day by day, by the verdict rule of ``stats.decide``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_mixpanel.baselines.daily import Daily
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.verdict import Interval, Outcome, Verdict
from pytest_mixpanel.kinds.judging import Finding

if TYPE_CHECKING:
    from pytest_mixpanel.dsl.spec import Compare
    from pytest_mixpanel.stats import Comparison

ALPHA_FAIL = 0.01
OUTCOMES = {"pass": Outcome.PASS, "fail": Outcome.FAIL, "inconclusive": Outcome.INCONCLUSIVE}


@frozen
class RateChange:
    """A rate now and before. ``estimate``, ``lo``, ``hi`` are p1 − p0 whichever direction is judged."""

    comparison: Comparison
    sign: int

    @property
    def estimate(self) -> float:
        return self.comparison.estimate * self.sign

    @property
    def interval(self) -> Interval:
        low, high = sorted((self.comparison.lo * self.sign, self.comparison.hi * self.sign))
        return Interval(low, high, self.comparison.conf, "newcombe, effective counts")

    @property
    def now(self) -> tuple[float, float]:
        """Conversions and entrants of the window."""
        return self._converted(self.comparison.x1, self.comparison.n1), self.comparison.n1

    @property
    def before(self) -> tuple[float, float]:
        """Conversions and entrants of the baseline."""
        return self._converted(self.comparison.x0, self.comparison.n0), self.comparison.n0

    def _converted(self, x: float, n: float) -> float:
        return x if self.sign > 0 else n - x


def rate_change(
    now: Daily, before: Daily, entrants: str, conversions: str, compare: Compare
) -> RateChange | None:
    """Compare two stretches of days; ``None`` where one side has no entrants.

    A rise of a rate is a drop of its complement, so both directions are one test.
    """
    from pytest_mixpanel.stats import compare_conversion

    n = [*before.counts.get(entrants, ()), *now.counts.get(entrants, ())]
    x = [*before.counts.get(conversions, ()), *now.counts.get(conversions, ())]
    n0, x0 = before.total(entrants), before.total(conversions)
    if n0 == 0 or now.total(entrants) == 0:
        return None
    margin = compare.margin.value * (x0 / n0 if compare.margin.unit == "rel" else 1.0)
    if margin <= 0:
        return None
    sign = -1 if compare.direction == "rise" else 1
    judged = [whole - part for whole, part in zip(n, x, strict=True)] if sign < 0 else x
    weekdays = [*before.weekdays, *now.weekdays]
    return RateChange(compare_conversion(n, judged, weekdays, len(now.days), margin_abs=margin), sign)


def change_finding(change: RateChange | None, compare: Compare, what: str = "") -> Finding:
    """What the comparison of a check comes to; ``what`` names the number where there are several."""
    rule = f"{compare.rule}, {compare.to}" + (f", {what}" if what else "")
    if change is None:
        return Finding(Verdict(Outcome.INCONCLUSIVE, "no-entrants"), rule, compare.line, compare=compare)
    told = change.comparison
    verdict = Verdict(
        OUTCOMES[told.verdict],
        told.reason or (f"max_{compare.direction}" if told.verdict == "fail" else None),
        change.estimate,
        "pp",
        change.interval,
        baseline=change.before[0] / change.before[1],
        margin=told.margin_abs,
        p=told.p_drop,
        mde=told.mde,
        n={
            "entrants": change.now[1],
            "conversions": change.now[0],
            "entrants before": change.before[1],
            "conversions before": change.before[0],
        },
    )
    return Finding(verdict, rule, compare.line, compare=compare)


def adjusted(findings: Sequence[Finding], changes: Sequence[RateChange | None]) -> list[Finding]:
    """The findings of several comparisons in one check, held to Holm: what fails must fail after it too."""
    from pytest_mixpanel.stats import adjust_pvalues

    known = [position for position, change in enumerate(changes) if change is not None]
    p = [findings[position].verdict.p or 0.0 for position in known]
    result = list(findings)
    for position, value in zip(known, adjust_pvalues(p).adjusted if p else (), strict=True):
        verdict = replace(findings[position].verdict, p_adjusted=value)
        if verdict.outcome is Outcome.FAIL and value > ALPHA_FAIL:
            verdict = replace(verdict, outcome=Outcome.INCONCLUSIVE, reason="multiplicity")
        result[position] = replace(findings[position], verdict=verdict)
    return result


def missing_baseline(reason: str, compare: Compare, told: str) -> Finding:
    """What a comparison without a baseline comes to: never a pass."""
    verdict = Verdict(Outcome.INCONCLUSIVE, reason, notes=(told,))
    return Finding(verdict, f"{compare.rule}, {compare.to}", compare.line, compare=compare)
