"""The visible stream of a flow: what its users did in the range, in order (semantics W-3, W-4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.calendar import Buckets
from pytest_mixpanel.engine.envelope import milliseconds
from pytest_mixpanel.engine.filters import SESSION_EVENTS, all_hold, select
from pytest_mixpanel.engine.sessions import NO_SESSION, OUTSIDE, sessions_of
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan_flows import FlowPlan


@dataclass(frozen=True, slots=True)
class Stream:
    """Visible records by user and time; ``code`` is an index into ``names``.

    Bit a of ``matches`` says that a record may be anchor a.
    """

    names: tuple[str, ...]
    user: NDArray[np.int64]
    time: NDArray[np.int64]
    code: NDArray[np.int64]
    session: NDArray[np.int64]
    matches: NDArray[np.uint64]


def stream_of(plan: FlowPlan, store: Store, rows: Buckets, now: datetime) -> Stream:
    """What is visible of the store to this flow, virtual session events among it where they are anchors."""
    sessions = sessions_of(store)
    matches = _anchors(plan, store, now)
    inside = (rows.index(store.time) >= 0) & (store.time <= milliseconds(now))
    inside[store.offsets[-1] :] = False
    unseen = np.array([name in OUTSIDE or name in plan.hidden for name in store.event_names] + [False])
    shown = np.flatnonzero(inside & ((matches != 0) | ~unseen[store.event]))
    origin, code, marks, order = shown, store.event[shown].astype(np.int64), matches[shown], 3 * shown + 1
    for kind, name in enumerate(SESSION_EVENTS):
        wanted = _bits(plan, name)
        if wanted:
            at = _edges(sessions, last=name == "$session_end")
            at = at[inside[at]]
            origin, order = np.append(origin, at), np.append(order, 3 * at + 2 * kind)
            code = np.append(code, np.full(len(at), len(store.event_names) + kind))
            marks = np.append(marks, np.full(len(at), wanted, np.uint64))
    by = np.argsort(order, kind="stable")
    origin = origin[by]
    users = store.user_of_event()
    names = (*store.event_names, *SESSION_EVENTS)
    stream = Stream(names, users[origin], store.time[origin], code[by], sessions[origin], marks[by])
    return _collapsed(stream, plan.window_ms is None) if plan.collapse else stream


def _anchors(plan: FlowPlan, store: Store, now: datetime) -> NDArray[np.uint64]:
    """Which stored records may be which anchor; global filters choose among them (semantics W-12)."""
    allowed = all_hold(store, plan.where, now)
    marks = np.zeros(len(store), np.uint64)
    for number, anchor in enumerate(plan.anchors):
        if anchor.selection.event in SESSION_EVENTS:
            if anchor.selection.conditions or plan.where:
                raise ParamValidationError(
                    f"{anchor.selection.event}: filters on sessions are not computed yet"
                )
            continue
        chosen = select(store, anchor.selection, now)
        chosen = chosen if allowed is None else chosen & allowed
        marks |= chosen.astype(np.uint64) << np.uint64(number)
    return marks


def _bits(plan: FlowPlan, name: str) -> int:
    return sum(1 << number for number, anchor in enumerate(plan.anchors) if anchor.selection.event == name)


def _edges(sessions: NDArray[np.int64], last: bool) -> NDArray[np.int64]:
    """The first, or last, event of every session."""
    members = np.flatnonzero(sessions != NO_SESSION)
    changes = np.diff(sessions[members]) != 0
    edge = np.append(changes, True) if last else np.insert(changes, 0, True)
    found: NDArray[np.int64] = members[edge[: len(members)]]
    return found


def _collapsed(stream: Stream, by_session: bool) -> Stream:
    """Runs of one event become their first record, an anchor where any of the run is one."""
    if not len(stream.code):
        return stream
    same = (np.diff(stream.code) == 0) & (np.diff(stream.user) == 0)
    if by_session:
        same &= np.diff(stream.session) == 0
    first = np.flatnonzero(np.insert(~same, 0, True))
    return replace(
        stream,
        user=stream.user[first],
        time=stream.time[first],
        code=stream.code[first],
        session=stream.session[first],
        matches=np.bitwise_or.reduceat(stream.matches, first),
    )
