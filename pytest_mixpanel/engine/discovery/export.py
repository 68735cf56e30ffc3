"""Raw events, as the export API gives them: one JSON object a line, by time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.calendar import midnight
from pytest_mixpanel.engine.envelope import milliseconds
from pytest_mixpanel.engine.formulas import event_selector_mask
from pytest_mixpanel.engine.store.columns import Column, NumberColumn
from pytest_mixpanel.engine.store.store import Store

BLOCK = 10_000
"""Records that are in memory at once."""


def export_events(
    store: Store,
    first: date,
    last: date,
    now: datetime,
    events: Sequence[str] | None = None,
    limit: int | None = None,
    where: str | None = None,
) -> Iterator[dict[str, Any]]:
    """The events of these local days, both included, none later than ``now``; times in milliseconds.

    Raises ``FormulaError`` for an expression ``where`` that cannot be read.
    """
    start = midnight(first, store.time_zone)
    end = midnight(last + timedelta(days=1), store.time_zone)
    wanted = (store.time >= start) & (store.time < end) & (store.time <= milliseconds(now))
    if events is not None:
        codes = [code for name in events if (code := store.event_code(name)) is not None]
        wanted &= np.isin(store.event, codes)
    if where:
        wanted &= event_selector_mask(store, where, now)
    at = np.flatnonzero(wanted)
    at = at[np.argsort(store.time[at], kind="stable")][:limit]
    blocks = (at[start : start + BLOCK] for start in range(0, len(at), BLOCK))
    return (record for block in blocks for record in records(store, block))


def records(store: Store, at: NDArray[np.int64]) -> Iterator[dict[str, Any]]:
    """These events as they are exported; times in milliseconds."""
    owner = (np.searchsorted(store.offsets, at, side="right") - 1).tolist()
    columns = {name: _values(column, at) for name, column in store.columns.items()}
    for row, (position, user) in enumerate(zip(at.tolist(), owner, strict=True)):
        properties: dict[str, Any] = {
            "time": int(store.time[position]),
            "distinct_id": store.users[user] if user < store.n_users else "",
        }
        for name, values in columns.items():
            if values[row] is not _ABSENT:
                properties[name] = values[row]
        yield {"event": store.event_names[store.event[position]], "properties": properties}


_ABSENT = object()


def _values(column: Column, at: NDArray[np.int64]) -> list[Any]:
    if isinstance(column, NumberColumn):
        return [
            _ABSENT if value != value else int(value) if value.is_integer() else value
            for value in column.numbers[at].tolist()
        ]
    return [column.values[code] if code >= 0 else _ABSENT for code in column.codes[at].tolist()]
