"""Sessions of users: runs of records by a timeout, between two events, or of one property's value.

Semantics S-1 to S-6. Whatever the rule, every session ends at local midnight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.calendar import local_days
from pytest_mixpanel.engine.store.columns import UNDEFINED, CodedColumn, NumberColumn
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.visibility import OUTSIDE, SESSION_EVENTS, SESSION_START, hidden_events

NO_SESSION = -1

Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sessions:
    """``of_event``: the session of every event, numbered by user and time, or ``NO_SESSION``.

    ``ends``: the events at which a session was said to end, with ``paired`` where it is the session that
    began on the same day; only sessions between two events have them.
    """

    of_event: Positions
    ends: Positions | None = None
    paired: Flags | None = None


def sessions_of(store: Store) -> Positions:
    """The session of every event; a virtual event has that of the record it was made for."""
    return find_sessions(store).of_event


def find_sessions(store: Store, until: int | None = None) -> Sessions:
    """All sessions by the project's rule, of events up to an instant in milliseconds."""
    members = _members(store)
    if until is not None:
        members = members[store.time[members] <= until]
    if not len(members):
        return Sessions(np.full(len(store), NO_SESSION, np.int64))
    rules = store.settings.sessions
    user, time = store.user_of_event()[members], store.time[members]
    day = local_days(time, store.time_zone)
    new_day = np.r_[True, (np.diff(user) != 0) | (np.diff(day) != 0)]
    if rules.type == "event":
        return _between_events(store, members, new_day, np.r_[True, np.diff(user) != 0])
    if rules.type == "property":
        key = _values(store, rules.property)[members]
        known = key != UNDEFINED
        members, key = members[known], key[known]
        # A day that began with a record left out begins with the next one.
        day_number = np.cumsum(new_day)[known]
        starts = np.r_[True, (np.diff(key) != 0) | (np.diff(day_number) != 0)][: len(members)]
    else:
        starts = new_day.copy()
        starts[1:] |= np.diff(time) > rules.timeout_s * 1000
    return Sessions(_with_virtual(store, members, np.cumsum(starts) - 1))


def _members(store: Store) -> Positions:
    """Records of users that may belong to a session (semantics S-4)."""
    outside = OUTSIDE | hidden_events(store) | {*store.settings.sessions.excluded, *SESSION_EVENTS}
    apart = np.array([name in outside for name in store.event_names] + [False])
    return np.flatnonzero(~apart[store.event[: store.offsets[-1]]])


def _with_virtual(store: Store, members: Positions, sessions: Positions) -> Positions:
    """Sessions at the place of their members; a start takes the record after it, an end the one before."""
    found = np.full(len(store), NO_SESSION, np.int64)
    found[members] = sessions
    for name in SESSION_EVENTS:
        code = store.event_code(name)
        if code is not None:
            at = np.flatnonzero(store.event[: store.offsets[-1]] == code)
            found[at] = found[np.clip(at + (1 if name == SESSION_START else -1), 0, len(store) - 1)]
    return found


def _values(store: Store, name: str) -> Positions:
    """A code for every value of a property, ``UNDEFINED`` where it is absent or null."""
    column = store.columns.get(name)
    if column is None:
        return np.full(len(store), UNDEFINED, np.int64)
    if isinstance(column, NumberColumn):
        codes = np.unique(column.numbers, return_inverse=True)[1].astype(np.int64)
        return np.where(np.isnan(column.numbers), UNDEFINED, codes)
    assert isinstance(column, CodedColumn)
    place = [UNDEFINED if value is None else code for code, value in enumerate(column.values)]
    return np.asarray(np.array([*place, UNDEFINED], np.int64)[column.codes])


def _between_events(store: Store, members: Positions, new_day: Flags, new_user: Flags) -> Sessions:
    """From a start to the next end of the same user and day; a start in between is ignored (S-5)."""
    rules, event = store.settings.sessions, store.event[members]
    is_start = event == _code(store, rules.start)
    is_end = (event == _code(store, rules.end)) & ~is_start
    day, user = np.cumsum(new_day), np.cumsum(new_user)
    marks = np.flatnonzero(is_start | is_end)
    after_start = np.r_[False, is_start[marks][:-1]][: len(marks)]
    same_day = np.r_[False, np.diff(day[marks]) == 0][: len(marks)]
    same_user = np.r_[False, np.diff(user[marks]) == 0][: len(marks)]
    opens = is_start[marks] & ~(after_start & same_day)
    closes = is_end[marks] & after_start & same_day
    said = is_end[marks] & after_start & same_user
    opened, closed = np.zeros(len(members), bool), np.zeros(len(members), bool)
    opened[marks[opens]], closed[marks[closes]] = True, True
    number = np.cumsum(opened) - 1
    # A record is inside where the last start of its day is not behind an end; the end itself is inside.
    ended = np.cumsum(closed) - closed
    day_of = np.where(
        number >= 0, day[np.flatnonzero(opened)][np.maximum(number, 0)] if opened.any() else 0, 0
    )
    ended_before = ended[np.flatnonzero(opened)][np.maximum(number, 0)] if opened.any() else ended
    inside = (number >= 0) & (day_of == day) & (ended == ended_before)
    found = _with_virtual(store, members, np.where(inside, number, NO_SESSION))
    return Sessions(found, members[marks[said]], same_day[said])


def _code(store: Store, name: str) -> int:
    code = store.event_code(name)
    return -1 if code is None else code
