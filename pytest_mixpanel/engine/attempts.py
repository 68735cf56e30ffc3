"""Attempts at a funnel: which events satisfied its steps, user by user, by the funnel's rules of entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.breakdowns import segments_of
from pytest_mixpanel.engine.envelope import milliseconds
from pytest_mixpanel.engine.filters import select
from pytest_mixpanel.engine.kernels.attempts import find_attempts
from pytest_mixpanel.engine.kernels.floating import find_floating
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan import FunnelPlan, Selection

GRACE_MS = 2_000
"""Two steps at most this far apart may come in either order (semantics F-9)."""

Attempts = NDArray[np.int64]
"""A row per attempt: the event's index at each step, −1 from the first step not reached."""

Entering = Literal[0, 1, 2]
ONCE, AGAIN, ALWAYS = 0, 1, 2


def attempts_of(
    plan: FunnelPlan, store: Store, period: NDArray[np.int32], now: datetime, every: bool
) -> Attempts:
    """The attempts that count; ``every``: a user may enter again, as totals and segments need it."""
    matches = _marks(store, plan.steps, now)
    inside = np.where(store.time <= milliseconds(now), period, -1).astype(np.int32)
    if plan.floating:
        return _floating(plan, store, matches, inside, now, every)
    entering = ALWAYS if plan.reentry in ("optimized", "aggressive") else AGAIN if every else ONCE
    found = _ordered(plan, store, matches, inside, now, entering)
    if entering != ALWAYS:
        return found
    if every:
        return _shared_out(found) if plan.reentry == "optimized" else found
    return _best(found, store, period, latest_entry=plan.reentry == "optimized")


def _marks(store: Store, selections: tuple[Selection, ...], now: datetime) -> NDArray[np.uint64]:
    """Bit k of an event is set where it fits selection k."""
    marks = np.zeros(len(store), np.uint64)
    for number, selection in enumerate(selections):
        marks |= select(store, selection, now).astype(np.uint64) << np.uint64(number)
    return marks


def _ordered(
    plan: FunnelPlan,
    store: Store,
    matches: NDArray[np.uint64],
    period: NDArray[np.int32],
    now: datetime,
    entering: int,
) -> Attempts:
    entries = int(((matches & np.uint64(1)) != 0)[period >= 0].sum())
    record = np.empty((max(entries, 1), len(plan.steps)), np.int64)
    active = np.zeros(len(plan.steps) + 1, np.uint64)
    for number, exclusion in enumerate(plan.exclusions):
        active[exclusion.after : exclusion.before] |= np.uint64(1 << number)
    excluded = tuple(Selection(exclusion.event) for exclusion in plan.exclusions)
    found = find_attempts(
        np.asarray(store.offsets),
        np.asarray(store.time),
        matches,
        period,
        _held(plan, store, now),
        _marks(store, excluded, now),
        active,
        len(plan.steps),
        plan.window_ms,
        GRACE_MS,
        milliseconds(now),
        entering,
        record,
        np.empty(len(record), np.int64),
    )
    return record[:found]


def _held(plan: FunnelPlan, store: Store, now: datetime) -> NDArray[np.int64]:
    """One code per event for the values that must stay the same; absent equals absent (F-26)."""
    codes = np.zeros(len(store), np.int64)
    for breakdown in plan.held:
        segments = segments_of(store, breakdown, now)
        codes = codes * len(segments.names) + segments.codes
    return codes


def _floating(
    plan: FunnelPlan,
    store: Store,
    matches: NDArray[np.uint64],
    period: NDArray[np.int32],
    now: datetime,
    every: bool,
) -> Attempts:
    ends = _group_ends(plan.floating)
    leading = np.uint64((1 << ends[0]) - 1)
    entries = int(((matches & leading) != 0)[period >= 0].sum())
    record = np.empty((max(entries, 1), len(plan.steps)), np.int64)
    found = find_floating(
        np.asarray(store.offsets),
        np.asarray(store.time),
        matches,
        period,
        np.array(ends, np.int32),
        len(plan.steps),
        plan.window_ms,
        milliseconds(now),
        every,
        record,
    )
    return record[:found]


def _group_ends(floating: tuple[bool, ...]) -> list[int]:
    """For every step one past the last step of its group: neighbouring floating steps are one group."""
    ends = list(range(1, len(floating) + 1))
    for step in range(len(floating) - 2, -1, -1):
        if floating[step] and floating[step + 1]:
            ends[step] = ends[step + 1]
    return ends


def _best(found: Attempts, store: Store, period: NDArray[np.int32], latest_entry: bool) -> Attempts:
    """One attempt per user and period: the deepest, then the earliest done, then by entry (F-13, F-16)."""
    if not len(found):
        return found
    users = np.searchsorted(store.offsets, found[:, 0], side="right")
    depth = (found >= 0).sum(axis=1)
    end = found[np.arange(len(found)), depth - 1]
    entry = -found[:, 0] if latest_entry else found[:, 0]
    order = np.lexsort((entry, end, -depth, period[found[:, 0]], users))
    keys = np.stack([users[order], period[found[order, 0]]])
    first = np.concatenate([[True], (keys[:, 1:] != keys[:, :-1]).any(axis=0)])
    kept: Attempts = found[np.sort(order[first])]
    return kept


def _shared_out(found: Attempts) -> Attempts:
    """Of entries that reach the same second event the latest has it, the others stay at step 1 (F-14)."""
    if found.shape[1] < 2:
        return found
    given: dict[Any, int] = {}
    for row in range(len(found) - 1, -1, -1):
        second = int(found[row, 1])
        if second >= 0 and given.setdefault(second, row) != row:
            found[row, 1:] = -1
    return found
