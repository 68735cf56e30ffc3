"""The date range of a query, and what it is compared with."""

from __future__ import annotations

from datetime import date
from typing import Any

from pytest_mixpanel.query.parse.node import Node
from pytest_mixpanel.query.plan.times import DAYS_OF, Comparison, Range

LONGEST = 36_600
"""Days in a range: a century."""


def range_of(times: Node) -> Range:
    """The one range of ``sections.time``; raises ``PlanError``."""
    listed = times.items()
    if len(listed) != 1:
        raise times.fail(f"should hold one range, not {len(listed)}")
    time = listed[0]
    unit: Any = time.get("unit").choice("hour", "day", "week", "month", "quarter")
    kind = time.get("dateRangeType").value or ("between" if time.get("value").value else "in the last")
    if kind == "on":
        return Range(unit, _whole_day(time.get("value"), "00:00:00"), time.get("value").day())
    if kind == "between":
        ends = time.get("value").items()
        if len(ends) != 2:
            raise time.get("value").fail("should hold the first and the last day")
        first, last = _whole_day(ends[0], "00:00:00"), _whole_day(ends[1], "23:59:59")
        if not 0 <= (last - first).days <= LONGEST:
            raise time.get("value").fail(f"should hold a first day and one up to {LONGEST} days after it")
        return Range(unit, first, last)
    if kind == "since":
        return Range(unit, _whole_day(time.get("value"), "00:00:00"))
    if kind == "in the last":
        window = time.get("window")
        last_unit: Any = window.get("unit").choice("day", "week", "month", "quarter", "year")
        most = LONGEST // DAYS_OF[last_unit]
        return Range(unit, last=window.get("value").whole(1, most), last_unit=last_unit)
    raise time.get("dateRangeType").fail(f"{kind!r} is not a range the embedded engine reads")


def _whole_day(told: Node, time: str) -> date:
    """A day, or a moment that is its beginning or its end."""
    day, moment = told.day(), told.text()[11:19]
    if moment not in ("", time):
        raise told.fail(f"the embedded engine reads ranges of whole days, at {time} if any time is told")
    return day


def comparison_of(compared: Node) -> Comparison | None:
    if not compared.value:
        return None
    kind: Any = compared.get("type").choice("relative", "absolute-start", "absolute-end")
    if kind == "relative":
        compared.get("value").choice("day", "week", "month", "quarter", "year")
    else:
        compared.get("value").day()
    return Comparison(kind, compared.get("value").text())
