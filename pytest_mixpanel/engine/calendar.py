"""Local time: on which day, in which bucket of a range, an instant falls in the project's time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.times import Range, Unit

Milliseconds = NDArray[np.int64]


def midnight(day: date, time_zone: str) -> int:
    """The instant a local day begins, in milliseconds UTC."""
    return round(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone)).timestamp() * 1000)


@frozen
class Calendar:
    """A project's calendar: its zone, the day its weeks start on (0: Monday), its first quarter's month."""

    time_zone: str
    week_start: int = 0
    quarter_start: int = 1

    @classmethod
    def of(cls, store: Store) -> Calendar:
        return cls(store.time_zone, store.settings.week_start, store.settings.quarter_start)

    def start(self, day: date, unit: Unit) -> date:
        """The first day of the bucket a day lies in (semantics E-20)."""
        if unit == "week":
            return day - timedelta(days=(day.weekday() - self.week_start) % 7)
        if unit == "month":
            return day.replace(day=1)
        if unit == "quarter":
            months = (day.month - self.quarter_start) % 3
            return _months_on(day.replace(day=1), -months)
        return day

    def units(self, days: NDArray[np.int64], unit: str) -> NDArray[np.int64]:
        """Days since 1970 → number of the calendar day, week or month."""
        if unit == "week":
            weeks: NDArray[np.int64] = (days + 3 - self.week_start) // 7
            return weeks
        if unit == "month":
            return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        return days


def next_bucket(day: date, unit: Unit) -> date:
    """The first day of the bucket after that of ``day``, itself a first day."""
    if unit in ("month", "quarter"):
        return _months_on(day, 3 if unit == "quarter" else 1)
    return day + timedelta(days=7 if unit == "week" else 1)


def _months_on(first_day: date, count: int) -> date:
    months = first_day.year * 12 + first_day.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


class Buckets:
    """The buckets of a range: ``edges`` in milliseconds (one more than buckets) and their labels.

    First and last bucket are cut at the range but keep the label of their start (semantics E-21).
    """

    def __init__(self, first: date, last: date, unit: Unit, calendar: Calendar) -> None:
        self.first, self.last, self.unit, self.calendar = first, last, unit, calendar
        self.time_zone = time_zone = calendar.time_zone
        self.start = midnight(first, time_zone)
        self.end = midnight(last + timedelta(days=1), time_zone)
        hourly = unit == "hour"
        starts = _hours(self.start, self.end, time_zone) if hourly else _days(first, last, unit, calendar)
        self.labels = tuple(_label(start, time_zone) for start in starts)
        self.edges = np.array([*starts, self.end], np.int64)
        self.edges[0] = self.start

    @classmethod
    def of(cls, span: Range, today: date, store: Store) -> Buckets:
        first, last = days_of(span, today, store)
        return cls(first, last, span.unit, Calendar.of(store))

    def __len__(self) -> int:
        return len(self.labels)

    def index(self, time: Milliseconds) -> NDArray[np.int32]:
        """The bucket of every instant, −1 outside the range."""
        return stretches(self.edges, time).astype(np.int32)

    def date_range(self) -> dict[str, str]:
        """First and last moment, as an answer tells them."""
        end = datetime.fromtimestamp((self.end - 1) / 1000, ZoneInfo(self.time_zone))
        return {
            "from_date": _label(self.start, self.time_zone),
            "to_date": end.isoformat(timespec="microseconds"),
        }


def days_of(span: Range, today: date, store: Store) -> tuple[date, date]:
    """First and last day of a range, by the calendar of the project."""
    return span.days(today, store.settings.week_start, store.settings.quarter_start)


def stretches(edges: Milliseconds, time: Milliseconds) -> NDArray[np.int64]:
    """Between which two edges every instant lies, the earlier one included; −1 outside all of them."""
    widths = np.diff(edges)
    if (widths == widths[0]).all():
        found = (time - edges[0]) // widths[0]
        # As unsigned numbers what lies before the first edge lies behind the last one, too.
        found[found.view(np.uint64) >= np.uint64(len(widths))] = -1
        return np.asarray(found)
    found = np.searchsorted(edges, time, side="right") - 1
    found[found == len(widths)] = -1
    return found


def _days(first: date, last: date, unit: Unit, calendar: Calendar) -> list[int]:
    starts, day = [], calendar.start(first, unit)
    while day <= last:
        starts.append(midnight(day, calendar.time_zone))
        day = next_bucket(day, unit)
    return starts


HOUR, HALF_HOUR = 3_600_000, 1_800_000


def _hours(start: int, end: int, time_zone: str) -> list[int]:
    """The beginnings of hours; where clocks move by half an hour, what is left of one is a bucket as well."""
    zone = ZoneInfo(time_zone)

    def minutes(instant: int) -> int:
        return datetime.fromtimestamp(instant / 1000, zone).minute

    hours = list(range(start, end, HOUR))
    if not any(map(minutes, (*hours[::12], hours[-1]))):
        return hours
    halves = range(start, end, HALF_HOUR)
    offsets = [datetime.fromtimestamp(half / 1000, zone).utcoffset() for half in halves]
    return [half for at, half in enumerate(halves) if not minutes(half) or offsets[at] != offsets[at - 1]]


def _label(instant: int, time_zone: str) -> str:
    return datetime.fromtimestamp(instant / 1000, ZoneInfo(time_zone)).isoformat()


def local_days(time: Milliseconds, time_zone: str) -> NDArray[np.int64]:
    """The local calendar day of every instant, as days since 1970-01-01."""
    if not len(time):
        return np.empty(0, np.int64)
    edges, numbers = day_edges(int(time.min()), int(time.max()), time_zone)
    days: NDArray[np.int64] = numbers[np.searchsorted(edges, time, side="right") - 1]
    return days


def day_edges(
    first: int, last: int, time_zone: str, margin: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The beginnings of local days around two instants, ascending, and the days as numbers since 1970.

    The years of both are there whole, with so many more on either side.
    """
    zone = ZoneInfo(time_zone)
    begin, end = (
        datetime.fromtimestamp(first / 1000, zone).year,
        datetime.fromtimestamp(last / 1000, zone).year,
    )
    return _midnights(begin - margin, end + margin, time_zone)


@cache
def _midnights(first: int, last: int, time_zone: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """By whole years, so that neighbouring questions share them."""
    begin, end = date(first, 1, 1), date(last, 12, 31)
    days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    edges = np.array([midnight(day, time_zone) for day in days], np.int64)
    epoch = date(1970, 1, 1).toordinal()
    return edges, np.array([day.toordinal() - epoch for day in days], np.int64)


def local_moment(now: datetime, time_zone: str) -> datetime:
    """The clock in the project's time zone."""
    return now.astimezone(ZoneInfo(time_zone))


def parse_moment(value: Any, time_zone: str) -> float:
    """A date property's value as milliseconds UTC, NaN for what is no date (semantics E-36)."""
    if not isinstance(value, str) or len(value) < 10:
        return float("nan")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return float("nan")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo("UTC"))
    return moment.timestamp() * 1000
