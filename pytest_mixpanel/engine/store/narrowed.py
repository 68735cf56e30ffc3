"""A store with some of its events alone; the users and their profiles stay."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.kernels.owners import count_before
from pytest_mixpanel.engine.store.columns import rows_of_all
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
        columns=rows_of_all(store.columns, at),
    )
