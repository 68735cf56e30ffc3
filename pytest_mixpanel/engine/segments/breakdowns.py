"""Breakdowns → segment codes per event, with the segments' names (semantics E-47, E-52)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.kernels.cells import find_segments
from pytest_mixpanel.engine.properties import at_events, event_column
from pytest_mixpanel.engine.segments.casts import cast_column
from pytest_mixpanel.engine.segments.labels import UNDEFINED_SEGMENT, Shape, bucket_of, label
from pytest_mixpanel.engine.selection.cohorts import members
from pytest_mixpanel.engine.selection.frequencies import times_after, times_done
from pytest_mixpanel.engine.store.columns import CodedColumn, Column, NumberColumn, picked
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.segments import (
    Breakdown,
    CohortBreakdown,
    CohortsBreakdown,
    FrequencyBreakdown,
    Grouping,
)

NO_SEGMENT = -1


@frozen
class Segments:
    """``codes``: one per event, an index into ``names`` or ``NO_SEGMENT``.

    ``items``: of codes that stand for a list, the codes of its items, each a segment of its own.
    """

    codes: NDArray[np.int32]
    names: tuple[str, ...]
    items: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def by_name(self, codes: Iterable[int]) -> dict[str, list[int]]:
        """Which codes make up each segment; a list is in the segment of every item (semantics E-48)."""
        groups: dict[str, list[int]] = {}
        for code in codes:
            for item in self.items.get(code, (code,)) if code != NO_SEGMENT else ():
                groups.setdefault(self.names[item], []).append(code)
        return groups


def merged_segments(parts: Sequence[Segments]) -> Segments:
    """The segments of several parts of a store, one after the other; segments of one name are one."""
    if all(part.names == parts[0].names and part.items == parts[0].items for part in parts):
        return replace(parts[0], codes=np.concatenate([part.codes for part in parts]))
    place: dict[Any, int] = {}
    items: dict[int, tuple[int, ...]] = {}
    codes = []
    for part in parts:
        single = [place.setdefault(name, len(place)) for name in part.names]
        table = np.array([*single, NO_SEGMENT], np.int32)
        for code, group in part.items.items():
            told = tuple(single[item] for item in group)
            table[code] = place.setdefault((part.names[code], told), len(place))
            items[int(table[code])] = told
        codes.append(table[part.codes])
    names = tuple(key if isinstance(key, str) else key[0] for key in place)
    return Segments(np.concatenate(codes), names, items)


def combined_segments(
    store: Store, breakdowns: Sequence[Grouping], now: datetime, at: NDArray[np.int64] | None = None
) -> Segments:
    """Several levels as one: a segment for every combination, joined with `` / `` (semantics E-49, E-51)."""
    return crossed([segments_of(store, breakdown, now, at) for breakdown in breakdowns])


def with_undefined(segments: Segments) -> tuple[Segments, int]:
    """The same segments, one of them for what is undefined, and its code."""
    if UNDEFINED_SEGMENT in segments.names:
        return segments, segments.names.index(UNDEFINED_SEGMENT)
    return replace(segments, names=(*segments.names, UNDEFINED_SEGMENT)), len(segments.names)


def crossed(levels: Sequence[Segments]) -> Segments:
    """The combinations of levels that occur."""
    return reduce(_crossed, levels)


def _crossed(one: Segments, other: Segments) -> Segments:
    width = len(other.names)
    both = (one.codes != NO_SEGMENT) & (other.codes != NO_SEGMENT)
    pairs = np.where(both, one.codes.astype(np.int64) * width + other.codes, NO_SEGMENT)
    seen = [pair for pair in np.unique(pairs).tolist() if pair != NO_SEGMENT]
    names: dict[str, int] = {}
    groups: list[tuple[int, ...]] = []
    for pair in seen:
        left, right = divmod(pair, width)
        items = [
            f"{one.names[i]} / {other.names[j]}"
            for i in one.items.get(left, (left,))
            for j in other.items.get(right, (right,))
        ]
        groups.append(tuple(names.setdefault(item, len(names)) for item in items))
    # A pair of single values is its own segment; of lists, one that stands for all its items.
    table: list[int] = []
    labels, lists = list(names), {}
    for group in groups:
        table.append(group[0] if len(group) == 1 else len(labels))
        if len(group) > 1:
            lists[len(labels)] = group
            labels.append(labels[group[0]])
    codes = np.full(len(pairs), NO_SEGMENT, np.int32)
    codes[both] = np.array(table, np.int32)[np.searchsorted(seen, pairs[both])]
    return Segments(codes, tuple(labels), lists)


def segments_of(
    store: Store, breakdown: Grouping, now: datetime, at: NDArray[np.int64] | None = None
) -> Segments:
    """The segment of every event, or of those ``at`` some ascending places.

    Absent and null values share the segment ``undefined``.
    """
    if isinstance(breakdown, CohortBreakdown):
        return _of_cohort(store, breakdown, now, at)
    if isinstance(breakdown, CohortsBreakdown):
        return _of_cohorts(store, breakdown, now, at)
    if isinstance(breakdown, FrequencyBreakdown):
        segments = _of_frequency(store, breakdown, now)
        return segments if at is None else replace(segments, codes=segments.codes[at])
    if breakdown.resource == "people" and breakdown.custom is None:
        column = cast_column(store.profiles.get(breakdown.property), breakdown.cast)
        users = _coded(column, breakdown.buckets, store.n_users)
        undefined = users.names.index(UNDEFINED_SEGMENT)
        owner = store.user_of_event() if at is None else store.owners(at)
        return Segments(np.append(users.codes, np.int32(undefined))[owner], users.names, users.items)
    if at is not None and breakdown.custom is None and breakdown.item is None and breakdown.cast is None:
        column = event_column(store, breakdown.property, breakdown.resource, None, now)
        if isinstance(column, CodedColumn):
            return _of_stored(store, column, breakdown.buckets, at)
        return _coded(picked(column, at), breakdown.buckets, len(at))
    rows = len(store) if at is None else len(at)
    return _coded(values_of(store, breakdown, now, at), breakdown.buckets, rows)


def _of_stored(store: Store, column: CodedColumn, shape: Shape | None, at: NDArray[np.int64]) -> Segments:
    """The segments of a column whose values are the same in every part: they are named once."""
    key = ("segments", repr(shape))
    named = store.once(key, column.values, lambda: _named_values(column.values, shape))
    codes = np.empty(len(at), np.int32)
    find_segments(np.ascontiguousarray(column.codes), at, named.codes, codes)
    return replace(named, codes=codes)


def values_of(
    store: Store, breakdown: Breakdown, now: datetime, at: NDArray[np.int64] | None = None
) -> Column | None:
    """What every event, or those ``at`` some places, are in a segment for, of the type it is cast to."""
    column = event_column(store, breakdown.property, breakdown.resource, breakdown.custom, now)
    if breakdown.item is not None:
        column = _keyed(column, breakdown.item)
    return cast_column(column if at is None else picked(column, at), breakdown.cast)


def segments_by_value(column: Column | None, rows: int) -> Segments:
    """Each row by its value as text; absent and null values share the segment ``undefined``."""
    return _coded(column, None, rows)


def _of_cohort(
    store: Store, breakdown: CohortBreakdown, now: datetime, at: NDArray[np.int64] | None
) -> Segments:
    inside = at_events(store, members(store, breakdown.cohort, now), nobody=False, at=at)
    if breakdown.others is None:
        return Segments(np.where(inside, 0, NO_SEGMENT).astype(np.int32), (breakdown.name,))
    return Segments(np.where(inside, 0, 1).astype(np.int32), (breakdown.name, breakdown.others))


def _of_cohorts(
    store: Store, breakdown: CohortsBreakdown, now: datetime, at: NDArray[np.int64] | None
) -> Segments:
    """Each cohort's segments by themselves: a code for every set of segments that some event is in."""
    within = [
        at_events(store, members(store, member.cohort, now), nobody=False, at=at) != member.negated
        for _, member in breakdown.segments
    ]
    sets, codes = np.unique(np.stack(within, axis=1), axis=0, return_inverse=True)
    names = tuple(dict.fromkeys(name for name, _ in breakdown.segments))
    items: dict[int, tuple[int, ...]] = {}
    table = np.full(len(sets), NO_SEGMENT, np.int32)
    for row, chosen in enumerate(sets):
        told = tuple(
            dict.fromkeys(
                names.index(name) for (name, _), into in zip(breakdown.segments, chosen, strict=True) if into
            )
        )
        if told:
            table[row] = told[0] if len(told) == 1 else len(names) + len(items)
        if len(told) > 1:
            items[len(names) + len(items)] = told
    lists = tuple(f"[{', '.join(names[item] for item in told)}]" for told in items.values())
    return Segments(table[codes.reshape(-1)], (*names, *lists), items)


