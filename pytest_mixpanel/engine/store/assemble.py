"""Events in any order → a store: sorted by user and time, without repeated deliveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.settings import DEFAULTS, Settings
from pytest_mixpanel.engine.store.building import columns_of, signed_code_type
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
    ranked_owner, ranked_time = owner[order], time[order]
    beside = (ranked_owner[1:] == ranked_owner[:-1]) & (ranked_time[1:] == ranked_time[:-1])
    # Only events of one user and time can repeat each other; others need not be compared.
    some = order[np.append(beside, False) | np.insert(beside, 0, False)]
    ids, names = np.asarray(insert_id.codes)[some], np.asarray(event)[some]
    keys = np.lexsort((some, ids, names, time[some], owner[some]))
    same = np.ones(max(len(keys) - 1, 0), bool)
    for values in (owner[some], time[some], names, ids):
        ranked = values[keys]
        same &= ranked[1:] == ranked[:-1]
    same &= ids[keys][1:] != UNDEFINED
    dropped = np.zeros(len(order), bool)
    dropped[some[keys[:-1][same]]] = True
    return order[~dropped[order]], int(dropped.sum())


def profile_columns(profiles: Sequence[Mapping[str, Any] | None]) -> dict[str, Column]:
    """Flat profiles, one per user, in columns."""
    return columns_of(
        [{name: value for name, value in (each or {}).items() if name != "$distinct_id"} for each in profiles]
    )
