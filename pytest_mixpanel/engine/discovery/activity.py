"""How often an event comes: since when, how often lately, and days on which it was unexpected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.calendar import local_moment, midnight
from pytest_mixpanel.engine.store.columns import CodedColumn
from pytest_mixpanel.engine.store.store import Store

DAYS = 30
"""What "lately" is (semantics G-2)."""

WEEKS = 8
FEWEST_WEEKS = 4
MADS = 3.0
LEAST_VARIANCE = 0.5
LEAST_VOLUME = 100
"""The rule of unexpected volumes (semantics G-9): the same weekday of eight weeks, three median absolute
deviations, and at least 50 % outside; of events with 100 records on half of the days or more."""

LIBRARY = "mp_lib"


def activity_of(store: Store, name: str, now: datetime) -> dict[str, Any]:
    """When an event first and last came, how often in the last 30 days, and from which libraries."""
    code = store.event_code(name)
    at = (
        np.flatnonzero((store.event == code) & (store.time <= _ms(now)))
        if code is not None
        else np.array([], int)
    )
    recent = at[store.time[at] > _ms(now - timedelta(days=DAYS))]
    return {
        "first_seen": _moment(store.time[at].min()) if len(at) else None,
        "last_seen": _moment(store.time[at].max()) if len(at) else None,
        "volume_30d": len(recent),
        "sources": _sources(store, recent),
    }


def volume_anomalies(store: Store, now: datetime) -> list[dict[str, Any]]:
    """The days of the last 30 on which an event was unexpectedly frequent or rare, oldest first."""
    today = local_moment(now, store.time_zone).date()
    days = [today - timedelta(days=back) for back in range(DAYS + 7 * WEEKS, 0, -1)]
    counts = _daily(store, [*days, today])
    found = [
        one
        for code in range(len(store.event_names))
        if np.count_nonzero(counts[code, -DAYS:] >= LEAST_VOLUME) * 2 >= DAYS
        for one in _unexpected(store.event_names[code], counts[code], days)
    ]
    return sorted(found, key=lambda one: (one["timestamp"], one["eventName"]))


def _unexpected(name: str, counts: NDArray[np.int64], days: list[date]) -> Iterator[dict[str, Any]]:
    for at in range(len(days) - DAYS, len(days)):
        before = [counts[at - 7 * week] for week in range(1, WEEKS + 1)]
        seen = np.array([count for count in before if count > 0], float)
        if len(seen) < FEWEST_WEEKS:
            continue
        middle = float(np.median(seen))
        spread = MADS * float(np.median(np.abs(seen - middle)))
        lower, upper, actual = middle - spread, middle + spread, int(counts[at])
        outside = max(lower - actual, actual - upper)
        if outside > 0 and outside >= LEAST_VARIANCE * (lower if actual < lower else upper):
            yield {
                "eventName": name,
                "timestamp": days[at].isoformat(),
                "actualCount": actual,
                "predictedLower": max(round(lower), 0),
                "predictedUpper": round(upper),
                "percentVariance": f"{100 * (actual - middle) / middle:.1f}",
            }


def _daily(store: Store, days: list[date]) -> NDArray[np.int64]:
    """Counts by event and day; the last of ``days`` only ends the one before."""
    edges = np.array([midnight(day, store.time_zone) for day in days], np.int64)
    day = np.searchsorted(edges, store.time, side="right") - 1
    inside = (day >= 0) & (day < len(days) - 1)
    size = len(days) - 1
    flat = store.event[inside].astype(np.int64) * size + day[inside]
    return np.bincount(flat, minlength=len(store.event_names) * size).reshape(-1, size)


def _sources(store: Store, at: NDArray[np.intp]) -> list[dict[str, Any]]:
    column = store.columns.get(LIBRARY)
    if not isinstance(column, CodedColumn):
        return []
    codes, counts = np.unique(column.codes[at], return_counts=True)
    known = [(int(n), str(column.values[c])) for c, n in zip(codes, counts, strict=True) if c >= 0]
    return [
        {"lib": library, "count": count}
        for count, library in sorted(known, key=lambda one: (-one[0], one[1]))
    ]


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _moment(milliseconds: Any) -> str:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
