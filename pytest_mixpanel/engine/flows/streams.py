"""The visible stream of a flow: what its users did in the range, in order (semantics W-3, W-4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.calendar import Buckets
from pytest_mixpanel.engine.envelope import milliseconds
from pytest_mixpanel.engine.properties import event_column, held_codes
from pytest_mixpanel.engine.selection.chosen import (
    alternatives,
    by_name_alone,
    names_chosen,
    places,
    places_named,
    select,
)
from pytest_mixpanel.engine.selection.filters import all_hold
from pytest_mixpanel.engine.selection.marks import narrowest, numbered
from pytest_mixpanel.engine.sessions.finding import NO_SESSION, sessions_of
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.visibility import OUTSIDE, not_any_event
from pytest_mixpanel.query.plan.flows import FlowPlan

Positions = NDArray[np.int64]
NOTHING = np.empty(0, np.int64)


@frozen
class Stream:
    """Visible records by user and time; ``code`` is an index into ``names``, ``at`` their place in the store.

    ``offsets``: where the records of each user begin. ``shown``: the code of what stands for a record between
    anchors, its own or that of a custom event. Bit a of ``matches[kind]`` says that a record may be anchor a.
    ``session``: nothing but for a flow within sessions.
    """

    names: tuple[str, ...]
    offsets: Positions
    time: Positions
    code: NDArray[np.integer[Any]]
    shown: NDArray[np.integer[Any]]
    session: Positions
    kind: NDArray[np.unsignedinteger[Any]]
    matches: NDArray[np.uint64]
    at: Positions

    def __len__(self) -> int:
        return len(self.at)

    def users(self) -> Positions:
        """The user of every record, by number."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def in_order(self, rows: Positions, offsets: Positions) -> Stream:
        """Some of the records, or all in another order, and where each user's begin among these."""
        return replace(
            self,
            offsets=offsets,
            time=self.time[rows],
            code=self.code[rows],
            shown=self.shown[rows],
            session=self.session[rows] if len(self.session) else self.session,
            kind=self.kind[rows],
            at=self.at[rows],
        )


def stream_of(plan: FlowPlan, store: Store, rows: Buckets, now: datetime) -> Stream:
    """What is visible of the store to this flow; virtual session events only where they are anchors.

    Of the store itself nothing is copied where all of it is visible.
    """
    kind, matches = _anchors(plan, store, now)
    sessions = sessions_of(store) if plan.window_ms is None else NOTHING
    at = _visible(plan, store, kind, matches)
    earliest, latest = store.extent()
    if earliest < rows.start or latest >= min(rows.end, milliseconds(now) + 1):
        time = store.time[at]
        at = at[(time >= rows.start) & (time < min(rows.end, milliseconds(now) + 1))]
    at = at[: np.searchsorted(at, store.offsets[-1])]
    if len(sessions):
        at = at[sessions[at] != NO_SESSION]  # what belongs to no session ends none either
    if len(at) == len(store):
        seen, offsets = (store.time, store.event, kind, sessions), store.offsets
    else:
        offsets = np.searchsorted(at, store.offsets).astype(np.int64)
        seen = (store.time[at], store.event[at], kind[at], sessions[at] if len(sessions) else sessions)
    time, code, kind, session = seen
    names, shown = _merged(plan, store, at, code, now)
    stream = Stream(names, offsets, time, code, shown, session, kind, matches, at)
    if plan.held:
        stream = _held(plan, store, stream, now)
    return _collapsed(stream) if plan.collapse else stream


def _visible(
    plan: FlowPlan, store: Store, kind: NDArray[np.unsignedinteger[Any]], matches: NDArray[np.uint64]
) -> Positions:
    """Where the events are that are shown by their name, or are anchors."""
    unseen = OUTSIDE | not_any_event(store) | set(plan.hidden)
    shown = ~np.array([name in unseen for name in store.event_names], bool)
    named = shown.copy()
    for anchor in plan.anchors:
        for one in alternatives(anchor.selection):
            named |= names_chosen(store, one.event)
    at = places_named(store, named)
    return at if (named == shown).all() else at[shown[store.event[at]] | (matches[kind[at]] != 0)]


