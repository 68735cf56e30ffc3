"""The older calls, counted event by event, obviously and slowly: an oracle for the engine's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Event = Mapping[str, Any]
DAY = 86_400_000


def local(event: Event, zone: str) -> datetime:
    return datetime.fromtimestamp(event["time"] / 1000, UTC).astimezone(ZoneInfo(zone))


def label(moment: datetime, unit: str) -> str:
    """The first day, or hour, of the bucket of a local moment."""
    if unit == "hour":
        return moment.strftime("%Y-%m-%d %H:00:00")
    day = moment.date()
    if unit == "week":
        day -= timedelta(days=day.weekday())
    return (day.replace(day=1) if unit == "month" else day).isoformat()


def labels(first: date, last: date, unit: str) -> list[str]:
    """The buckets of whole days, in their order."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return list(dict.fromkeys(label(datetime(day.year, day.month, day.day), unit) for day in days))


def within(events: Iterable[Event], first: date, last: date, zone: str) -> list[Event]:
    return [event for event in events if first <= local(event, zone).date() <= last]


def counts(
    events: Sequence[Event], buckets: Sequence[str], unit: str, zone: str, counting: str
) -> dict[str, float]:
    """Records, users, or records per user of each bucket."""
    found: dict[str, float] = {}
    for bucket in buckets:
        here = [event for event in events if label(local(event, zone), unit) == bucket]
        users = {event["user"] for event in here if event["user"]}
        named = {"general": len(here), "unique": len(users), "average": len(here) / max(len(users), 1)}
        found[bucket] = named[counting]
    return found


def retention(
    events: Sequence[Event],
    born: str,
    back: str,
    first: date,
    last: date,
    unit: str,
    zone: str,
    columns: int,
    first_time: bool,
) -> dict[str, dict[str, Any]]:
    """Users by the bucket of their birth, and in which interval since they came back."""
    width = {"day": DAY, "week": 7 * DAY, "month": 30 * DAY}[unit]
    table = {bucket: {"first": 0, "counts": [0] * columns} for bucket in labels(first, last, unit)}
    for user in sorted({event["user"] for event in events if event["user"]}):
        own = sorted((event for event in events if event["user"] == user), key=lambda event: event["time"])
        births = [event for event in own if event["event"] == born]
        if first_time and births:
            births = [event for event in births if event["time"] == births[0]["time"]]
        rows: dict[str, Event] = {}
        for birth in within(births, first, last, zone):
            rows.setdefault(label(local(birth, zone), unit), birth)
        for row, birth in rows.items():
            table[row]["first"] += 1
            passed = {
                (event["time"] - birth["time"]) // width
                for event in own
                if event["event"] == back and is_return(event, birth)
            }
            for interval in passed:
                if interval < columns:
                    table[row]["counts"][interval] += 1
    return table


def is_return(event: Event, birth: Event) -> bool:
    """After the birth, or at its time as another event (semantics R-9)."""
    return event["time"] > birth["time"] or (
        event["time"] == birth["time"] and event["event"] != birth["event"]
    )


def frequency(
    events: Sequence[Event], first: date, last: date, unit: str, inner: str, zone: str, most: int
) -> dict[str, list[int]]:
    """Users active in at least 1, 2, 3 … hours or days of each bucket."""
    part: Callable[[datetime], str] = lambda moment: label(moment, inner)  # noqa: E731  # one line says it
    table = {}
    for bucket in labels(first, last, unit):
        active: dict[str, set[str]] = {}
        for event in within(events, first, last, zone):
            moment = local(event, zone)
            if event["user"] and label(moment, unit) == bucket:
                active.setdefault(event["user"], set()).add(part(moment))
        table[bucket] = [sum(len(parts) > at for parts in active.values()) for at in range(most)]
    return table
