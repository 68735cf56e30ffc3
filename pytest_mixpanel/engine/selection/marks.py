"""Selections → the events that fit any of them and what each stands for, as the kernels read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.kernels.owners import count_before, find_owners
from pytest_mixpanel.engine.kernels.places import find_places, mark_rows
from pytest_mixpanel.engine.selection.chosen import alternatives, by_name_alone, names_chosen, passing, places
from pytest_mixpanel.engine.store.scratch import scratch
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.selecting import Selection

Positions = NDArray[np.int64]
Codes = NDArray[np.unsignedinteger[Any]]


@frozen
class Kinds:
    """Events by user and time: ``offsets`` say where each user's begin, ``kind`` is a code per event.

    Bit k of ``matches[kind]`` is set where the event fits selection k.
    """

    offsets: Positions
    time: Positions
    kind: Codes
    matches: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.kind)

    def of_events(self) -> NDArray[np.uint64]:
        """The bits of every event."""
        bits: NDArray[np.uint64] = self.matches[self.kind]
        return bits

    def bits(self, low: int, count: int) -> NDArray[np.uint64]:
        """What the kinds match of ``count`` selections from number ``low`` on."""
        shifted = self.matches >> np.uint64(low)
        return shifted & np.uint64((1 << count) - 1)


@frozen
class Marks(Kinds):
    """The events that fit any selection and no others; ``at``: their places in the store."""

    at: Positions

    def with_bits(self, bits: Codes) -> Marks:
        """The same events standing for something else."""
        kind, matches = numbered(bits)
        return replace(self, kind=kind, matches=matches)


def marks_of(store: Store, selections: Sequence[Selection], now: datetime, entries: int = 0) -> Marks:
    """The events that fit any of at most 64 selections; they are in the store's working space.

    ``entries``: of users without an event that fits one of the first so many there may be none.
    """
    names, room = _names(store, selections), scratch("marked", len(store))
    spoken_of = (names != 0).view(np.uint8)
    at = room[
        : find_places(np.asarray(store.event), spoken_of, room, _entered(store, selections[:entries], now))
    ]
    kind = _taken("kinds", store.event, at)
    if not all(map(by_name_alone, selections)):
        at, kind, names = _fitting(store, selections, now, at, kind)
    offsets = np.empty(len(store.offsets), np.int64)
    count_before(at, store.offsets, offsets)
    return Marks(offsets, _taken("times", store.time, at), kind, names, at)


def _entered(store: Store, entries: Sequence[Selection], now: datetime) -> Positions | None:
    """Where the events lie of the users who fit any of some selections, where conditions tell them apart."""
    if all(map(by_name_alone, entries)):
        return None
    entered = [places(store, entry, now) for entry in entries]
    at = entered[0] if len(entered) == 1 else np.unique(np.concatenate(entered))
    bounds = scratch("bounds", 2 * store.n_users)
    return bounds[: find_owners(store.offsets, at, bounds)]


def kinds_of(store: Store, selections: Sequence[Selection]) -> Kinds:
    """All events by their names alone, for walks that soon leave most of them aside."""
    time, event = np.asarray(store.time), np.asarray(store.event)
    return Kinds(np.asarray(store.offsets), time, event, _names(store, selections))


def _names(store: Store, selections: Sequence[Selection]) -> NDArray[np.uint64]:
    """Which selections speak of every event name."""
    names = np.zeros(len(store.event_names), np.uint64)
    for number, selection in enumerate(selections):
        for one in alternatives(selection):
            names |= names_chosen(store, one.event).astype(np.uint64) << np.uint64(number)
    return names


def _fitting(
    store: Store, selections: Sequence[Selection], now: datetime, at: Positions, code: Codes
) -> tuple[Positions, Codes, NDArray[np.uint64]]:
    """Of some events of these codes those that fit, with their bits as kinds."""
    bits = np.zeros(len(at), narrowest(len(selections)))
    room = scratch("rows", len(at))
    for number, selection in enumerate(selections):
        for one in alternatives(selection):
            chosen = names_chosen(store, one.event)
            rows = room[: find_places(code, chosen.view(np.uint8), room)]
            mark_rows(passing(store, one, now, at, rows), 1 << number, bits)
    kind, matches = numbered(bits)
    kept = room[: find_places(kind, (matches != 0).view(np.uint8), room)]
    return _taken("fitting", at, kept), _taken("kept kinds", kind, kept), matches


def _taken(name: str, column: NDArray[Any], at: Positions) -> NDArray[Any]:
    room = scratch(name, len(at), column.dtype)
    return np.take(column, at, out=room, mode="clip")  # all places exist; in this mode nothing is buffered


def narrowest(bits: int) -> type[np.unsignedinteger[Any]]:
    return next(
        kind
        for size, kind in ((8, np.uint8), (16, np.uint16), (32, np.uint32), (64, np.uint64))
        if bits <= size
    )


def numbered(found: Codes) -> tuple[Codes, NDArray[np.uint64]]:
    """Bits themselves are the kinds where they are few, else those that occur are numbered."""
    if found.dtype.itemsize <= 2:
        return found, np.arange(1 << (8 * found.dtype.itemsize), dtype=np.uint64)
    distinct, kind = np.unique(found, return_inverse=True)
    return kind.astype(np.uint32), distinct.astype(np.uint64)
