"""Attempts at a funnel: which events satisfied its steps, user by user, by the funnel's rules of entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.envelope import milliseconds
from pytest_mixpanel.engine.funnels.progress import Progress
from pytest_mixpanel.engine.kernels.attempts import count_first_attempts, find_attempts
from pytest_mixpanel.engine.kernels.floating import find_floating
from pytest_mixpanel.engine.properties import event_column, held_codes
from pytest_mixpanel.engine.selection.chosen import by_name_alone
from pytest_mixpanel.engine.selection.marks import Kinds, Marks, kinds_of, marks_of
from pytest_mixpanel.engine.sessions.finding import NO_SESSION, sessions_of
from pytest_mixpanel.engine.store.columns import picked
from pytest_mixpanel.engine.store.scratch import scratch
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.funnels import FunnelPlan
from pytest_mixpanel.query.plan.selecting import Selection

GRACE_MS = 2_000
"""Two steps at most this far apart may come in either order (semantics F-9)."""

Positions = NDArray[np.int64]

NOT_REACHED = -1

NONE = np.empty(0, np.int64)

ONCE, AGAIN, ALWAYS, BEST_EARLIEST, BEST_LATEST = range(5)
"""How the kernel enters."""


Attempts = NDArray[np.int64]
"""A row per attempt, by user and entry: the event's index at each step, ``NOT_REACHED`` from the first step
not reached."""


@frozen
class _Field:
    """What the kernels walk: the steps an event fits, and after them the exclusions.

    ``offsets`` part the events into the stretches an attempt stays within; ``held``: a code of the values
    that must not change, or no code at all; ``edges``: where the buckets begin that are funnels of their
    own; ``place``: the number of every event's session among those of its user, where a window has several.
    """

    events: Kinds
    offsets: Positions
    held: Positions
    edges: Positions
    place: Positions


def attempts_of(
    plan: FunnelPlan,
    store: Store,
    edges: Positions,
    now: datetime,
    every: bool,
    independent: bool = False,
) -> Attempts:
    """The attempts that count; ``every``: a user may enter again, as totals and segments need it.

    ``edges``: where the buckets begin that are funnels of their own, and where the last one ends;
    ``independent``: attempts that share events are left as they are.
    """
    events, found = _found(plan, store, edges, now, _entering(plan, every), independent)
    attempts: Attempts = events.at[found]
    attempts[found < 0] = NOT_REACHED
    return attempts


def progress_of(plan: FunnelPlan, store: Store, edges: Positions, now: datetime, every: bool) -> Progress:
    """How far the attempts that count came, by bucket of ``edges``."""
    entering, selections = _entering(plan, every), _selections(plan)
    if entering == ONCE and not (plan.held or plan.sessions or plan.floating):
        # The first attempt is found before most events are looked at, so none is put aside beforehand.
        named = all(map(by_name_alone, selections))
        events = kinds_of(store, selections) if named else marks_of(store, selections, now, _leading(plan))
        return _first_counted(plan, events, edges, now)
    events, found = _found(plan, store, edges, now, entering, independent=False)
    return Progress.of(found, events.time, edges)


def _first_counted(plan: FunnelPlan, events: Kinds, edges: Positions, now: datetime) -> Progress:
    """The progress of every user's first attempt."""
    steps, excluded = len(plan.steps), len(plan.exclusions)
    progress = Progress.none(len(edges) - 1, steps)
    count_first_attempts(
        events.offsets,
        events.time,
        events.kind,
        events.bits(0, steps),
        events.bits(steps, excluded),
        _active(plan),
        edges,
        plan.window_ms,
        GRACE_MS,
        milliseconds(now),
        np.empty(steps, np.int64),
        progress.counts,
        progress.since_last,
        progress.since_first,
    )
    return progress


def _found(
    plan: FunnelPlan, store: Store, edges: Positions, now: datetime, entering: int, independent: bool
) -> tuple[Marks, Attempts]:
    """The attempts by the numbers of their events among the marks; both are in working space."""
    marks = marks_of(store, _selections(plan), now, _leading(plan))
    field = _Field(marks, marks.offsets, _held(plan, store, marks.at, now), edges, NONE)
    if plan.sessions:
        found = _over_sessions(plan, store, marks, field, now, entering)
    else:
        found = _walked(plan, store, field, now, entering)
    if entering == ALWAYS and plan.reentry == "optimized" and not independent:
        found = _shared_out(found, np.searchsorted(edges, marks.time[found[:, 0]], side="right"))
    return marks, found


def _selections(plan: FunnelPlan) -> tuple[Selection, ...]:
    """The steps, and after them the exclusions."""
    return (*plan.steps, *(Selection(exclusion.event) for exclusion in plan.exclusions))


def _active(plan: FunnelPlan) -> NDArray[np.uint64]:
    """The exclusions in force once so many steps are done."""
    active = np.zeros(len(plan.steps) + 1, np.uint64)
    for number, exclusion in enumerate(plan.exclusions):
        active[exclusion.after : exclusion.before] |= np.uint64(1 << number)
    return active


def _entering(plan: FunnelPlan, every: bool) -> int:
    """Sessions are entered once each, whatever is asked (semantics F-8)."""
    again = every and plan.counting != "session"
    if plan.reentry == "default":
        return AGAIN if again else ONCE
    if again:
        return ALWAYS
    # One attempt per user: the deepest, then the earliest done, then by entry (F-13, F-16).
    return BEST_LATEST if plan.reentry == "optimized" else BEST_EARLIEST


