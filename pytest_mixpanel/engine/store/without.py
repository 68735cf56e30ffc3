"""A store without some of its events: those that somebody asked to delete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.calendar import midnight
from pytest_mixpanel.engine.store.columns import CodedColumn, Column, NumberColumn
from pytest_mixpanel.engine.store.store import Store

Mask = NDArray[np.bool_]


@frozen
class Deletion:
    """Events of one name on these days of the project's time zone, both included."""

    event: str
    first: date
    last: date


def deleted(store: Store, deletions: Sequence[Deletion]) -> Mask:
    """Which events any of the deletions names: bool[n]."""
    mask: Mask = np.zeros(len(store), bool)
    for one in deletions:
        start = midnight(one.first, store.time_zone)
        end = midnight(one.last + timedelta(days=1), store.time_zone)
        code = store.event_code(one.event)
        if code is not None:
            mask |= (store.event == code) & (store.time >= start) & (store.time < end)
    return mask


def without(store: Store, deletions: Sequence[Deletion]) -> Store:
    """The store without those events; users and profiles stay."""
    if not deletions:
        return store
    kept = ~deleted(store, deletions)
    before = np.concatenate([[0], np.cumsum(kept)])
    return replace(
        store,
        offsets=before[store.offsets],
        time=store.time[kept],
        event=store.event[kept],
        columns={name: _of(column, kept) for name, column in store.columns.items()},
        fingerprint="",
    )


def _of(column: Column, kept: Mask) -> Column:
    if isinstance(column, NumberColumn):
        return NumberColumn(column.numbers[kept])
    return CodedColumn(column.codes[kept], column.values)
