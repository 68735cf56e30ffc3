"""Assertions on how often an event comes and how its users divide."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from pytest_mixpanel.assertions.asked import context, expect
from pytest_mixpanel.assertions.claims import Undecided, settle
from pytest_mixpanel.assertions.limits import compared, count_rules
from pytest_mixpanel.baselines.daily import Daily
from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.core.verdict import Verdict
from pytest_mixpanel.dsl.spec import CheckSpec
from pytest_mixpanel.kinds.event import Event
from pytest_mixpanel.kinds.measured import Measured
from pytest_mixpanel.kinds.subjects import MixSubject, VolumeSubject

if TYPE_CHECKING:
    from pytest_mixpanel.query.results.insights import QueryResult

Which = Literal["count", "mean", "lowest", "highest"]


def assert_volume(
    result: QueryResult,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    day: Which = "lowest",
) -> Verdict:
    """An event comes often enough on every day of the result (``day="mean"``: on average).

    ``count`` is the last day, which may not be over: ask for a range that ends yesterday.
    Raises ``ClaimFailed``, an ``AssertionError``.
    """
    __tracebackhide__ = True
    from pytest_mixpanel.kinds.volume import COUNT, KIND

    expect(result, "query")
    counts = result.daily()
    if not counts:
        raise ParamValidationError("the result holds no days; ask with mode='timeseries' and unit='day'")
    rules = count_rules(day, at_least, at_most)
    spec = CheckSpec("assert_volume", "volume", VolumeSubject(Event(_event(result))), rules)
    days = tuple(date.fromisoformat(told) for told in counts)
    daily = Daily(days, {COUNT: tuple(int(value) for value in counts.values())})
    measured = Measured(daily, None, "", daily)
    verdict = KIND.decide(spec, measured, context(result))
    return settle(verdict, KIND.explain(spec, measured, verdict, context(result)))


def assert_no_mix_shift(
    now: QueryResult, before: QueryResult, *, max_shift: str, undecided: Undecided = "skip"
) -> Verdict:
    """The users of two results divide alike: ``max_shift="5pp"`` of them may be in other segments.

    Both are daily results of ``math="unique"`` with the same ``group_by``. Raises ``ClaimFailed``.
    """
    __tracebackhide__ = True
    from pytest_mixpanel.kinds.mix import KIND, divided

    expect(now, "query")
    expect(before, "query")
    groups = (now.params.get("sections") or {}).get("group") or []
    if not groups or not now.segments() or not before.segments():
        raise ParamValidationError("both results need a breakdown: ask with group_by=…")
    subject = MixSubject(Event(_event(now)), str(groups[0].get("value")))
    spec = CheckSpec("assert_no_mix_shift", "mix", subject, compare=compared("shift", max_shift))
    one = divided(now, subject)
    measured = Measured(one, divided(before, subject), "", one)
    verdict = KIND.decide(spec, measured, context(now))
    return settle(verdict, KIND.explain(spec, measured, verdict, context(now)), undecided)


def _event(result: QueryResult) -> str:
    label = next(iter(result.series), "events")
    return label.partition(" [")[0]
