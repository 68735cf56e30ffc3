"""Attempts at a funnel: which events satisfied its steps, user by user, by the funnel's rules of entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.breakdowns import segments_of
from pytest_mixpanel.engine.envelope import milliseconds
from pytest_mixpanel.engine.kernels.attempts import find_attempts
from pytest_mixpanel.engine.kernels.floating import find_floating
from pytest_mixpanel.engine.marks import marks_of
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan import FunnelPlan, Selection

GRACE_MS = 2_000
"""Two steps at most this far apart may come in either order (semantics F-9)."""

Attempts = NDArray[np.int64]
"""A row per attempt: the event's index at each step, −1 from the first step not reached."""

ONCE, AGAIN, ALWAYS, BEST_EARLIEST, BEST_LATEST = range(5)
"""How the kernel enters."""


def attempts_of(
    plan: FunnelPlan, store: Store, edges: NDArray[np.int64], now: datetime, every: bool
) -> Attempts:
    """The attempts that count; ``every``: a user may enter again, as totals and segments need it.

    ``edges``: where the buckets begin that are funnels of their own, and where the last one ends.
    """
    if plan.floating:
        return _floating(plan, store, edges, now, every)
    if plan.reentry == "default":
        return _ordered(plan, store, edges, now, AGAIN if every else ONCE)
    if not every:
        # One attempt per user: the deepest, then the earliest done, then by entry (F-13, F-16).
        return _ordered(
            plan, store, edges, now, BEST_LATEST if plan.reentry == "optimized" else BEST_EARLIEST
        )
    found = _ordered(plan, store, edges, now, ALWAYS)
    return _shared_out(found) if plan.reentry == "optimized" else found


def _ordered(
    plan: FunnelPlan, store: Store, edges: NDArray[np.int64], now: datetime, entering: int
) -> Attempts:
    steps = len(plan.steps)
    excluded = tuple(Selection(exclusion.event) for exclusion in plan.exclusions)
    marks = marks_of(store, (*plan.steps, *excluded), now)
    active = np.zeros(steps + 1, np.uint64)
    for number, exclusion in enumerate(plan.exclusions):
        active[exclusion.after : exclusion.before] |= np.uint64(1 << number)
    # Room for an attempt at every event; pages that no attempt reaches are never touched.
    record = np.empty((max(len(store), 1), steps), np.int64)
    found = find_attempts(
        np.asarray(store.offsets),
        np.asarray(store.time),
        np.asarray(marks.kind),
        marks.bits(0, steps),
        _held(plan, store, now),
        marks.bits(steps, len(excluded)),
        active,
        edges,
        steps,
        plan.window_ms,
        GRACE_MS,
        milliseconds(now),
        entering,
        record,
        np.empty(len(record), np.int64),
        np.empty((2, steps), np.int64),
    )
    return record[:found]


def _held(plan: FunnelPlan, store: Store, now: datetime) -> NDArray[np.int64]:
    """One code per event for the values that must stay the same; absent equals absent (F-26).

    Nothing where no values are held.
    """
    codes = np.zeros(len(store) if plan.held else 0, np.int64)
    for breakdown in plan.held:
        segments = segments_of(store, breakdown, now)
        codes = codes * len(segments.names) + segments.codes
    return codes


def _floating(
    plan: FunnelPlan, store: Store, edges: NDArray[np.int64], now: datetime, every: bool
) -> Attempts:
    ends = _group_ends(plan.floating)
    matches = marks_of(store, plan.steps, now).of_events()
    period = np.searchsorted(edges, store.time, side="right").astype(np.int32) - 1
    period[(period >= len(edges) - 1) | (store.time > milliseconds(now))] = -1
    record = np.empty((max(len(store), 1), len(plan.steps)), np.int64)
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
