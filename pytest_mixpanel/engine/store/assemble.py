"""Events in any order → a store: sorted by user and time, without repeated deliveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.kernels.ordering import (
    count_to_two,
    find_ties,
    longest_unsorted,
    place_by_owner,
    sort_by_time,
)
from pytest_mixpanel.engine.settings import DEFAULTS, Settings
from pytest_mixpanel.engine.store.building import columns_of, signed_code_type
from pytest_mixpanel.engine.store.columns import UNDEFINED, CodedColumn, Column, NumberColumn
from pytest_mixpanel.engine.store.store import BARE_PROFILE, INSERT_ID, Store

Integers = NDArray[np.integer[Any]]
Number = TypeVar("Number", bound=np.integer[Any])
DAY_MS = 86_400_000
AT_ONCE = 1 << 18
"""Events that are looked at together, so that nothing as long as all of them is made."""


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
    place = np.full(len(everyone), len(named), np.int32)
    place[named] = np.arange(len(named))
    owner = place[user] if len(user) else np.empty(0, np.int32)
    order = by_owner_and_time(owner, len(named) + 1, time)
    moment = time // DAY_MS if settings.dedupe_by_day else time
    dropped, _ = repeats(
        order, owner, moment, np.asarray(event), id_codes(columns.get(INSERT_ID), len(order))
    )
    order = without_rows(order, dropped)
    event_names, event = merged_events(event_names, event, settings.merged_events)
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
    return store, len(dropped)


def by_owner_and_time(owner: Integers, owners: int, time: NDArray[np.int64]) -> NDArray[Any]:
    """The order of events by owner and time, equal ones as they came; places have four bytes if these do."""
    kind: type[np.signedinteger[Any]] = np.int32 if len(time) < 2**31 else np.int64
    order, ends = np.empty(len(time), kind), np.zeros(owners + 1, np.int64)
    place_by_owner(owner.astype(np.int32, copy=False), ends, order)
    longest = longest_unsorted(time, ends, order)
    if longest:
        sort_by_time(time, ends, order, np.empty(longest, kind))
    return order


def looked_up(table: NDArray[Number], codes: Integers) -> NDArray[Number]:
    """``table[codes]``, without another array of the codes, which NumPy makes of narrow ones."""
    found = np.empty(len(codes), table.dtype)
    for first in range(0, len(codes), AT_ONCE):
        some = codes[first : first + AT_ONCE]
        np.take(table, some, out=found[first : first + AT_ONCE], mode="clip")
    return found


def counted(owner: Integers, owners: int) -> NDArray[np.int64]:
    """How many events each owner has."""
    counts = np.zeros(owners, np.int64)
    for first in range(0, len(owner), AT_ONCE):
        counts += np.bincount(owner[first : first + AT_ONCE], minlength=owners)
    return counts


def merged_events(
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


def take(column: Column, order: Integers) -> Column:
    """A column in another order."""
    if isinstance(column, NumberColumn):
        return NumberColumn(column.numbers[order])
    codes = column.codes[order].astype(signed_code_type(len(column.values)), copy=False)
    return CodedColumn(codes, column.values)


def id_codes(column: Column | None, rows: int) -> Integers | None:
    """A code for every event's insert id, ``UNDEFINED`` without one; ``None`` where no event has one."""
    if isinstance(column, NumberColumn):
        codes = np.unique(column.numbers, return_inverse=True)[1]
        return np.where(np.isnan(column.numbers), UNDEFINED, codes.reshape(rows))
    return None if column is None else np.asarray(column.codes)


def repeats(
    order: Integers,
    owner: Integers,
    moment: NDArray[np.int64],
    event: Integers,
    ids: Integers | None,
    delivered: NDArray[np.int64] | None = None,
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Events that a later delivery repeats, and which one (semantics E-23 to E-26): places of either.

    Events of equal user, moment, name and insert id are one; the last delivery stays. ``moment`` is the time,
    or the UTC day where repeats are found as a later compaction finds them. ``order`` has all events by
    ``owner`` and ``moment``; ``delivered`` is when they came, by default in the order of their places.
    """
    none = np.empty(0, np.int64)
    if ids is None or len(order) < 2:
        return none, none
    times = np.zeros(int(ids.max()) + 1, np.uint8)
    count_to_two(ids.astype(np.int32, copy=False), times)
    if not np.any(times > 1):
        return none, none
    # Only events of one user and moment can repeat each other; others need not be compared.
    tied = np.empty(len(order), np.uint8)
    find_ties(order, owner.astype(np.int32, copy=False), moment, tied)
    some = order[tied.view(bool)]
    some = some[times[ids[some]] > 1]
    keys = (some if delivered is None else delivered[some], ids[some], event[some], moment[some], owner[some])
    ranked = np.lexsort(keys)
    same = ids[some][ranked][1:] != UNDEFINED
    for values in keys[1:]:
        same &= values[ranked][1:] == values[ranked][:-1]
    return some[ranked[:-1][same]], some[ranked[1:][same]]


def without_rows(order: NDArray[Any], dropped: Integers) -> NDArray[Any]:
    """Places without some of them."""
    if not len(dropped):
        return order
    left_out = np.zeros(len(order), bool)
    left_out[dropped] = True
    kept: NDArray[Any] = order[~left_out[order]]
    return kept


def profile_columns(profiles: Sequence[Mapping[str, Any] | None]) -> dict[str, Column]:
    """Flat profiles, one per user, in columns; one more tells of those that hold nothing."""
    return columns_of([_told(each) for each in profiles])


def _told(profile: Mapping[str, Any] | None) -> dict[str, Any]:
    if profile is None:
        return {}
    told = {name: value for name, value in profile.items() if name != "$distinct_id"}
    return told if any(value is not None for value in told.values()) else {**told, BARE_PROFILE: True}
