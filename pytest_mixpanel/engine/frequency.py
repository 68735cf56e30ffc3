"""How often users come in a period: in how many of its hours or days they did something (semantics §4.7)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import numpy as np

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.calendar import Buckets, Calendar, local_days
from pytest_mixpanel.engine.envelope import milliseconds
from pytest_mixpanel.engine.filters import select
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan import Selection

LENGTHS = {
    ("day", "hour"): 24,
    ("week", "day"): 7,
    ("week", "hour"): 168,
    ("month", "day"): 31,
    ("month", "hour"): 744,
}
"""Inner units of an outer one (semantics R-34)."""
HOUR_MS = 3_600_000


def frequencies(
    store: Store,
    selection: Selection,
    first: date,
    last: date,
    unit: Literal["day", "week", "month"],
    inner: Literal["hour", "day"],
    now: datetime,
) -> dict[str, list[int]]:
    """First day of each period → users active in at least 1, 2, … of its inner units.

    Raises ``ParamValidationError`` for units that do not go together.
    """
    if (unit, inner) not in LENGTHS:
        raise ParamValidationError(f"addiction_unit: there is no frequency of {inner}s in a {unit}")
    length, buckets = LENGTHS[unit, inner], Buckets(first, last, unit, Calendar.of(store))
    bucket = buckets.index(store.time)
    chosen = select(store, selection, now) & (bucket >= 0) & (store.time <= milliseconds(now))
    at = np.flatnonzero(chosen[: store.offsets[-1]])
    moment = store.time[at] // HOUR_MS if inner == "hour" else local_days(store.time[at], store.time_zone)
    owner = np.searchsorted(store.offsets, at, side="right") - 1
    active = np.unique(np.stack([bucket[at].astype(np.int64), owner, moment]), axis=1)
    pairs, times = np.unique(active[:2], axis=1, return_counts=True)
    found = {}
    for number, label in enumerate(buckets.labels):
        exactly = np.bincount(np.minimum(times[pairs[0] == number], length), minlength=length + 1)[1:]
        found[label[:10]] = np.cumsum(exactly[::-1])[::-1].tolist()
    return found
