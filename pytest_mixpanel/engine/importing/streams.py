"""Events put together anew user by user: however many there are, those of some users are in memory at once.

Once it is known who is who, nothing that is said of one user touches another. A segment has its events by
user already, so some users are a few stretches of each segment: their events are sorted and compared with
each other, and written before the next ones are read. Properties follow one by one, in the order that was
found.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.importing import rows as rows_module
from pytest_mixpanel.engine.importing.identity import Owners
from pytest_mixpanel.engine.importing.rows import Places
from pytest_mixpanel.engine.store.assemble import by_owner_and_time
from pytest_mixpanel.engine.store.building import signed_code_type
from pytest_mixpanel.engine.store.columns import Column
from pytest_mixpanel.engine.store.manifest import Entry, SourceFile
from pytest_mixpanel.engine.store.segments import Segment
from pytest_mixpanel.engine.store.unify import Unified, entries_of, unified

PART_EVENTS = 1 << 19
"""Events that are sorted together."""

IN_MEMORY = 1 << 26
"""Bytes of a column above which it is put together in a file."""

Ints = NDArray[np.integer[Any]]
Rows = slice | Places
"""Some rows of a stream."""


@frozen
class Stream:
    """Events by user: those of ``names[i]`` lie ``at`` the places ``offsets[i]`` to ``offsets[i + 1]``.

    ``at`` is ``None`` where rows lie so themselves. ``order`` numbers them by ``files``, of which each had so
    many ``file_rows``; one that is ``None`` is gone, and its events are not told. ``ids``: a code for every
    row, and the distinct ids as they were told; ``None`` where these are the users' names.
    """

    files: tuple[SourceFile | None, ...]
    file_rows: Sequence[int]
    names: Sequence[str]
    offsets: Places
    at: Places | None
    time: NDArray[np.int64]
    event: Ints
    event_names: Sequence[str]
    order: Ints
    columns: Mapping[str, Column]
    ids: tuple[Ints, Sequence[str]] | None = None

    def file_of(self, order: Any) -> Places:
        starts = np.append(0, np.cumsum(self.file_rows))[:-1]
        return np.asarray(np.searchsorted(starts, order, side="right") - 1)

    def told(self, places: Rows) -> tuple[Rows, NDArray[np.bool_] | None]:
        """The rows at some places, and which of the places they are; ``None``: all."""
        rows: Rows = places if self.at is None else self.at[places]
        if None not in self.files:
            return rows, None
        there = np.array([file is not None for file in self.files], bool)[self.file_of(self.order[rows])]
        every = np.arange(rows.start, rows.stop) if isinstance(rows, slice) else rows
        return every[there], there

    def counts(self) -> Places:
        """How many events are told of every user."""
        if None not in self.files:
            return np.diff(self.offsets)
        ends = [np.zeros(1, np.int64)]
        for first in range(0, int(self.offsets[-1]), PART_EVENTS):
            there = self.told(slice(first, min(first + PART_EVENTS, int(self.offsets[-1]))))[1]
            assert there is not None
            ends.append(ends[-1][-1] + np.cumsum(there))
        return np.diff(np.concatenate(ends)[self.offsets])


def streams_of(entry: Entry, segment: Segment, names: Sequence[str | None]) -> list[Stream]:
    """The events of a segment whose users bear these names: those that count, and those that repeat them."""
    users = [*(name or "" for name in names), ""]
    event, event_names = segment.raw_event
    rows = segment.time, event, event_names, segment.order, segment.columns, segment.told_ids
    offsets = np.append(segment.offsets, segment.visible)
    streams = [Stream(entry.files, segment.told["file_rows"], users, offsets, None, *rows)]
    if segment.rows > segment.visible:
        owner = segment.spare_owner
        offsets = np.append(0, np.cumsum(np.bincount(owner, minlength=len(users))))
        at = segment.visible + np.argsort(owner, kind="stable")
        streams.append(Stream(entry.files, segment.told["file_rows"], users, offsets, at, *rows))
    return streams


def stream_of(rows: rows_module.Rows, owners: Owners | None = None) -> Stream:
    """Events in any order; ``owners`` says whose they are where that is not as they were told."""
    user, names = (rows.user, rows.users) if owners is None else (owners.codes, owners.names)
    at = by_owner_and_time(user, len(names), rows.time)
    offsets = np.append(0, np.cumsum(np.bincount(user, minlength=len(names))))
    told = rows.time, rows.event, rows.event_names, rows.order, rows.columns
    ids = None if owners is None else (rows.user, rows.users)
    return Stream(rows.files, [file.rows for file in rows.files], names, offsets, at, *told, ids)


Entries = Callable[[int, Stream, Rows], NDArray[Any]]
"""What is told of some rows of a stream, which comes with its place among the streams."""


@frozen
class Streams:
    """Streams that become one: its ``files`` in their order, the ``names`` of users who have events.

    ``codes``: of each stream, which of the names its users bear; −1 for one of whom no event is told.
    ``ids``: distinct ids of all that tell them; ``id_codes``: of each stream, which of these its own are.
    """

    streams: Sequence[Stream]
    codes: Sequence[NDArray[np.int32]]
    files: tuple[SourceFile, ...]
    names: Sequence[str]
    ids: Sequence[str]
    id_codes: Sequence[NDArray[np.int32]]
    rows: int

    @classmethod
    def of(cls, given: Iterable[Stream]) -> Streams:
        """Streams put together; the names of one at a time are in memory."""
        files: set[SourceFile] = set()
        names: dict[str, int] = {}
        ids: dict[str, int] = {}
        streams, codes, id_codes, rows = [], [], [], 0
        for stream in given:
            counts = stream.counts()
            rows += int(counts.sum())
            files.update(file for file in stream.files if file is not None)
            code = np.full(len(counts), -1, np.int32)
            some = np.flatnonzero(counts)
            code[some] = [names.setdefault(stream.names[at], len(names)) for at in some.tolist()]
            codes.append(code)
            told, known = stream.ids or (None, ())
            id_codes.append(np.array([ids.setdefault(name, len(ids)) for name in known], np.int32))
            streams.append(replace(stream, names=(), ids=None if told is None else (told, ())))
        ordered = tuple(sorted(files, key=lambda file: file.rank))
        return cls(streams, codes, ordered, list(names), list(ids), id_codes, rows)

    @property
    def event_names(self) -> list[str]:
        return list(dict.fromkeys(name for stream in self.streams for name in stream.event_names))

    @property
    def columns(self) -> list[str]:
        return list(dict.fromkeys(name for stream in self.streams for name in stream.columns))

    def parts(self, position: Places) -> list[Part]:
        """The streams cut between users; ``position``: of each of the names."""
        position = np.append(position, -1)
        pairs = zip(self.streams, self.codes, strict=True)
        runs = [_Run.of(stream, position[code]) for stream, code in pairs]
        counts = np.zeros(len(self.names), np.int64)
        for run in runs:
            counts += np.bincount(run.positions, run.sizes, len(counts)).astype(np.int64)
        ends = np.cumsum(counts)
        marks = np.arange(PART_EVENTS, int(ends[-1]), PART_EVENTS)
        bounds = sorted({0, *np.searchsorted(ends, marks).tolist(), len(self.names)})
        return [Part(runs, low, high) for low, high in pairwise(bounds)]

    def column(self, name: str, laid: Laid, draft: Path) -> Column:
        """A property of all parts."""
        columns = [stream.columns.get(name) for stream in self.streams]
        common = unified(columns)
        return common.column(self.entries(entries_of_all(columns, common), common.kind, laid, draft))

    def told_ids(self, laid: Laid, draft: Path) -> NDArray[Any]:
        """Which of the ids each event came with."""

        def told(at: int, stream: Stream, rows: Rows) -> NDArray[Any]:
            assert stream.ids is not None
            return self.id_codes[at][stream.ids[0][rows]]

        return self.entries(told, signed_code_type(len(self.ids)), laid, draft)

    def entries(self, of: Entries, kind: type[Any], laid: Laid, draft: Path) -> NDArray[Any]:
        """What ``of`` tells of all events, as they are laid."""
        entries = room(self.rows, kind, draft)
        done, end = 0, sum(map(len, laid.orders))
        for part, order, rest in zip(laid.parts, laid.orders, laid.ends, strict=True):
            whole = part.entries(of)
            entries[done : done + len(order)] = whole[order]
            entries[end : end + len(rest)] = whole[rest]
            done, end = done + len(order), end + len(rest)
        return entries


@frozen
class Laid:
    """In which order the events of each part come; those at the ``ends`` of parts come after all others."""

    parts: Sequence[Part]
    orders: Sequence[NDArray[np.int32]]
    ends: Sequence[NDArray[np.int32]]


def entries_of_all(columns: Sequence[Column | None], common: Unified) -> Entries:
    """What columns, one of each stream, store of rows, in common."""

    def told(at: int, _: Stream, rows: Rows) -> NDArray[Any]:
        column = columns[at]
        count = rows.stop - rows.start if isinstance(rows, slice) else len(rows)
        return common.piece(at, None if column is None else entries_of(column)[rows], count)

    return told


def room(rows: int, kind: type[Any], draft: Path) -> NDArray[Any]:
    """Where so many entries can be put: in a file that has no name, where they are many."""
    if rows * np.dtype(kind).itemsize <= IN_MEMORY:
        return np.empty(rows, kind)
    with tempfile.TemporaryFile(dir=draft) as file:
        return np.memmap(file, kind, "w+", shape=(rows,))


@frozen
class _Run:
    """A stream by the positions of its users: ``who`` they are; ``None``: they lie so."""

    stream: Stream
    positions: Places
    who: Places | None
    sizes: Places

    @classmethod
    def of(cls, stream: Stream, positions: Places) -> _Run:
        sizes = np.diff(stream.offsets)
        who = np.argsort(positions, kind="stable")
        who = who[positions[who] >= 0]  # the others have no events that are told
        return cls(
            stream, positions[who], None if np.array_equal(who, np.arange(len(sizes))) else who, sizes[who]
        )

    def part(self, low: int, high: int) -> tuple[Rows, Places]:
        """The rows of the users between two positions, and the position of each row's."""
        first, end = np.searchsorted(self.positions, [low, high]).tolist()
        size, offsets = self.sizes[first:end], self.stream.offsets
        owner = np.repeat(self.positions[first:end], size)
        places: Rows = slice(int(offsets[first]), int(offsets[end]))
        if self.who is not None:
            starts = offsets[self.who[first:end]]
            places = np.repeat(starts + size - np.cumsum(size), size) + np.arange(len(owner))
        rows, there = self.stream.told(places)
        return rows, owner if there is None else owner[there]


@frozen
class Part:
    """The events of the users from one position to another, of all streams, one after the other."""

    runs: Sequence[_Run]
    low: int
    high: int

    def rows(self) -> list[tuple[Rows, Places]]:
        """Of every stream the rows, and the position of each row's user."""
        return [run.part(self.low, self.high) for run in self.runs]

    def owner(self) -> Places:
        """The position of every event's user."""
        return np.concatenate([owner for _, owner in self.rows()])

    def entries(self, of: Entries) -> NDArray[Any]:
        """What ``of`` tells of each event."""
        told = enumerate(zip(self.runs, self.rows(), strict=True))
        return np.concatenate([of(at, run.stream, rows) for at, (run, (rows, _)) in told])
