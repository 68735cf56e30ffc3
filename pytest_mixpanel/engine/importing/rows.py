"""Events as they were told, wherever they lie: just read, or in segments that are put together anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.store.columns import Column, LazyColumns, rows_of_all
from pytest_mixpanel.engine.store.segments import Entry, Segment, SourceFile
from pytest_mixpanel.engine.store.unify import entries_of, unified

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

    @property
    def file_of(self) -> Places:
        """The place among the files of every event's."""
        return np.searchsorted(starts_of(self.files), self.order, side="right") - 1


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


def joined(parts: Sequence[Rows]) -> Rows:
    """The events of several, numbered in the order of all their files."""
    if len(parts) == 1:
        return parts[0]
    numbered = sorted(
        (file.rank, part, at) for part, each in enumerate(parts) for at, file in enumerate(each.files)
    )
    files = [parts[part].files[at] for _, part, at in numbered]
    starts = {
        (part, at): start for (_, part, at), start in zip(numbered, starts_of(files).tolist(), strict=True)
    }
    order = []
    for part, each in enumerate(parts):
        shift = np.array([starts[part, at] for at in range(len(each.files))], np.int64) - starts_of(
            each.files
        )
        order.append(each.order + shift[each.file_of])
    event, names = _united([(each.event, each.event_names) for each in parts])
    user, users = _united([(each.user, each.users) for each in parts])
    whole = np.concatenate(order)
    user, users = _as_they_came(user, users, whole)
    return Rows(
        files=tuple(files),
        time=np.concatenate([each.time for each in parts]),
        event=event,
        event_names=names,
        user=user,
        users=users,
        columns=_joined_columns(parts),
        order=whole,
    )


def _united(coded: Sequence[tuple[NDArray[Any], Sequence[str]]]) -> tuple[Places, list[str]]:
    place: dict[str, int] = {}
    codes = []
    for each, names in coded:
        table = np.array([place.setdefault(name, len(place)) for name in names], np.int64)
        codes.append(table[each] if len(table) else np.asarray(each, np.int64))
    return np.concatenate(codes), list(place)


def _as_they_came(codes: Places, names: Sequence[str], order: Places) -> tuple[Places, list[str]]:
    """Names in the order of the first event of each."""
    first = np.full(len(names), np.iinfo(np.int64).max)
    np.minimum.at(first, codes, order)
    ranked = np.argsort(first, kind="stable")
    place = np.empty(len(names), np.int64)
    place[ranked] = np.arange(len(names))
    return place[codes], [names[at] for at in ranked.tolist()]


def _joined_columns(parts: Sequence[Rows]) -> LazyColumns:
    """Columns one after the other; they are made anew each time, so that one is in memory at once."""

    def make(name: str) -> Column:
        columns = [part.columns.get(name) for part in parts]
        common = unified(columns)
        pieces = [
            common.piece(at, None if column is None else entries_of(column), len(part))
            for at, (part, column) in enumerate(zip(parts, columns, strict=True))
        ]
        return common.column(np.concatenate(pieces))

    return LazyColumns(dict.fromkeys(name for part in parts for name in part.columns), make, keep=False)
