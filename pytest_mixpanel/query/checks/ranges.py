"""Time ranges, units, and the group that is counted."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from pytest_mixpanel.query.checks.problems import Problems, check_choice, is_whole, problem
from pytest_mixpanel.query.inputs.events import TimeComparison
from pytest_mixpanel.query.inputs.vocabulary import QueryTimeUnit

DAY = re.compile(r"\d{4}-\d\d-\d\d")
DEFAULT_LAST = 30
LONGEST_LAST = 3_650
MOST_SEGMENTS = 50_000
TIME_UNITS = (
    *("hour", "day", "week", "month", "second", "minute", "quarter", "year", "session"),
    *("hour_of_day", "day_of_week"),
)
"""What a time section of the service may be cut by; the arguments offer some of them."""


def check_range(from_date: Any, to_date: Any, last: Any, today: date) -> Problems:
    """Problems of a range: dates that are none, out of order or half given, and days beside dates."""
    yield from _check_last(last)
    for name, value in (("from_date", from_date), ("to_date", to_date)):
        if value is not None:
            yield from _check_day(name, value)
    if from_date is None:
        if to_date is not None:
            yield problem("to_date", "to_date needs a from_date", "V9_TO_REQUIRES_FROM")
        return
    if last != DEFAULT_LAST:
        yield problem("last", "say either dates or last, not both", "V10_DATE_LAST_EXCLUSIVE")
    end = today.isoformat() if to_date is None else to_date
    # Days that are none, such as 30 February, have their place as well.
    if _written(from_date) and _written(end) and from_date > end:
        yield problem("from_date", f"from_date {from_date} lies after to_date {end}", "V15_DATE_ORDER")


def _check_last(last: Any) -> Problems:
    if not is_whole(last) or last < 1:
        yield problem("last", f"a whole number of days from 1, not {last!r}", "V7_LAST_POSITIVE")
    elif last > LONGEST_LAST:
        yield problem(
            "last", f"at most {LONGEST_LAST} days, not {last}", "V20_LAST_TOO_LARGE", [str(LONGEST_LAST)]
        )


def _written(value: Any) -> bool:
    """Whether it is written as days are."""
    return isinstance(value, str) and DAY.fullmatch(value) is not None


def _check_day(name: str, value: Any) -> Problems:
    if not _written(value):
        yield problem(name, f"{name} is written YYYY-MM-DD, not {value!r}", "V8_DATE_FORMAT")
        return
    try:
        date.fromisoformat(value)
    except ValueError:
        yield problem(name, f"{value} is no day of the calendar", "V8_DATE_INVALID")


def check_unit(unit: Any) -> Problems:
    """A problem where the granularity is none."""
    if unit not in TIME_UNITS:
        yield from check_choice("sections.time[0].unit", unit, QueryTimeUnit, "B12_INVALID_TIME_UNIT")


def check_comparison(comparison: Any) -> Problems:
    """A problem where the period to compare with is not a ``TimeComparison``."""
    if comparison is not None and not isinstance(comparison, TimeComparison):
        yield problem(
            "time_comparison",
            f"a TimeComparison, such as TimeComparison.relative('week'), not {comparison!r}",
            "TC0_INVALID_TYPE",
        )


def check_data_group(data_group_id: Any) -> Problems:
    """A problem where the group's id is not a whole number from 1."""
    if data_group_id is not None and (not is_whole(data_group_id) or data_group_id < 1):
        yield problem(
            "data_group_id", f"a whole number from 1, not {data_group_id!r}", "DG1_INVALID_DATA_GROUP_ID"
        )


def check_limit(limit: Any) -> Problems:
    """A problem where the number of segments in an answer is none the service gives."""
    if limit is not None and (not is_whole(limit) or not 1 <= limit <= MOST_SEGMENTS):
        yield problem("limit", f"1 to {MOST_SEGMENTS} segments, not {limit!r}", "QL1_LIMIT_RANGE")


def local_today() -> date:
    """The day of this machine's clock, where a call does not say another."""
    return date.today()