def _anchors(
    plan: FlowPlan, store: Store, now: datetime
) -> tuple[NDArray[np.unsignedinteger[Any]], NDArray[np.uint64]]:
    """A kind for every record, and which anchors one of it may be.

    Global filters choose among them (semantics W-12); without any conditions kinds are the events' codes.
    """
    selections = [anchor.selection for anchor in plan.anchors]
    if not plan.where and all(map(by_name_alone, selections)):
        names = np.zeros(len(store.event_names), np.uint64)
        for number, selection in enumerate(selections):
            names |= names_chosen(store, selection.event).astype(np.uint64) << np.uint64(number)
        return store.event, names
    marks = np.zeros(len(store), narrowest(len(selections)))
    for number, selection in enumerate(selections):
        at = places(store, selection, now)
        allowed = all_hold(store, plan.where, now, at)
        marks[at if allowed is None else at[allowed]] |= marks.dtype.type(1 << number)
    return numbered(marks)


def _merged(
    plan: FlowPlan, store: Store, at: Positions, code: NDArray[np.integer[Any]], now: datetime
) -> tuple[tuple[str, ...], NDArray[np.integer[Any]]]:
    """The names of nodes, and what stands for every record: the first custom event that holds it (W-9)."""
    custom = [anchor.selection for anchor in plan.anchors if anchor.selection.others]
    names = list(dict.fromkeys([*store.event_names, *(one.name for one in (*custom, *plan.merged))]))
    shown: NDArray[np.integer[Any]] = code.astype(np.int64) if plan.merged else code
    for selection in reversed(plan.merged):
        shown = np.where(select(store, selection, now)[at], names.index(selection.name), shown)
    return tuple(names), shown


def _held(plan: FlowPlan, store: Store, stream: Stream, now: datetime) -> Stream:
    """The records of each user by the values that are held, so that those of a value are a user's (W-10).

    Who is counted once begins at the first anchor of all, whatever its value.
    """
    value = np.zeros(len(stream.at), np.int64)
    for held in plan.held:
        codes = held_codes(event_column(store, held.property, held.resource, held.custom, now), len(store))
        each = codes[stream.at]
        value = value * (int(each.max(initial=0)) + 1) + each
    user = stream.users()
    once = user if plan.counting == "unique" else stream.session
    if plan.counting != "total" and len(once):
        bits = stream.matches[stream.kind]
        entries = np.flatnonzero(bits & np.uint64(1))
        first = entries[np.unique(once[entries], return_index=True)[1]]
        bits &= ~np.uint64(1)
        bits[first] |= np.uint64(1)
        kind, matches = numbered(bits)
        stream = replace(stream, kind=kind, matches=matches)
    key = user * (int(value.max(initial=0)) + 1) + value
    order = np.argsort(key, kind="stable")
    begins = np.flatnonzero(np.diff(key[order], prepend=-1))
    return stream.in_order(order, np.append(begins, len(order)))


def _collapsed(stream: Stream) -> Stream:
    """Runs of one event become their first record, an anchor where any of the run is one."""
    if not len(stream):
        return stream
    same = np.diff(stream.shown.astype(np.int64)) == 0
    if len(stream.session):
        same &= np.diff(stream.session) == 0
    begins = np.insert(~same, 0, True)
    begins[stream.offsets[:-1][np.diff(stream.offsets) > 0]] = True
    first = np.flatnonzero(begins)
    kind, matches = numbered(np.bitwise_or.reduceat(stream.matches[stream.kind], first))
    shorter = stream.in_order(first, np.searchsorted(first, stream.offsets).astype(np.int64))
    return replace(shorter, kind=kind, matches=matches)
