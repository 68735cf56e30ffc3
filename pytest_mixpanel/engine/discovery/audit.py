"""Where the data are not as the schemas say, in the service's five kinds of violations (semantics §9.2)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.store.columns import Column, NumberColumn
from pytest_mixpanel.engine.store.store import Store

DAYS = 30
LONGEST_TEXT_BYTES = 255
LONGEST_OBJECT_BYTES = 8_192
DEFAULTS = frozenset({"time", "distinct_id", "token"})
Schema = Mapping[str, Any]


def violations(
    store: Store, now: datetime, planned: Mapping[str, Schema], *, events_only: bool = False
) -> list[dict[str, Any]]:
    """The violations of the last 30 days: unexpected events, then each planned event's properties by name."""
    last = int(now.timestamp() * 1000)
    first = last - int(timedelta(days=DAYS).total_seconds() * 1000)
    recent = np.flatnonzero((store.time > first) & (store.time <= last))
    codes = store.event[recent]
    counts = np.bincount(codes, minlength=len(store.event_names))
    found = [
        {"violation": "Unexpected Event", "name": name, "count": int(count)}
        for name, count in zip(store.event_names, counts, strict=True)
        if count and name not in planned and not name.startswith("$")
    ]
    if events_only:
        return found
    for code, name in enumerate(store.event_names):
        if name in planned and counts[code]:
            at = recent[codes == code]
            found += [{**one, "event": name} for one in _of_event(store, at, planned[name])]
    return found


def _of_event(store: Store, at: NDArray[np.intp], schema: Schema) -> Iterator[dict[str, Any]]:
    described: Mapping[str, Any] = schema.get("properties") or {}
    required = schema.get("required") or ()
    for name in sorted({*store.columns, *required}):
        column = store.columns.get(name)
        values = _values(column, at) if column is not None else []
        present = sum(count for value, count in values if value is not None)
        if name in required and present < len(at):
            yield {"violation": "Missing Property", "name": name, "count": len(at) - present}
        if not values:
            continue
        if name not in described:
            if not _is_default(name):
                total = sum(count for _, count in values)
                yield {"violation": "Unexpected Property", "name": name, "count": total}
            continue
        yield from _of_values(name, described[name], values)


def _of_values(name: str, described: Any, values: list[tuple[Any, int]]) -> Iterator[dict[str, Any]]:
    declared = described.get("type") if isinstance(described, Mapping) else None
    allowed = {declared} if isinstance(declared, str) else set(declared or ())
    unlike: Counter[str] = Counter()
    too_long = 0
    for value, count in values:
        types = types_of(value)
        if allowed and not types & allowed and value is not None:
            unlike[min(types)] += count
        too_long += count if is_too_long(value) else 0
    if unlike:
        told = f"{' or '.join(sorted(allowed))} expected, {' and '.join(sorted(unlike))} found"
        yield {
            "violation": "Unexpected Type for Property",
            "name": name,
            "count": unlike.total(),
            "propertyTypeError": told,
        }
    if too_long:
        yield {"violation": "Property Length Too Long", "name": name, "count": too_long}


def types_of(value: Any) -> set[str]:
    """JSON Schema's words for a value: a whole number is an ``integer`` and a ``number``."""
    if value is None:
        return {"null"}
    if isinstance(value, bool):
        return {"boolean"}
    if isinstance(value, int | float):
        return {"integer", "number"} if float(value).is_integer() else {"number"}
    return {"string" if isinstance(value, str) else "array" if isinstance(value, list | tuple) else "object"}


def is_too_long(value: Any) -> bool:
    """Text over 255 bytes, or a list or object over 8 KB."""
    if isinstance(value, str):
        return len(value) > LONGEST_TEXT_BYTES // 4 and len(value.encode()) > LONGEST_TEXT_BYTES
    if isinstance(value, list | tuple | dict):
        return len(json.dumps(value, ensure_ascii=False).encode()) > LONGEST_OBJECT_BYTES
    return False


def _values(column: Column, at: NDArray[np.intp]) -> list[tuple[Any, int]]:
    """The distinct values of these events with their counts, absent ones left out."""
    if isinstance(column, NumberColumn):
        numbers = column.numbers[at]
        numbers = numbers[~np.isnan(numbers)]
        whole = int(np.count_nonzero(numbers == np.floor(numbers)))
        return [(value, count) for value, count in ((1, whole), (0.5, len(numbers) - whole)) if count]
    codes, counts = np.unique(column.codes[at], return_counts=True)
    return [(column.values[code], int(count)) for code, count in zip(codes, counts, strict=True) if code >= 0]


def _is_default(name: str) -> bool:
    return name.startswith(("$", "mp_")) or name in DEFAULTS
