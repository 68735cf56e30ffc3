"""Sessions of users: runs of records by a timeout, between two events, or of one property's value.

Semantics S-1 to S-6. Whatever the rule, every session ends at local midnight.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.calendar import day_edges
from pytest_mixpanel.engine.kernels import sessions as kernel
from pytest_mixpanel.engine.store.columns import UNDEFINED, CodedColumn, NumberColumn
from pytest_mixpanel.engine.store.scratch import scratch
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.visibility import OUTSIDE, SESSION_EVENTS, SESSION_START, hidden_events
from pytest_mixpanel.query.plan.times import DAY_MS

NO_SESSION = -1
EVER = np.iinfo(np.int64).max

Positions = NDArray[np.int64]
NOTHING = np.empty(0, np.int64)


@frozen
class Sessions:
    """``first`` and ``last``: the records that begin and end each session, by user and time.

    ``end``: the events at which a session was said to end, and ``ended`` the number of that session, or
    ``NO_SESSION`` where it began on another day, as it may between two events. The sessions of user u are
    ``begun[u]`` to ``begun[u+1]``, and their ends ``closed[u]`` to ``closed[u+1]``.
    """

    first: Positions
    last: Positions
    end: Positions
    ended: Positions
    begun: Positions
    closed: Positions


def find_sessions(store: Store, until: int | None = None) -> Sessions:
    """All sessions by the project's rule, of events up to an instant in milliseconds."""
    rules, events = store.settings.sessions, int(store.offsets[-1])
    days, limit = _days(store), EVER if until is None else until
    users = (store.offsets, store.time, store.event, _roles(store))
    first, last = (scratch(f"sessions' {edge}", events) for edge in ("first", "last"))
    begun = np.empty(len(store.offsets), np.int64)
    if rules.type == "event":
        end, ended = (scratch(f"sessions' {told}", events) for told in ("end", "ended"))
        closed = np.empty_like(begun)
        kernel.find_between(*users, days, DAY_MS, limit, first, last, end, ended, begun, closed)
        count, ends = int(begun[-1]), int(closed[-1])
        first, last = first[:count].copy(), last[:count].copy()
        return Sessions(first, last, end[:ends].copy(), ended[:ends].copy(), begun, closed)
    key, timeout = _keys(store), EVER if rules.type == "property" else rules.timeout_s * 1000
    count = kernel.find_runs(*users, key, timeout, days, DAY_MS, limit, first, last, begun)
    last = last[:count].copy()
    return Sessions(first[:count].copy(), last, last, np.arange(count), begun, begun)


def sessions_of(store: Store, until: int | None = None) -> Positions:
    """The session of every event or ``NO_SESSION``; of a virtual one that of the record it was made for."""
    found, roles = find_sessions(store, until), _roles(store)
    number, length = np.full(len(store), NO_SESSION, np.int64), found.last + 1 - found.first
    begun = np.cumsum(length) - length
    at = np.arange(length.sum()) + np.repeat(found.first - begun, length)
    number[at] = np.repeat(np.arange(len(length)), length)
    number[roles[store.event] == kernel.OUTSIDE] = NO_SESSION
    key = _keys(store)
    number[: len(key)][key == UNDEFINED] = NO_SESSION
    for name in SESSION_EVENTS:
        code = store.event_code(name)
        if code is not None:
            at = np.flatnonzero(store.event[: store.offsets[-1]] == code)
            number[at] = number[np.clip(at + (1 if name == SESSION_START else -1), 0, len(store) - 1)]
    return number


def _roles(store: Store) -> NDArray[np.uint8]:
    """What every kind of event is to a session (semantics S-4)."""
    return store.once("roles in sessions", store.event_names, lambda: _roles_of_names(store))


def _roles_of_names(store: Store) -> NDArray[np.uint8]:
    rules = store.settings.sessions
    outside = OUTSIDE | hidden_events(store) | {*rules.excluded, *SESSION_EVENTS}
    roles = np.array(
        [kernel.OUTSIDE if name in outside else kernel.INSIDE for name in store.event_names], np.uint8
    )
    if rules.type == "event":
        for name, role in ((rules.end, kernel.END), (rules.start, kernel.START)):
            code = store.event_code(name)
            if code is not None and roles[code] != kernel.OUTSIDE:
                roles[code] = role
    return roles


def _days(store: Store) -> Positions:
    """The beginnings of the days of all users' events, and of some before and after."""
    return day_edges(*store.extent(), store.time_zone, margin=1)[0]


def _keys(store: Store) -> Positions:
    """Where a property tells sessions apart, a code for its value at every event, or ``UNDEFINED``."""
    rules = store.settings.sessions
    if rules.type != "property":
        return NOTHING
    column = store.columns.get(rules.property)
    if column is None:
        return np.full(len(store), UNDEFINED, np.int64)
    if isinstance(column, NumberColumn):
        codes = np.unique(column.numbers, return_inverse=True)[1].astype(np.int64)
        return np.where(np.isnan(column.numbers), UNDEFINED, codes)
    assert isinstance(column, CodedColumn)
    place = [UNDEFINED if value is None else code for code, value in enumerate(column.values)]
    return np.asarray(np.array([*place, UNDEFINED], np.int64)[column.codes])