def _walked(plan: FunnelPlan, store: Store, field: _Field, now: datetime, entering: int) -> Attempts:
    """Rows of the field's events; by the kernel that knows every rule, or the faster one that knows fewer."""
    events, steps, excluded = field.events, len(plan.steps), len(plan.exclusions)
    # Room for an attempt at every event, or one for every stretch and bucket and one to compare with it.
    most = len(events) if entering in (AGAIN, ALWAYS) else len(field.offsets) * (len(field.edges) - 1)
    rows = min(len(events), most) + 1
    record = scratch("attempts", (rows, steps))
    seen = (
        field.offsets,
        events.time,
        events.kind,
        events.bits(0, steps),
        field.held,
        events.bits(steps, excluded),
        _active(plan),
        field.edges,
    )
    until = scratch("until", rows)
    told = (plan.window_ms, GRACE_MS, milliseconds(now), entering, record, until)
    if plan.floating or len(field.place):
        ends = np.array(_group_ends(plan.floating or (False,) * steps), np.int32)
        found = find_floating(*seen, field.place, plan.sessions, ends, steps, *told)
    else:
        found = find_attempts(*seen, steps, *told, np.empty((2, steps), np.int64))
    return record[:found]


def _held(plan: FunnelPlan, store: Store, at: Positions, now: datetime) -> Positions:
    """One code per event for the values that must stay the same; nothing where no values are held."""
    codes = np.zeros(len(at) if plan.held else 0, np.int64)
    for held in plan.held:
        column = event_column(store, held.property, held.resource, held.custom, now)
        each = held_codes(picked(column, at), len(at))
        codes = codes * (int(each.max(initial=0)) + 1) + each
    return codes


def _leading(plan: FunnelPlan) -> int:
    """How many steps an attempt may begin with."""
    return _group_ends(plan.floating)[0] if plan.floating else 1


def _group_ends(floating: tuple[bool, ...]) -> list[int]:
    """For every step one past the last step of its group: neighbouring floating steps are one group."""
    ends = list(range(1, len(floating) + 1))
    for step in range(len(floating) - 2, -1, -1):
        if floating[step] and floating[step + 1]:
            ends[step] = ends[step + 1]
    return ends


def _over_sessions(
    plan: FunnelPlan, store: Store, marks: Marks, field: _Field, now: datetime, entering: int
) -> Attempts:
    """A window of sessions, the entry's and those after it: only their events can be steps (F-42)."""
    sessions = sessions_of(store)
    if plan.sessions > 1:
        place = _places(store, sessions)[marks.at]
        return _walked(plan, store, replace(field, place=place), now, entering)
    # Attempts stay within a session, so every session can be walked like a user.
    session = sessions[marks.at]
    inside = np.where(session != NO_SESSION, marks.of_events(), np.uint64(0))
    users = np.maximum(store.owners(marks.at), 0)
    passed = replace(field, events=marks.with_bits(inside), offsets=_stretches(session, users))
    attempts = _walked(plan, store, passed, now, entering)
    if plan.counting == "session" or entering in (AGAIN, ALWAYS):
        return attempts
    return _one_per_user(plan, attempts, field)


def _places(store: Store, sessions: Positions) -> Positions:
    """The number of every event's session among those of its user."""
    known = np.flatnonzero(sessions != NO_SESSION)
    owner = store.owners(known)
    users, first = np.unique(owner, return_index=True)
    place = np.full(len(sessions), NO_SESSION, np.int64)
    place[known] = sessions[known] - sessions[known][first][np.searchsorted(users, owner)]
    return place


def _stretches(part: Positions, finer: Positions) -> Positions:
    """Offsets of the runs of equal parts; what belongs to no part joins the run before it."""
    at = np.flatnonzero(part >= 0)
    if not len(at):
        return np.zeros(1, np.int64)
    change = (np.diff(part[at]) != 0) | (np.diff(finer[at]) != 0)
    return np.array([at[0], *at[1:][change], len(part)], np.int64)


def last_of(attempts: Attempts) -> Positions:
    """The event with which each attempt came to its last step; it may lie before another's of its own."""
    depth = (attempts >= 0).sum(axis=1)
    last: Positions = attempts[np.arange(len(attempts)), depth - 1]
    return last


def _one_per_user(plan: FunnelPlan, attempts: Attempts, field: _Field) -> Attempts:
    """One attempt per user and bucket: the first, or the best where every entry is tried (F-7, F-13)."""
    if not len(attempts):
        return attempts
    depth, end, entry = (attempts >= 0).sum(axis=1), last_of(attempts), attempts[:, 0]
    user = np.searchsorted(field.events.offsets, entry, side="right")
    bucket = np.searchsorted(field.edges, field.events.time[entry], side="right")
    by_rank = {
        "default": (entry,),
        "aggressive": (entry, end, -depth),
        "optimized": (-entry, end, -depth),
    }[plan.reentry]
    order = np.lexsort((*by_rank, bucket, user))
    new = np.r_[True, (np.diff(user[order]) != 0) | (np.diff(bucket[order]) != 0)]
    kept: Attempts = attempts[np.sort(order[new])]
    return kept


def _shared_out(found: Attempts, bucket: Positions) -> Attempts:
    """Of a bucket's entries that reach the same second event the latest has it (F-14).

    The others stay at step 1.
    """
    if found.shape[1] < 2:
        return found
    given: dict[tuple[int, int], int] = {}
    for row in range(len(found) - 1, -1, -1):
        second = int(found[row, 1])
        if second >= 0 and given.setdefault((int(bucket[row]), second), row) != row:
            found[row, 1:] = -1
    return found
