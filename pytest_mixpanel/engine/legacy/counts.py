"""How many, by bucket and segment: segmentation, event counts, property counts, numeric buckets."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.legacy.span import Positions, Span
from pytest_mixpanel.engine.properties import numbers_of
from pytest_mixpanel.engine.segments.breakdowns import (
    NO_SEGMENT,
    Segments,
    segments_by_value,
)
from pytest_mixpanel.engine.segments.labels import UNDEFINED_SEGMENT
from pytest_mixpanel.engine.store.columns import Column
from pytest_mixpanel.engine.store.stored import stored

Counting = Literal["general", "unique", "average"]
COUNTINGS = ("general", "unique", "average")
"""Events, users, or events per user."""

MOST_NUMERIC_BUCKETS = 12
"""Of a numeric segmentation (semantics E-55)."""

Table = NDArray[Any]


def segmentation(
    span: Span, event: str, counting: Counting, on: str | None, where: str | None, limit: int
) -> dict[str, Any]:
    """An event over time, by the values of the expression ``on``, the largest segments first."""
    at = span.positions(event, where)
    if on is None:
        whole = _table(span, at, np.zeros(len(at), np.int64), 1, counting)
        return _answer(span, {event: whole[0]}, 1)
    at, codes, names = _itemised(at, segments_by_value(_column(span, on), len(span.store)))
    return _ranked(span, at, codes, names, counting, limit)


def event_counts(span: Span, events: Sequence[str], counting: Counting) -> dict[str, Any]:
    """Several events over time."""
    values = {}
    for event in events:
        at = span.positions(event, None)
        values[event] = _table(span, at, np.zeros(len(at), np.int64), 1, counting)[0]
    return _answer(span, values, len(values))


def property_counts(
    span: Span, event: str, name: str, counting: Counting, wanted: Sequence[str] | None, limit: int
) -> dict[str, Any]:
    """The set values of a property over time: the wanted ones, or the largest."""
    at = span.positions(event, None)
    at, codes, names = _itemised(at, segments_by_value(stored(span.store, name), len(span.store)))
    set_values = codes != names.index(UNDEFINED_SEGMENT)
    found = _ranked(span, at[set_values], codes[set_values], names, counting, len(names))
    values = found["data"]["values"]
    if wanted is None:
        kept = dict(list(values.items())[:limit])
    else:
        nothing = span.rows([0] * len(span.labels))
        kept = {value: values.get(value, nothing) for value in wanted}
    return {"data": {**found["data"], "values": kept}, "legend_size": found["legend_size"]}


def numeric_buckets(span: Span, event: str, on: str, counting: Counting, where: str | None) -> dict[str, Any]:
    """An event over time by even ranges of a number, each without its upper end (semantics E-52, E-55)."""
    at = span.positions(event, where)
    numbers = numbers_of(_column(span, on), len(span.store))[at]
    at, numbers = at[np.isfinite(numbers)], numbers[np.isfinite(numbers)]
    if not len(at):
        return _answer(span, {}, 0)
    step = bucket_size(float(numbers.min()), float(numbers.max()))
    place = np.floor(numbers / step).astype(np.int64)
    low = int(place.min())
    size = int(place.max()) - low + 1
    table = _table(span, at, place - low, size, counting)
    values = {
        f"{_written(number * step)} - {_written((number + 1) * step)}": table[number - low]
        for number in range(low, low + size)
        if (place == number).any()
    }
    return _answer(span, values, len(values))


def bucket_size(least: float, most: float) -> float:
    """The smallest of 1, 2, 5, 10, … that parts the numbers into at most twelve aligned ranges."""
    width = most - least or abs(most) or 1.0
    power = math.floor(math.log10(width / MOST_NUMERIC_BUCKETS))
    while True:
        for digit in (1, 2, 5):
            step = digit * 10.0**power
            if math.floor(most / step) - math.floor(least / step) < MOST_NUMERIC_BUCKETS:
                return step
        power += 1


def _written(number: float) -> str:
    """With thousands separators and no more digits than it has."""
    rounded = round(number, 9)
    return f"{int(rounded):,}" if rounded.is_integer() else f"{rounded:,}"


def _column(span: Span, on: str) -> Column:
    # As in ``Span.passing``.
    from pytest_mixpanel.engine.formulas import event_selector_column

    return event_selector_column(span.store, on, span.now)


def _itemised(at: Positions, segments: Segments) -> tuple[Positions, Positions, tuple[str, ...]]:
    """Events with their segment; one whose value is a list once for each item (semantics E-48)."""
    codes = segments.codes[at].astype(np.int64)
    listed = np.isin(codes, list(segments.items))
    kept = ~listed & (codes != NO_SEGMENT)
    pairs = [
        (position, item)
        for position in np.flatnonzero(listed)
        for item in segments.items[int(codes[position])]
    ]
    more = np.array(pairs, np.int64).reshape(-1, 2)
    return np.r_[at[kept], at[more[:, 0]]], np.r_[codes[kept], more[:, 1]], segments.names


def _ranked(
    span: Span, at: Positions, codes: Positions, names: tuple[str, ...], counting: Counting, limit: int
) -> dict[str, Any]:
    sizes = np.bincount(codes, minlength=len(names))
    found = sorted(np.flatnonzero(sizes).tolist(), key=lambda code: (-sizes[code], names[code]))
    table = _table(span, at, codes, len(names), counting)
    return _answer(span, {names[code]: table[code] for code in found[:limit]}, len(found))


def _table(span: Span, at: Positions, codes: Positions, size: int, counting: Counting) -> Table:
    """Segment × bucket: events, users, or events per user (0 where there are none)."""
    width = len(span.labels)
    cells = codes * width + span.index[at]
    events = np.bincount(cells, minlength=size * width).reshape(size, width)
    if counting == "general":
        return events
    owner = span.owner[at]
    pairs = np.unique(cells[owner >= 0] * span.store.n_users + owner[owner >= 0]) // max(
        span.store.n_users, 1
    )
    users = np.bincount(pairs, minlength=size * width).reshape(size, width)
    return users if counting == "unique" else events / np.maximum(users, 1)


def _answer(span: Span, values: Mapping[str, Table], legend: int) -> dict[str, Any]:
    listed = {name: span.rows(row.tolist()) for name, row in values.items()}
    return {"data": {"series": span.labels, "values": listed}, "legend_size": legend}
