"""The visible stream of a flow: what its users did in the range, in order (semantics W-3, W-4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.calendar import Buckets
from pytest_mixpanel.engine.envelope import milliseconds
from pytest_mixpanel.engine.filters import all_hold, select
from pytest_mixpanel.engine.sessions import NO_SESSION, sessions_of
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.visibility import OUTSIDE, not_any_event
from pytest_mixpanel.query.plan_flows import FlowPlan


@dataclass(frozen=True, slots=True)
class Stream:
    """Visible records by user and time; ``code`` is an index into ``names``.

    Bit a of ``matches`` says that a record may be anchor a. Sessions are told only to a flow within them.
    """

    names: tuple[str, ...]
    user: NDArray[np.int64]
    time: NDArray[np.int64]
    code: NDArray[np.int64]
    session: NDArray[np.int64]
    matches: NDArray[np.uint64]


def stream_of(plan: FlowPlan, store: Store, rows: Buckets, now: datetime) -> Stream:
    """What is visible of the store to this flow; virtual session events only where they are anchors."""
    matches = _anchors(plan, store, now)
    inside = (rows.index(store.time) >= 0) & (store.time <= milliseconds(now))
    inside[store.offsets[-1] :] = False
    unseen = OUTSIDE | not_any_event(store) | set(plan.hidden)
    shown = ~np.array([name in unseen for name in store.event_names] + [False])
    at = np.flatnonzero(inside & ((matches != 0) | shown[store.event]))
    by_session = plan.window_ms is None
    stream = Stream(
        store.event_names,
        store.user_of_event()[at],
        np.ascontiguousarray(store.time[at]),
        store.event[at].astype(np.int64),
        sessions_of(store)[at] if by_session else np.full(len(at), NO_SESSION, np.int64),
        matches[at],
    )
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
