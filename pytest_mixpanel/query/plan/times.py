"""Ranges, units and comparisons of time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pytest_mixpanel.core.frozen import frozen

Unit = Literal["hour", "day", "week", "month", "quarter"]
DAY_MS = 86_400_000
UNIT_MS = {
    "second": 1_000,
    "minute": 60_000,
    "hour": 3_600_000,
    "day": DAY_MS,
    "week": 7 * DAY_MS,
    "month": 30 * DAY_MS,
}
"""Lengths of windows; a month is 30 days (semantics F-5, R-5)."""
DAYS_OF = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
"""At most."""


@frozen
class Range:
    """Whole local days, both included, in buckets of ``unit``; ``last`` days where no dates are given."""

    unit: Unit
    first: date | None = None
    last_day: date | None = None
    last: int = 30
    last_unit: Literal["day", "week", "month", "quarter", "year"] = "day"

    def days(self, today: date, week_start: int = 0, quarter_start: int = 1) -> tuple[date, date]:
        """First and last day; the last N days, or weeks and longer, include the current one (E-14, E-15).

        Weeks start on that day (0: Monday), the first quarter in that month.
        """
        if self.first is not None:
            return self.first, self.last_day or today
        if self.last_unit == "day":
            return today - timedelta(days=self.last - 1), today
        if self.last_unit == "week":
            return today - timedelta(days=(today.weekday() - week_start) % 7 + 7 * (self.last - 1)), today
        width = {"month": 1, "quarter": 3, "year": 12}[self.last_unit]
        month, begins = today.year * 12 + today.month - 1, (quarter_start - 1) % 3 if width == 3 else 0
        current = month - (month - begins) % width - width * (self.last - 1)
        return date(current // 12, current % 12 + 1, 1), today


@frozen
class Comparison:
    """``relative``: the range one unit earlier; else a range as long that starts or ends on a day."""

    kind: Literal["relative", "absolute-start", "absolute-end"]
    value: str
