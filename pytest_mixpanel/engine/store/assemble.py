"""Events in any order → a store: sorted by user and time, without repeated deliveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.settings import DEFAULTS, Settings
from pytest_mixpanel.engine.store.columns import UNDEFINED, CodedColumn, Column, NumberColumn
from pytest_mixpanel.engine.store.store import INSERT_ID, Store

Integers = NDArray[np.integer[Any]]
DAY_MS = 86_400_000


def assemble(
    *,
    event: Integers,
    event_names: Sequence[str],
    time: NDArray[np.int64],
    user: Integers,
    users: Sequence[str],
    columns: Mapping[str, Column],
    profiles: Sequence[Mapping[str, Any]] = (),
    lexicon: Sequence[Mapping[str, Any]] = (),
    time_zone: str = "UTC",
    settings: Settings = DEFAULTS,
    groups: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
) -> tuple[Store, int]:
    """The store and the number of repeated deliveries that were left out.

    ``event`` and ``user`` are codes into ``event_names`` and ``users``; the user named ``""`` is nobody.
    ``profiles`` are flat dictionaries with a ``$distinct_id``; later ones replace earlier ones.
    """
    known = {name: index for index, name in enumerate(users)}
    by_user = {str(profile["$distinct_id"]): profile for profile in profiles}
    everyone = [*users, *(name for name in by_user if name not in known)]
    named = [index for index, name in enumerate(everyone) if name]
    place = np.full(len(everyone), len(named), np.int64)
    place[named] = np.arange(len(named))
    owner = place[np.asarray(user, np.int64)] if len(user) else np.empty(0, np.int64)
    order = np.lexsort((time, owner))
    moment = time // DAY_MS if settings.dedupe_by_day else time
    order, repeated = _without_repeats(order, owner, moment, event, columns.get(INSERT_ID))
    event_names, event = _merged(event_names, event, settings.merged_events)
    counts = np.bincount(owner[order], minlength=len(named) + 1)[: len(named)]
    names = tuple(everyone[index] for index in named)
    store = Store(
        event_names=tuple(event_names),
        users=names,
        offsets=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        time=np.ascontiguousarray(time[order]),
        event=np.ascontiguousarray(np.asarray(event)[order].astype(code_type(len(event_names)))),
        columns={name: take(column, order) for name, column in columns.items()},
        profiles=profile_columns([by_user.get(name) for name in names]),
        lexicon=tuple(lexicon),
        time_zone=time_zone,
        settings=settings,
        groups=groups or {},
    )
    return store, repeated


def _merged(
    names: Sequence[str], event: Integers, merged: Mapping[str, str]
) -> tuple[Sequence[str], Integers]:
    """Events under the names they were merged into; after de-duplication, which is of raw names (G-1)."""
    if not merged:
        return names, event
    place: dict[str, int] = {}
    table = np.array([place.setdefault(merged.get(name, name), len(place)) for name in names], np.int64)
    return list(place), table[event] if len(names) else event


def code_type(size: int) -> type[np.unsignedinteger[Any]]:
    """The narrowest type for codes below ``size``."""
    return np.uint8 if size <= 256 else np.uint16 if size <= 65_536 else np.uint32


def signed_code_type(size: int) -> type[np.signedinteger[Any]]:
    """The narrowest type for codes below ``size`` and ``UNDEFINED``."""
    return np.int8 if size <= 128 else np.int16 if size <= 32_768 else np.int32


def take(column: Column, order: NDArray[np.int64]) -> Column:
    """A column in another order."""
    if isinstance(column, NumberColumn):
        return NumberColumn(column.numbers[order])
    codes = column.codes[order].astype(signed_code_type(len(column.values)))
    return CodedColumn(codes, column.values)


def _without_repeats(
    order: NDArray[np.int64],
    owner: NDArray[np.int64],
    time: NDArray[np.int64],
    event: Integers,
    insert_id: Column | None,
) -> tuple[NDArray[np.int64], int]:
    """Of events with equal user, time, name and insert id the last delivery stays (semantics E-23 to E-26).

    ``time`` may be cut to the UTC day, as a later compaction does.
    """
    if not isinstance(insert_id, CodedColumn) or not len(order):
        return order, 0
    ids = np.asarray(insert_id.codes, np.int64)
    keys = np.lexsort((np.arange(len(ids)), ids, np.asarray(event), time, owner))
    same = np.ones(len(keys) - 1, bool)
    for values in (owner, time, np.asarray(event), ids):
        ranked = values[keys]
        same &= ranked[1:] == ranked[:-1]
    same &= ids[keys][1:] != UNDEFINED
    dropped = np.zeros(len(keys), bool)
    dropped[keys[:-1][same]] = True
    return order[~dropped[order]], int(dropped.sum())


def profile_columns(profiles: Sequence[Mapping[str, Any] | None]) -> dict[str, Column]:
    """Flat profiles, one per user, in columns."""
    builders: dict[str, ColumnBuilder] = {}
    for row, profile in enumerate(profiles):
        for name, value in (profile or {}).items():
            if name != "$distinct_id":
                builders.setdefault(name, ColumnBuilder()).add(row, value)
    return {name: builder.finish(len(profiles)) for name, builder in builders.items()}


class ColumnBuilder:
    """Collects the values of one property, row by row, each distinct value once."""

    def __init__(self) -> None:
        self._rows: list[int] = []
        self._codes: list[int] = []
        self._code_of: dict[Any, int] = {}
        self._values: list[Any] = []

    def add(self, row: int, value: Any) -> None:
        """Set the value of a row; rows come in ascending order."""
        key = value if type(value) is str else _key(value)
        code = self._code_of.get(key)
        if code is None:
            code = self._code_of[key] = len(self._values)
            self._values.append(value)
        self._rows.append(row)
        self._codes.append(code)

    def finish(self, rows: int) -> Column:
        """The column over ``rows`` rows; numbers with many distinct values become a ``NumberColumn``."""
        if len(self._values) > 32_768 and all(type(value) in (int, float) for value in self._values):
            numbers = np.full(rows, np.nan)
            numbers[self._rows] = np.asarray(self._values, float)[self._codes]
            return NumberColumn(numbers)
        codes = np.full(rows, UNDEFINED, signed_code_type(len(self._values)))
        codes[self._rows] = self._codes
        return CodedColumn(codes, tuple(self._values))


def _key(value: Any) -> Any:
    """True, 1 and "1" are three values; 1 and 1.0 are one."""
    if type(value) in (int, float):
        return ("number", value)
    if value is None or type(value) is bool:
        return ("word", value)
    import json

    return ("json", json.dumps(value, sort_keys=True))
