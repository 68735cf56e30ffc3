"""Assertions on conversion and retention, by the rules and in the words of the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_mixpanel.assertions.asked import context, funnel_subject, mature, retention_subject
from pytest_mixpanel.assertions.claims import Undecided, settle
from pytest_mixpanel.assertions.limits import compared, rate_rules
from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.core.time import Duration
from pytest_mixpanel.core.verdict import Outcome, Verdict
from pytest_mixpanel.dsl.spec import CheckSpec, Segments
from pytest_mixpanel.kinds.measured import Measured
from pytest_mixpanel.kinds.subjects import UNIT_DAYS

if TYPE_CHECKING:
    from pytest_mixpanel.query.results.funnel import FunnelQueryResult
    from pytest_mixpanel.query.results.retention import RetentionQueryResult


def assert_conversion(
    funnel: FunnelQueryResult,
    *,
    at_least: str | float | None = None,
    at_most: str | float | None = None,
    step: int | None = None,
    undecided: Undecided = "skip",
) -> Verdict:
    """The conversion of a funnel lies over a floor, or under a ceiling: ``at_least="18%"``.

    Only days whose entrants have all had their window count; the interval must lie wholly on one side.
    Raises ``ClaimFailed``, an ``AssertionError``.
    """
    __tracebackhide__ = True
    from pytest_mixpanel.kinds.funnel import KIND, daily_steps

    subject = funnel_subject(funnel)
    metric = "conversion" if step is None else f"conversion(step {step})"
    if step is not None and step not in range(2, len(subject.steps) + 1):
        raise ParamValidationError(
            f"step={step!r}: the funnel has the steps 2 to {len(subject.steps)} to convert to"
        )
    spec = CheckSpec("assert_conversion", "funnel", subject, rate_rules(metric, at_least, at_most))
    daily = mature(daily_steps(funnel, False), subject.within, funnel)
    return _judged(KIND, spec, Measured(daily, None, "", daily), funnel, undecided)


def assert_no_conversion_drop(
    now: FunnelQueryResult,
    before: FunnelQueryResult,
    *,
    max_drop: str,
    by_segment: bool = False,
    undecided: Undecided = "skip",
) -> Verdict:
    """A funnel converts as well as before: ``max_drop="10%rel"`` or ``"2pp"``.

    Raises ``ClaimFailed`` where a drop is significant and at least the margin; ``by_segment`` says where
    it comes from, for results asked with ``group_by``.
    """
    __tracebackhide__ = True
    from pytest_mixpanel.kinds.funnel import KIND, daily_steps

    subject = funnel_subject(now)
    groups = (now.params.get("sections") or {}).get("group") or []
    segments = Segments(str(groups[0].get("value"))) if by_segment and groups else None
    spec = CheckSpec(
        "assert_no_conversion_drop", "funnel", subject, compare=compared("drop", max_drop), segments=segments
    )
    one = mature(daily_steps(now, segments is not None), subject.within, now)
    two = mature(daily_steps(before, segments is not None), subject.within, before)
    return _judged(KIND, spec, Measured(one, two, "", one), now, undecided)


def assert_retention(
    retention: RetentionQueryResult,
    bucket: int,
    *,
    at_least: str | float | None = None,
    at_most: str | float | None = None,
    undecided: Undecided = "skip",
) -> Verdict:
    """Users come back in the ``bucket``-th day (week, month): ``assert_retention(r, 7, at_least="22%")``.

    Only cohorts for which the bucket is over count. Raises ``ClaimFailed``, an ``AssertionError``.
    """
    __tracebackhide__ = True
    from pytest_mixpanel.kinds.retention import KIND, daily_cohorts

    subject = retention_subject(retention, (bucket,))
    rules = rate_rules(f"{subject.unit} {bucket}", at_least, at_most)
    spec = CheckSpec("assert_retention", "retention", subject, rules)
    needs = Duration((bucket + 1) * UNIT_DAYS[subject.unit] * 86_400)
    daily = mature(daily_cohorts(retention, bucket), needs, retention)
    return _judged(KIND, spec, Measured(daily, None, "", daily), retention, undecided)


def _judged(kind: Any, spec: CheckSpec, measured: Measured, result: Any, undecided: Undecided) -> Verdict:
    __tracebackhide__ = True
    if not measured.now.days or (measured.before is not None and not measured.before.days):
        from pytest_mixpanel.core.explanation import Explanation

        told = "no day is old enough yet: the youngest entrants have not had their whole window"
        return settle(Verdict(Outcome.INCONCLUSIVE, "immature"), Explanation(told), undecided)
    verdict = kind.decide(spec, measured, context(result))
    return settle(verdict, kind.explain(spec, measured, verdict, context(result)), undecided)
