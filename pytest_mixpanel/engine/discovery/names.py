"""What a project knows: its events, their properties, the values of a property, today's activity."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from pytest_mixpanel.engine.calendar import local_moment, midnight
from pytest_mixpanel.engine.segments.labels import text_of
from pytest_mixpanel.engine.store.columns import NumberColumn
from pytest_mixpanel.engine.store.store import INSERT_ID, Store

HIDDEN_PROPERTIES = frozenset({INSERT_ID})


def event_names(store: Store, limit: int | None = None) -> list[str]:
    """The names of all events, most frequent first."""
    counts = np.bincount(store.event, minlength=len(store.event_names))
    ranked = sorted(range(len(counts)), key=lambda code: (-counts[code], store.event_names[code]))
    return [store.event_names[code] for code in ranked if counts[code]][:limit]


def property_counts(store: Store, event: str) -> dict[str, dict[str, int]] | None:
    """Property → how many of the event's records carry it; ``None`` for an unknown event."""
    code = store.event_code(event)
    if code is None:
        return None
    at = np.flatnonzero(store.event == code)
    counted = {}
    for name, column in store.columns.items():
        if name in HIDDEN_PROPERTIES:
            continue
        present = ~np.isnan(column.numbers[at]) if isinstance(column, NumberColumn) else column.codes[at] >= 0
        if count := int(present.sum()):
            counted[name] = {"count": count}
    return dict(sorted(counted.items(), key=lambda item: (-item[1]["count"], item[0])))


def property_values(store: Store, name: str, event: str | None, limit: int) -> list[str]:
    """The most frequent values of a property as text, of one event or of all."""
    column = store.columns.get(name)
    if column is None:
        return []
    code = store.event_code(event) if event is not None else None
    if event is not None and code is None:
        return []
    at = np.flatnonzero(store.event == code) if code is not None else np.arange(len(store))
    values: list[Any]
    if isinstance(column, NumberColumn):
        distinct, counts = np.unique(column.numbers[at], return_counts=True)
        values = distinct.tolist()
    else:
        codes, counts = np.unique(column.codes[at], return_counts=True)
        values = [column.values[c] if c >= 0 else None for c in codes]
    known = [
        (-int(count), _written(value))
        for value, count in zip(values, counts, strict=True)
        if value is not None and value == value
    ]
    return [value for _, value in sorted(known)[:limit]]


def _written(value: Any) -> str:
    """A value as text: lists and objects as JSON."""
    return json.dumps(value) if isinstance(value, list | dict) else text_of(value)


def top_events(store: Store, now: datetime, kind: str, limit: int) -> list[dict[str, Any]]:
    """Today's events by amount, with the change against the same hours of yesterday as a fraction."""
    today = local_moment(now, store.time_zone).date()
    start = midnight(today, store.time_zone)
    passed = int(now.timestamp() * 1000) - start
    before = midnight(today - timedelta(days=1), store.time_zone)
    current = _amounts(store, start, start + passed, kind)
    previous = _amounts(store, before, before + passed, kind)
    ranked = sorted(range(len(current)), key=lambda code: (-current[code], store.event_names[code]))
    return [
        {
            "event": store.event_names[code],
            "amount": int(current[code]),
            "percent_change": _change(float(current[code]), float(previous[code])),
        }
        for code in ranked
        if current[code] or previous[code]
    ][:limit]


def _amounts(store: Store, start: int, end: int, kind: str) -> np.ndarray[Any, Any]:
    at = np.flatnonzero((store.time >= start) & (store.time <= end))
    size = len(store.event_names)
    totals = np.bincount(store.event[at], minlength=size)
    if kind == "general":
        return totals
    owner = store.user_of_event()[at]
    pairs = np.unique(np.stack([store.event[at][owner >= 0], owner[owner >= 0]]), axis=1)
    unique = np.bincount(pairs[0], minlength=size)
    return unique if kind == "unique" else totals // np.maximum(unique, 1)


def _change(current: float, previous: float) -> float:
    return (current - previous) / previous if previous else 0.0


def span(store: Store) -> tuple[str, str] | None:
    """The first and last local day with an event; ``None`` for a project without events."""
    if not len(store):
        return None
    zone = store.time_zone
    days = [
        local_moment(datetime.fromtimestamp(int(edge) / 1000).astimezone(), zone).date().isoformat()
        for edge in (store.time.min(), store.time.max())
    ]
    return days[0], days[1]
