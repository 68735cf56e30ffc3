"""A store with some of its events alone; the users and their profiles stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.kernels.places import count_before
from pytest_mixpanel.engine.store.columns import Column, rows_of
from pytest_mixpanel.engine.store.store import Store


def narrowed(store: Store, at: NDArray[np.int64]) -> Store:
    """The events at some ascending places; their columns are picked when they are first asked for."""
    offsets = np.empty(len(store.offsets), np.int64)
    count_before(at, store.offsets, offsets)
    return replace(
        store,
        offsets=offsets,
        # All places exist; in this mode nothing is buffered.
        time=np.take(store.time, at, mode="clip"),
        event=np.take(store.event, at, mode="clip"),
        columns=PickedColumns(store.columns, at),
    )


class PickedColumns(Mapping[str, Column]):
    """Some rows of every column."""

    def __init__(self, whole: Mapping[str, Column], at: NDArray[np.int64]) -> None:
        self._whole, self._at = whole, at
        self._picked: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        if name not in self._picked:
            self._picked[name] = rows_of(self._whole[name], self._at)
        return self._picked[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)
