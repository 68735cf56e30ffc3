"""A store cut into parts of whole users, worked on side by side.

Everything that is asked about events is asked of each user alone, so a part can be treated as a store of
its own; what is found in the parts is then put together. Parts are small enough for a core's cache, and so
nothing as long as the store is ever made.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.store.columns import rows_of_all
from pytest_mixpanel.engine.store.merged import MergedStore
from pytest_mixpanel.engine.store.residency import residency
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.store.threads import thread_count

T = TypeVar("T")

PART_EVENTS = 1 << 21
"""Of the largest parts: more takes more working space, and fewer pay for every part again."""

FEW_EVENTS, MANY_PARTS = 1 << 18, 8
"""Stores of fewer parts are cut finer, so that all cores have work, but not finer than that."""


@frozen
class Part:
    """Some users as a store; ``first_user`` is the place of the first of them in the whole."""

    store: Store
    first_user: int


def over_parts(store: Store, work: Callable[[Part], T]) -> list[T]:
    """What ``work`` finds in every part, in the order of users; threads share the parts.

    Events without a user are in the last part.
    """
    residency.ask()
    parts = cut(store, min(PART_EVENTS, max(FEW_EVENTS, len(store) // MANY_PARTS)))
    threads = min(len(parts), thread_count())
    # A part is let go when its work is done: what it has merged of several segments is large.
    if threads < 2:
        parts.reverse()
        return [work(parts.pop()) for _ in range(len(parts))]
    waiting = iter(parts)
    del parts
    with ThreadPoolExecutor(threads, thread_name_prefix="mixpanel") as pool:
        return list(pool.map(work, waiting))


def cut(store: Store, events: int) -> list[Part]:
    """Parts of about so many events; a store that is small enough is one part."""
    if isinstance(store, MergedStore):
        decided: dict[Any, Any] = {}
        return [Part(store.part(low, high, decided), low) for low, high in pairwise(store.bounds(events))]
    if len(store) <= events or store.n_users < 2:
        return [Part(replace(store, decided={}), 0)]
    marks = np.arange(1, -(-len(store) // events)) * events
    found = np.searchsorted(store.offsets, marks).tolist()
    bounds = sorted({0, store.n_users, *(min(bound, store.n_users) for bound in found)})
    shared = replace(store, decided={})
    return [Part(_between(shared, low, high), low) for low, high in pairwise(bounds)]


def _between(store: Store, low: int, high: int) -> Store:
    first = int(store.offsets[low])
    end = len(store) if high == store.n_users else int(store.offsets[high])
    return replace(
        store,
        users=store.users[low:high],
        offsets=np.asarray(store.offsets[low : high + 1]) - first,
        time=np.asarray(store.time[first:end]),
        event=np.asarray(store.event[first:end]),
        columns=rows_of_all(store.columns, slice(first, end)),
        profiles=rows_of_all(store.profiles, slice(low, high)),
    )