def _of_frequency(store: Store, breakdown: FrequencyBreakdown, now: datetime) -> Segments:
    """Each event by how often its user did it, in the whole range or in the event's bucket (I-31)."""
    if breakdown.after is not None:
        return by_times(times_after(store, breakdown.selection, breakdown.after, now), breakdown)
    return by_times(times_done(store, breakdown.selection, breakdown.range, breakdown.whole, now), breakdown)


def by_times(counts: NDArray[np.int64], breakdown: FrequencyBreakdown) -> Segments:
    """The segment of each of so many times."""
    distinct, codes = np.unique(counts, return_inverse=True)
    return _named(
        [bucket_of(count, breakdown.buckets) for count in distinct.tolist()], codes.astype(np.int64)
    )


def _keyed(column: Column | None, key: str) -> Column | None:
    """The objects of lists, by what they hold under a key."""
    if not isinstance(column, CodedColumn):
        return None
    lists = (value if isinstance(value, list) else [value] for value in column.values)
    values = [[item.get(key) for item in items if isinstance(item, dict)] for items in lists]
    return CodedColumn(column.codes, values)


def _coded(column: Column | None, shape: Shape | None, rows: int) -> Segments:
    if column is None:
        return Segments(np.zeros(rows, np.int32), (UNDEFINED_SEGMENT,))
    if isinstance(column, NumberColumn):
        distinct, inverse = np.unique(column.numbers, return_inverse=True)
        values: list[Any] = [None if value != value else value for value in distinct.tolist()]
        labels = [label(value, shape) for value in values]
        return _named(labels, inverse.astype(np.int64))
    named = _named_values(column.values, shape)
    return replace(named, codes=named.codes[column.codes])


def _named_values(values: Sequence[Any], shape: Shape | None) -> Segments:
    """The segment of every value, and at last that of what is absent."""
    labels = [label(value, shape) for value in values]
    lists = {
        name: [label(item, shape) for item in value]
        for name, value in zip(labels, values, strict=True)
        if isinstance(value, list) and value
    }
    named = _named([*labels, UNDEFINED_SEGMENT], np.arange(len(labels) + 1), lists)
    place = {name: index for index, name in enumerate(named.names)}
    items = {place[name]: tuple(dict.fromkeys(place[item] for item in lists[name])) for name in lists}
    return replace(named, items=items)


def _named(
    labels: list[str], codes: NDArray[np.int64], lists: Mapping[str, list[str]] | None = None
) -> Segments:
    """Values with one label are one segment; ``undefined`` and items of lists are always among the names."""
    items = [name for listed in (lists or {}).values() for name in listed]
    names = tuple(dict.fromkeys([*labels, *items, UNDEFINED_SEGMENT]))
    place = {name: index for index, name in enumerate(names)}
    table = np.array([place[label] for label in labels], np.int32)
    return Segments(table[codes], names)
