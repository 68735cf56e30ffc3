"""Selections → a code per event and what it stands for, as the kernels read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.filters import by_name_alone, names_chosen, places
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan import Selection


@dataclass(frozen=True, slots=True)
class Marks:
    """``kind``: a code per event; bit k of ``matches[kind]`` is set where the event fits selection k.

    Without conditions the kinds are the events' own codes, and nothing is computed per event.
    """

    kind: NDArray[np.unsignedinteger[Any]]
    matches: NDArray[np.uint64]

    @classmethod
    def of_bits(cls, bits: NDArray[np.uint64]) -> Marks:
        """Marks that say of every event which selections it fits."""
        return cls(*_numbered(bits))

    def of_events(self) -> NDArray[np.uint64]:
        """The bits of every event."""
        bits: NDArray[np.uint64] = self.matches[self.kind]
        return bits

    def bits(self, low: int, count: int) -> NDArray[np.uint64]:
        """What the kinds match of ``count`` selections from number ``low`` on."""
        shifted = self.matches >> np.uint64(low)
        return shifted & np.uint64((1 << count) - 1)


def marks_of(store: Store, selections: Sequence[Selection], now: datetime) -> Marks:
    """Which selections every event fits; at most 64 of them."""
    if all(map(by_name_alone, selections)):
        names = np.zeros(len(store.event_names), np.uint64)
        for number, selection in enumerate(selections):
            names |= names_chosen(store, selection.event).astype(np.uint64) << np.uint64(number)
        return Marks(store.event, names)
    narrow = _narrowest(len(selections))
    found = np.zeros(len(store), narrow)
    for number, selection in enumerate(selections):
        found[places(store, selection, now)] |= narrow(1 << number)
    return Marks(*_numbered(found))


def _narrowest(bits: int) -> type[np.unsignedinteger[Any]]:
    return next(
        kind
        for size, kind in ((8, np.uint8), (16, np.uint16), (32, np.uint32), (64, np.uint64))
        if bits <= size
    )


def _numbered(
    found: NDArray[np.unsignedinteger[Any]],
) -> tuple[NDArray[np.unsignedinteger[Any]], NDArray[np.uint64]]:
    """Bits themselves are the kinds where they are few, else those that occur are numbered."""
    if found.dtype.itemsize <= 2:
        return found, np.arange(1 << (8 * found.dtype.itemsize), dtype=np.uint64)
    distinct, kind = np.unique(found, return_inverse=True)
    return kind.astype(np.uint32), distinct.astype(np.uint64)
