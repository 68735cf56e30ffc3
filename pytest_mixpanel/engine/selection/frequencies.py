"""How often users did something, told at each of their events (semantics I-31)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.calendar import Buckets, Calendar, day_edges, local_moment
from pytest_mixpanel.engine.sessions.finding import NO_SESSION, sessions_of
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.segments import Reach
from pytest_mixpanel.query.plan.selecting import Selection
from pytest_mixpanel.query.plan.times import DAY_MS, UNIT_MS, Range

YEAR_MS = 365 * DAY_MS


def times_done(
    store: Store, selection: Selection, span: Range, whole: bool, now: datetime
) -> NDArray[np.int64]:
    """For every event how often its user did it: in the whole range, or in the bucket of the event.

    Buckets before the range, which rolling means look back on, are counted like those in it. Nobody's
    events have none.
    """
    # Selections are made of filters, which ask for frequencies.
    from pytest_mixpanel.engine.selection.chosen import select

    time, owner = np.asarray(store.time), store.user_of_event()
    buckets = Buckets.of(span, local_moment(now, store.time_zone).date(), store)
    inside = buckets.index(time).astype(np.int64)
    seen = select(store, selection, now) & (time <= now.timestamp() * 1000) & (owner >= 0)
    if whole:
        counts = np.bincount(owner[seen & (inside >= 0)], minlength=store.n_users)
        return np.where(owner >= 0, np.append(counts, 0)[owner], 0)
    earlier = _before(buckets, time, store)
    bucket = inside if earlier is None else np.where(inside >= 0, inside + len(earlier), earlier.index(time))
    key = np.where((owner >= 0) & (bucket >= 0), owner * (len(buckets) + len(earlier or ())) + bucket, -1)
    keys, counts = np.unique(key[seen & (key >= 0)], return_counts=True)
    if not len(keys):
        return np.zeros(len(store), np.int64)
    place = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
    return np.where(keys[place] == key, counts[place], 0)


def _before(buckets: Buckets, time: NDArray[np.int64], store: Store) -> Buckets | None:
    """The buckets from the first event on to the range."""
    last = buckets.calendar.start(buckets.first, buckets.unit) - timedelta(days=1)
    if not len(time):
        return None
    first: date = local_moment(
        datetime.fromtimestamp(int(time.min()) / 1000).astimezone(), store.time_zone
    ).date()
    first = buckets.calendar.start(first, buckets.unit)
    return Buckets(first, last, buckets.unit, buckets.calendar) if first <= last else None


def times_after(store: Store, selection: Selection, reach_of: Reach, now: datetime) -> NDArray[np.int64]:
    """For every event how often its user did it from then on within reach, itself apart."""
    from pytest_mixpanel.engine.selection.chosen import select

    reach = int(store.offsets[-1])
    done = select(store, selection, now) & (store.time <= now.timestamp() * 1000)
    before = np.r_[0, np.cumsum(done[:reach])]
    first, end = _until(store, np.arange(reach), _ends(store, store.time[:reach], reach_of) - 1)
    found = np.zeros(len(store), np.int64)
    found[:reach] = before[end] - before[first] - done[:reach]
    return found


def times_along(
    store: Store,
    selection: Selection,
    attempts: NDArray[np.int64],
    window: int,
    sessions: int,
    now: datetime,
) -> NDArray[np.int64]:
    """How often it was done from the entry to the last step, or to the end of the window, steps apart.

    The window is of so many milliseconds, or of so many sessions.
    """
    from pytest_mixpanel.engine.selection.chosen import select

    done = select(store, selection, now) & (store.time <= now.timestamp() * 1000)
    before = np.r_[0, np.cumsum(done)]
    entry, last = attempts[:, 0], attempts[:, -1]
    closes = (
        _closes(store, entry, sessions) if sessions else _until(store, entry, store.time[entry] + window)[1]
    )
    end = np.where(last >= 0, np.maximum(last, entry), closes)
    steps = done[attempts] & (attempts > entry[:, None]) & (attempts < end[:, None])
    return np.asarray(before[end] - before[entry + 1 - (end == entry)] - steps.sum(axis=1)).clip(0)


def _closes(store: Store, entry: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """One past the last event of each entry's session, or of so many from it on (semantics F-42)."""
    number = sessions_of(store)
    known = np.flatnonzero(number != NO_SESSION)
    last = np.zeros(int(number.max(initial=0)) + 1, np.int64)
    last[number[known]] = known
    owner = store.user_of_event()
    own = np.searchsorted(owner[last], owner[entry], side="right") - 1
    return np.asarray(last[np.minimum(number[entry] + count - 1, own)] + 1)


def _ends(store: Store, time: NDArray[np.int64], reach: Reach) -> NDArray[np.int64]:
    """Where what begins at each time ends: so many units on, of time or of the calendar (R-5, R-6)."""
    if not reach.calendar or not len(time):
        return np.asarray(time + reach.count * UNIT_MS[reach.unit])
    years = reach.count * UNIT_MS[reach.unit] // YEAR_MS + 1
    edges, days = day_edges(int(time.min()), int(time.max()), store.time_zone, margin=years)
    units = Calendar.of(store).units(days, reach.unit)
    begins = np.flatnonzero(np.r_[True, np.diff(units) != 0])
    here = units[np.searchsorted(edges, time, side="right") - 1]
    return np.asarray(edges[begins][np.searchsorted(units[begins], here + reach.count)])


def _until(
    store: Store, at: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first event of the user at the time of each, and one past the last until an instant."""
    reach = int(store.offsets[-1])
    time = np.asarray(store.time[:reach])
    least = int(time.min(initial=0))
    span = int(time.max(initial=0)) - least + 1
    owner = store.user_of_event()[:reach]
    key = owner * span + (time - least)
    latest = owner[at] * span + np.minimum(np.asarray(end) - least, span - 1)
    return np.searchsorted(key, key[at]), np.searchsorted(key, latest, side="right")
