"""Sessions: runs of a user's records without a long gap, cut at local midnight (semantics S-1 to S-5)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.calendar import local_days
from pytest_mixpanel.engine.store.store import Store

TIMEOUT_MS = 30 * 60_000
NO_SESSION = -1

OUTSIDE = frozenset(
    {
        "$identify",
        "$create_alias",
        "$merge",
        "$hotshard_events",
        "$campaign_delivery",
        "$campaign_bounced",
        "$campaign_marked_spam",
        "$message_suppressed",
        "$unsubscribe",
        "$journey_entered",
    }
)
"""Records that a service writes, not a user: they belong to no session (semantics S-4)."""


def sessions_of(store: Store, timeout_ms: int = TIMEOUT_MS) -> NDArray[np.int64]:
    """The session of every event, numbered by user and time; ``NO_SESSION`` where it belongs to none.

    A gap of exactly the timeout continues a session (semantics S-2).
    """
    outside = np.array([name in OUTSIDE for name in store.event_names] + [False])
    members = np.flatnonzero(~outside[store.event[: store.offsets[-1]]])
    sessions = np.full(len(store), NO_SESSION, np.int64)
    if not len(members):
        return sessions
    time, user = store.time[members], store.user_of_event()[members]
    day = local_days(time, store.time_zone)
    starts = np.ones(len(members), bool)
    starts[1:] = (np.diff(user) != 0) | (np.diff(time) > timeout_ms) | (np.diff(day) != 0)
    sessions[members] = np.cumsum(starts) - 1
    return sessions
