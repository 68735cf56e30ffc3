"""Rolling and running values, and the ranges comparisons speak of (semantics I-15 to I-25)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pytest_mixpanel.engine.analysis import before, compared, cumulative, rolling
from pytest_mixpanel.engine.calendar import Buckets, Calendar
from pytest_mixpanel.query.plan.times import Comparison, Range
from tests.engine.events import event, project


def test_a_rolling_mean_leaves_out_what_is_undefined() -> None:
    assert rolling([1, None, 4, None, None], 2) == [1, 4, 4, None]


def test_a_running_sum_goes_on_over_a_gap() -> None:
    assert cumulative([1, None, 2]) == [1, 1, 3]


@pytest.mark.parametrize(
    ("unit", "count"), [("day", 6), ("week", 4), ("month", 3), ("quarter", 2), ("hour", 30)]
)
def test_there_are_enough_buckets_to_look_back_on(unit: Any, count: int) -> None:
    buckets = Buckets(date(2025, 3, 12), date(2025, 3, 20), unit, Calendar("Europe/Berlin"))
    earlier = before(buckets, count)
    assert len(earlier) >= count
    assert earlier.end <= buckets.start


@pytest.mark.parametrize(
    ("comparison", "first"),
    [
        (Comparison("relative", "day"), date(2025, 3, 30)),
        (Comparison("relative", "week"), date(2025, 3, 24)),
        (Comparison("relative", "month"), date(2025, 2, 28)),
        (Comparison("relative", "quarter"), date(2024, 12, 31)),
        (Comparison("relative", "year"), date(2024, 3, 31)),
        (Comparison("absolute-start", "2025-01-05"), date(2025, 1, 5)),
        (Comparison("absolute-end", "2025-01-05"), date(2025, 1, 3)),
    ],
)
def test_a_comparison_has_as_many_days(comparison: Comparison, first: date) -> None:
    three_days = Range("day", date(2025, 3, 31), date(2025, 4, 2))
    store = project([event("A", "u", "2025-04-01T10:00")])
    span = compared(three_days, comparison, date(2025, 6, 1), store)
    assert span.first == first
    assert span.last_day is not None
    assert (span.last_day - first).days == 2
