"""The visible stream of a flow: what its users did in the range, in order (semantics W-3, W-4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.calendar import Buckets
from pytest_mixpanel.engine.envelope import milliseconds
from pytest_mixpanel.engine.filters import all_hold, select
from pytest_mixpanel.engine.properties import event_column, held_codes
from pytest_mixpanel.engine.sessions import NO_SESSION, sessions_of
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.visibility import OUTSIDE, not_any_event
from pytest_mixpanel.query.plan_flows import FlowPlan


@dataclass(frozen=True, slots=True)
class Stream:
    """Visible records by user and time; ``code`` is an index into ``names``, ``at`` their place in the store.

    ``shown``: the code of what stands for a record between anchors, its own or that of a custom event. Bit a
    of ``matches`` says that a record may be anchor a. Sessions are told only to a flow within them.
    """

    names: tuple[str, ...]
    user: NDArray[np.int64]
    time: NDArray[np.int64]
    code: NDArray[np.int64]
    shown: NDArray[np.int64]
    session: NDArray[np.int64]
    matches: NDArray[np.uint64]
    at: NDArray[np.int64]

    def only(self, rows: Any) -> Stream:
        """Some of the records, by mask or place."""
        return replace(
            self,
            user=self.user[rows],
            time=np.ascontiguousarray(self.time[rows]),
            code=self.code[rows],
            shown=self.shown[rows],
            session=self.session[rows],
            matches=self.matches[rows],
            at=self.at[rows],
        )


def stream_of(plan: FlowPlan, store: Store, rows: Buckets, now: datetime) -> Stream:
    """What is visible of the store to this flow; virtual session events only where they are anchors."""
    matches = _anchors(plan, store, now)
    inside = (rows.index(store.time) >= 0) & (store.time <= milliseconds(now))
    inside[store.offsets[-1] :] = False
    unseen = OUTSIDE | not_any_event(store) | set(plan.hidden)
    shown = ~np.array([name in unseen for name in store.event_names] + [False])
    inside &= (matches != 0) | shown[store.event]
    by_session = plan.window_ms is None
    sessions = sessions_of(store) if by_session else None
    if sessions is not None:
        inside &= sessions != NO_SESSION  # what belongs to no session ends none either
    at = np.flatnonzero(inside)
    code = store.event[at].astype(np.int64)
    names, shown_as = _merged(plan, store, at, code, now)
    stream = Stream(
        names,
        store.user_of_event()[at],
        np.ascontiguousarray(store.time[at]),
        code,
        shown_as,
        np.full(len(at), NO_SESSION, np.int64) if sessions is None else sessions[at],
        matches[at],
        at,
    )
    if plan.held:
        stream = _held(plan, store, stream, now)
    return _collapsed(stream, by_session) if plan.collapse else stream


def _anchors(plan: FlowPlan, store: Store, now: datetime) -> NDArray[np.uint64]:
    """Which records may be which anchor; global filters choose among them (semantics W-12)."""
    allowed = all_hold(store, plan.where, now)
    marks = np.zeros(len(store), np.uint64)
    for number, anchor in enumerate(plan.anchors):
        chosen = select(store, anchor.selection, now)
        chosen = chosen if allowed is None else chosen & allowed
        marks |= chosen.astype(np.uint64) << np.uint64(number)
    return marks


def _merged(
    plan: FlowPlan, store: Store, at: NDArray[np.int64], code: NDArray[np.int64], now: datetime
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The names of nodes, and what stands for every record: the first custom event that holds it (W-9)."""
    custom = [anchor.selection for anchor in plan.anchors if anchor.selection.others]
    names = list(dict.fromkeys([*store.event_names, *(one.name for one in (*custom, *plan.merged))]))
    shown = code
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
    if plan.counting != "total":
        once = stream.user if plan.counting == "unique" else stream.session
        entries = np.flatnonzero(stream.matches & np.uint64(1))
        first = entries[np.unique(once[entries], return_index=True)[1]]
        matches = stream.matches & ~np.uint64(1)
        matches[first] |= np.uint64(1)
        stream = replace(stream, matches=matches)
    key = stream.user * (int(value.max(initial=0)) + 1) + value
    order = np.argsort(key, kind="stable")
    return replace(stream.only(order), user=key[order])


def _collapsed(stream: Stream, by_session: bool) -> Stream:
    """Runs of one event become their first record, an anchor where any of the run is one."""
    if not len(stream.code):
        return stream
    same = (np.diff(stream.shown) == 0) & (np.diff(stream.user) == 0)
    if by_session:
        same &= np.diff(stream.session) == 0
    first = np.flatnonzero(np.insert(~same, 0, True))
    return replace(stream.only(first), matches=np.bitwise_or.reduceat(stream.matches, first))
