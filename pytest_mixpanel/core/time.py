"""Durations, ranges of days, and the project's calendar. The clock is always an argument."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pytest_mixpanel.core.frozen import frozen

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(\d{1,9})\s*([smhdw])")


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A length of time as it was written: ``7d`` is seven days, ``90m`` ninety minutes."""

    seconds: int

    def __str__(self) -> str:
        for unit in ("d", "h", "m"):
            if self.seconds and self.seconds % SECONDS[unit] == 0:
                return f"{self.seconds // SECONDS[unit]}{unit}"
        return f"{self.seconds}s"

    @property
    def whole_days(self) -> int | None:
        """The number of days, ``None`` where they are not whole."""
        days, rest = divmod(self.seconds, SECONDS["d"])
        return days if rest == 0 else None


def parse_duration(text: str) -> Duration:
    """``90m``, ``24h``, ``7d``, ``8w``. Raises ``ValueError`` for anything else, and for nought."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or int(match[1]) == 0:
        raise ValueError(f"{text!r} is not a duration; write 90m, 24h, 7d or 8w")
    return Duration(int(match[1]) * SECONDS[match[2]])


@frozen
class DateRange:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the range {self.first} → {self.last} ends before it begins")

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range(len(self)))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        last = self.last.isoformat()
        return f"{self.first} → {last[5:] if self.first.year == self.last.year else last}"

    @property
    def before(self) -> DateRange:
        """The range of the same length that ends the day before this one begins."""
        return DateRange(self.first - timedelta(days=len(self)), self.first - timedelta(days=1))

    @classmethod
    def ending(cls, last: date, days: int) -> DateRange:
        """The ``days`` days up to ``last``."""
        return cls(last - timedelta(days=days - 1), last)


def last_full_day(now: datetime, timezone: str, delay: Duration | None = None) -> date:
    """The last day that was over, and ``delay`` ago at least, in the project's time zone.

    ``now`` without a zone is read as the project's local time.
    """
    zone = ZoneInfo(timezone)
    moment = now.replace(tzinfo=zone) if now.tzinfo is None else now
    settled = moment - timedelta(seconds=delay.seconds if delay else 0)
    # The last instant of a day belongs to it; a microsecond later it is over.
    return (settled + timedelta(seconds=1)).astimezone(zone).date() - timedelta(days=1)
