"""What is done to plotted values: rolling means and running sums (semantics I-15 to I-18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from pytest_mixpanel.engine.calendar import Buckets, days_of
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.insights import InsightsPlan
from pytest_mixpanel.query.plan.segments import FrequencyBreakdown
from pytest_mixpanel.query.plan.selecting import Behavior, Filter, Member
from pytest_mixpanel.query.plan.times import Comparison, Range

DAYS = {"hour": 1, "day": 1, "week": 7, "month": 31, "quarter": 92}


def rolling(values: Sequence[Any], window: int) -> list[float | None]:
    """The mean of each value and those before it; what is undefined is left out. Drops ``window − 1``."""
    means: list[float | None] = []
    for end in range(window, len(values) + 1):
        known = [value for value in values[end - window : end] if value is not None]
        means.append(sum(known) / len(known) if known else None)
    return means


def cumulative(values: Sequence[Any]) -> list[Any]:
    """Running sums from the first value on."""
    return list(accumulate(value or 0 for value in values))


def before(buckets: Buckets, count: int) -> Buckets:
    """Buckets up to the start of these, at least ``count`` of them."""
    last = buckets.calendar.start(buckets.first, buckets.unit) - timedelta(days=1)
    days = -(-count // 24) if buckets.unit == "hour" else count * DAYS[buckets.unit]
    first = buckets.calendar.start(last - timedelta(days=days - 1), buckets.unit)
    return Buckets(first, last, buckets.unit, buckets.calendar)


def compared(span: Range, comparison: Comparison, today: date, store: Store) -> Range:
    """The range to compare with: as many days, shifted back or from or to a day (I-24, I-25)."""
    first, last = days_of(span, today, store)
    length = last - first
    if comparison.kind == "relative":
        start = _earlier(first, str(comparison.value))
    elif comparison.kind == "absolute-start":
        start = date.fromisoformat(str(comparison.value)[:10])
    else:
        start = date.fromisoformat(str(comparison.value)[:10]) - length
    return Range(span.unit, start, start + length)


def moved(plan: InsightsPlan, span: Range) -> InsightsPlan:
    """The plan with frequencies counted in another range than its own."""
    return replace(
        plan,
        breakdowns=tuple(
            replace(level, range=span) if isinstance(level, FrequencyBreakdown) else level
            for level in plan.breakdowns
        ),
        where=tuple(_moved(each, span) for each in plan.where),
    )


def _moved(condition: Filter, span: Range) -> Filter:
    cohort = condition.cohort if isinstance(condition, Member) else None
    if not isinstance(cohort, Behavior) or cohort.span is None or not isinstance(condition, Member):
        return condition
    return replace(condition, cohort=replace(cohort, span=span))


def _earlier(day: date, unit: str) -> date:
    if unit in ("day", "week"):
        return day - timedelta(days=1 if unit == "day" else 7)
    months = day.year * 12 + day.month - 1 - {"month": 1, "quarter": 3, "year": 12}[unit]
    start, following = date(months // 12, months % 12 + 1, 1), months + 1
    end = date(following // 12, following % 12 + 1, 1) - timedelta(days=1)
    return start.replace(day=min(day.day, end.day))
