"""Events as they were told, wherever they lie: just read, or in segments that are put together anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.store.columns import Column, rows_of_all
from pytest_mixpanel.engine.store.manifest import Entry, SourceFile
from pytest_mixpanel.engine.store.segments import Segment

Places = NDArray[np.int64]


@frozen
class Rows:
    """Events in any order, under the names and distinct ids they came with, which ``users`` has as they came.

    ``order`` numbers them: those of ``files[0]`` first, those of a file as they stand in it.
    """

    files: tuple[SourceFile, ...]
    time: Places
    event: NDArray[Any]
    event_names: Sequence[str]
    user: NDArray[Any]
    users: Sequence[str]
    columns: Mapping[str, Column]
    order: Places

    def __len__(self) -> int:
        return len(self.time)


def starts_of(files: Sequence[SourceFile]) -> Places:
    """The number of every file's first event."""
    return np.append(0, np.cumsum([file.rows for file in files]))[: len(files)].astype(np.int64)


def rows_of(entry: Entry, segment: Segment) -> Rows:
    """The events of a segment whose files are still there, those that repeat others included."""
    files = [file for file in entry.files if file is not None]
    order, at = np.asarray(segment.order, np.int64), None
    if len(files) < len(entry.files):
        file = segment.file_of(order)
        alive = np.array([each is not None for each in entry.files])
        at = np.flatnonzero(alive[file])
        renumbered = np.cumsum(np.where(alive, segment.told["file_rows"], 0)) - segment.told["file_rows"]
        order = (order - segment.starts[file] + renumbered[file])[at]
    (event, names), (ids, users) = segment.raw_event, segment.ids

    def chosen(values: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(values) if at is None else values[at]

    columns = segment.columns if at is None else rows_of_all(segment.columns, at, keep=False)
    return Rows(tuple(files), chosen(segment.time), chosen(event), names, chosen(ids), users, columns, order)
