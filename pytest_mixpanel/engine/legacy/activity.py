"""What named users did, event by event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from pytest_mixpanel.engine.calendar import midnight
from pytest_mixpanel.engine.discovery.export import records
from pytest_mixpanel.engine.envelope import milliseconds
from pytest_mixpanel.engine.store.store import Store

MOST_EVENTS = 15_000
"""Of one answer; the latest are kept (reference §2.5)."""


def activity(
    store: Store, distinct_ids: Sequence[str], first: date, last: date, now: datetime
) -> list[dict[str, Any]]:
    """The events of these users on these local days, by time; times are in seconds."""
    wanted = set(distinct_ids)
    users = [number for number, user in enumerate(store.users) if user in wanted]
    ranges = [np.arange(store.offsets[user], store.offsets[user + 1]) for user in users]
    at = np.concatenate([np.empty(0, np.int64), *ranges])
    time = np.asarray(store.time)[at]
    start, end = midnight(first, store.time_zone), midnight(last + timedelta(days=1), store.time_zone)
    at = at[(time >= start) & (time < end) & (time <= milliseconds(now))]
    at = at[np.argsort(np.asarray(store.time)[at], kind="stable")][-MOST_EVENTS:]
    return [_event(record) for record in records(store, at)]


def _event(record: dict[str, Any]) -> dict[str, Any]:
    properties = dict(record["properties"])
    user, time = properties.pop("distinct_id"), properties.pop("time") // 1000
    return {"event": record["event"], "properties": {"time": time, "$distinct_id": user, **properties}}
