"""How long an answer stays right: for good once its days are settled, else for minutes.

A query of dates is settled when its last day, and what its windows reach beyond it, ended more than
``LATE_DAYS`` ago in the project's time zone: until then events may still arrive late. What depends on the
profiles, cohorts or definitions of today is never settled.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pytest_mixpanel.workspace.transport.question import Question

LATE_DAYS = 5
"""The ingestion API takes events up to five days old from clients."""

FRESH = timedelta(minutes=10)
RETENTION_REACH = {"day": 60, "week": 60 * 7, "month": 60 * 30}
"""Days after a cohort's day in which users may come back: 60 buckets, more are not shown (semantics R-27)."""


def right_until(question: Question, now: datetime, time_zone: str) -> datetime | None:
    """Until when an answer given ``now`` may be given again; ``None``: for good.

    What is not settled ends with the project's day at the latest: "the last 7 days" are others tomorrow. The
    further pages of a listing of profiles outlive the first, which begins a new listing.
    """
    today = now.astimezone(ZoneInfo(time_zone)).date()
    last = last_day(question)
    if last is not None and today - timedelta(days=LATE_DAYS) > last:
        return None
    midnight = datetime.combine(today + timedelta(days=1), time(), ZoneInfo(time_zone))
    end = min(now + FRESH, midnight)
    return end + FRESH if _is_further_page(question) else end


def last_day(question: Question) -> date | None:
    """The last day whose events can change the answer; ``None`` where there is no such day."""
    params = question.body.get("bookmark") if isinstance(question.body, Mapping) else None
    if not isinstance(params, Mapping) or not question.path.endswith(("/insights", "/arb_funnels")):
        return None
    plan = _plan(params)
    if plan is None or _depends_on_today(plan):
        return None
    last: date | None = plan.range.last_day
    try:
        return None if last is None else last + timedelta(days=_reach(plan))
    except OverflowError:  # a window longer than the calendar
        return None


def _plan(params: Mapping[str, Any]) -> Any:
    """The plan of a query over days; ``None`` for users, and for params that cannot be read."""
    from pytest_mixpanel.query.parse.node import PlanError
    from pytest_mixpanel.query.parse.params import parse

    try:
        plan = parse(params)
    except PlanError:
        return None
    return plan if hasattr(plan, "range") else None


def _reach(plan: Any) -> int:
    """Days beyond the range in which an answer still grows."""
    from pytest_mixpanel.query.plan.retention import RetentionPlan
    from pytest_mixpanel.query.plan.times import DAY_MS

    if isinstance(plan, RetentionPlan):
        return max(RETENTION_REACH[plan.unit], plan.edges[-1] if plan.edges else 0)
    window = getattr(plan, "window_ms", 0)
    return 1 if window is None else -(-window // DAY_MS)


def _depends_on_today(plan: Any) -> bool:
    """Whether the moment of asking decides: through profiles, cohorts, or dates that count from it."""
    from pytest_mixpanel.query.plan.insights import CohortMetric
    from pytest_mixpanel.query.plan.segments import CohortBreakdown
    from pytest_mixpanel.query.plan.selecting import Behavior, Group, Member
    from pytest_mixpanel.query.plan.times import Comparison, Range

    cohorts = (Behavior, Group, Member, CohortBreakdown, CohortMetric)
    return any(
        isinstance(part, cohorts)
        or getattr(part, "resource", "events") == "people"
        or "people" in _owners(part)
        or getattr(part, "date_unit", None) is not None
        or (isinstance(part, Range) and part.last_day is None)
        or (isinstance(part, Comparison) and part.kind != "relative")
        for part in _parts(plan)
    )


def _owners(part: Any) -> list[str]:
    return [owner for _, _, owner in getattr(part, "inputs", ())]


def _parts(value: Any) -> Iterator[Any]:
    if dataclasses.is_dataclass(value):
        yield value
        for field in dataclasses.fields(value):
            yield from _parts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for inner in value:
            yield from _parts(inner)


def _is_further_page(question: Question) -> bool:
    return isinstance(question.body, Mapping) and bool(question.body.get("session_id"))
