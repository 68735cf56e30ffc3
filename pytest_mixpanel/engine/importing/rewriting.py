"""Streams of events → a segment in a folder, part by part."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.importing.pieces import Together
from pytest_mixpanel.engine.importing.rows import Places, starts_of
from pytest_mixpanel.engine.importing.streams import (
    PART_EVENTS,
    Laid,
    Part,
    Rows,
    Stream,
    Streams,
    entries_of_all,
    room,
)
from pytest_mixpanel.engine.importing.writing import write_atoms, write_links
from pytest_mixpanel.engine.settings import Settings
from pytest_mixpanel.engine.store.assemble import (
    DAY_MS,
    code_type,
    id_codes,
    merged_events,
    repeats,
    without_rows,
)
from pytest_mixpanel.engine.store.column_files import write_columns
from pytest_mixpanel.engine.store.segments import SEGMENT
from pytest_mixpanel.engine.store.store import INSERT_ID
from pytest_mixpanel.engine.store.unify import unified
from pytest_mixpanel.engine.store.written import save, write_header, write_values


class _Growing:
    """An ``.npy`` file that is written bit by bit; what is kept ``for_the_end`` comes after the rest."""

    def __init__(self, folder: Path, name: str, kind: Any, rows: int) -> None:
        self._kind, self._end = np.dtype(kind), [np.empty(0, kind)]
        self._file: BinaryIO = (folder / f"{name}.npy").open("wb")
        write_header(self._file, self._kind, rows)

    def write(self, values: NDArray[Any], for_the_end: NDArray[Any]) -> None:
        write_values(self._file, values.astype(self._kind, copy=False))
        self._end.append(for_the_end.astype(self._kind, copy=False))

    def __enter__(self) -> _Growing:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        with self._file:
            if error is None:
                write_values(self._file, np.concatenate(self._end))


@frozen
class _Part:
    """Some users' events in their order: those that count, and those that repeat others, and which."""

    time: NDArray[np.int64]
    event: NDArray[np.int64]
    number: NDArray[np.int64]
    owner: Places
    visible: Places
    repeated: Places
    by: Places


@frozen
class _Written:
    """Events that are in their files, as they are laid; ``raw_names`` where names were merged."""

    names: list[str]
    raw_names: list[str] | None
    laid: Laid
    first: int
    last: int


def rewrite_segment(folder: Path, together: Together, position: Places, settings: Settings) -> None:
    """Fill a folder; ``position`` says at which place the segment has every user, nobody last."""
    streams, joins = together.streams, settings.identity != "legacy"
    written = _write_events(folder, streams, position, settings)
    columns = write_columns(
        folder, "column", streams.columns, lambda name: streams.column(name, written.laid, folder)
    )
    users = [""] * len(streams.names)
    for at, name in zip(position.tolist(), streams.names, strict=True):
        users[at] = name
    (folder / "users.json").write_text(json.dumps(users[: _somebody(streams)]), encoding="utf-8")
    write_links(folder, together.links)
    if joins:
        _write_ids(folder, streams, written.laid)
        place = dict(zip(streams.names, position.tolist(), strict=True))
        write_atoms(folder, [(*atom, place[who]) for atom, who in together.atoms.items() if who in place])
    facts = {
        "visible": sum(map(len, written.laid.orders)),
        "rows": streams.rows,
        "event_names": written.names,
        "raw_names": written.raw_names,
        "has_ids": joins,
        "has_atoms": joins,
        "file_rows": [file.rows for file in streams.files],
        "first": written.first,
        "last": written.last,
        "columns": columns,
    }
    (folder / SEGMENT).write_text(json.dumps(facts), encoding="utf-8")


def _write_ids(folder: Path, streams: Streams, laid: Laid) -> None:
    """Distinct ids as they were told, numbered as they came."""
    codes, order = streams.told_ids(laid, folder), np.load(folder / "order.npy", mmap_mode="r")
    stretches = [slice(low, low + PART_EVENTS) for low in range(0, len(order), PART_EVENTS)]
    first = np.full(len(streams.ids), streams.rows)
    for some in stretches:
        np.minimum.at(first, codes[some], np.asarray(order[some], np.int64))
    ranked = np.argsort(first, kind="stable")
    place = np.empty(len(ranked), codes.dtype)
    place[ranked] = np.arange(len(ranked))
    for some in stretches:
        codes[some] = place[codes[some]]
    save(folder / "ids.npy", codes)
    named = [streams.ids[at] for at in ranked.tolist() if first[at] < streams.rows]
    (folder / "ids.json").write_text(json.dumps(named), encoding="utf-8")


def _somebody(streams: Streams) -> int:
    """How many users there are, nobody apart."""
    return len(streams.names) - ("" in streams.names)


def _write_events(folder: Path, streams: Streams, position: Places, settings: Settings) -> _Written:
    raw_names = streams.event_names
    names, table = merged_events(raw_names, np.arange(len(raw_names)), settings.merged_events)
    table, is_merged = np.asarray(table), list(names) != raw_names
    kinds: dict[str, Any] = {"time": np.int64, "event": code_type(len(names))}
    kinds["order"] = np.uint32 if streams.rows < 2**32 else np.int64
    if is_merged:
        kinds["raw"] = code_type(len(raw_names))
    counts = np.zeros(len(streams.names), np.int64)
    parts, orders, ends, by, owners = streams.parts(position), [], [], [], []
    kept, done = room(streams.rows, np.int32, folder), 0
    first, last = np.iinfo(np.int64).max, np.iinfo(np.int64).min
    read = _reader(streams, settings)
    with ExitStack() as opened:
        files = {
            name: opened.enter_context(_Growing(folder, name, kind, streams.rows))
            for name, kind in kinds.items()
        }
        for part in parts:
            found = read(part)
            if len(found.time):
                first, last = min(first, int(found.time.min())), max(last, int(found.time.max()))
            _write_part(files, found, table)
            counts[part.low : part.high] = np.bincount(
                found.owner[found.visible] - part.low, minlength=part.high - part.low
            )
            order = kept[done : done + len(found.visible)]
            order[:] = found.visible
            done += len(order)
            orders.append(order)
            ends.append(found.repeated.astype(np.int32))
            by.append(found.number[found.by])
            owners.append(found.owner[found.repeated].astype(np.int32))
    np.save(folder / "offsets.npy", np.append(0, np.cumsum(counts[: _somebody(streams)])).astype(np.int64))
    np.save(folder / "repeats.npy", np.concatenate(by))
    np.save(folder / "spare-owner.npy", np.concatenate(owners))
    laid = Laid(parts, orders, ends)
    return _Written(list(names), raw_names if is_merged else None, laid, first, last)


def _write_part(files: Mapping[str, _Growing], found: _Part, table: NDArray[np.integer[Any]]) -> None:
    """``table``: the name that each name was merged into."""
    told = {"time": found.time, "event": table[found.event], "raw": found.event, "order": found.number}
    for name, file in files.items():
        file.write(told[name][found.visible], told[name][found.repeated])


def _reader(streams: Streams, settings: Settings) -> Callable[[Part], _Part]:
    """What reads a part: its events under common numbers and names."""
    starts = dict(zip(streams.files, starts_of(streams.files).tolist(), strict=True))
    shifts, tables = [], []
    code = {name: at for at, name in enumerate(streams.event_names)}
    for stream in streams.streams:
        before = np.append(0, np.cumsum(stream.file_rows))[:-1].tolist()
        news = [
            0 if file is None else starts[file] - old for file, old in zip(stream.files, before, strict=True)
        ]
        shifts.append(np.array(news, np.int64))
        tables.append(np.array([code[name] for name in stream.event_names], np.int64))
    ids = [stream.columns.get(INSERT_ID) for stream in streams.streams]
    common = unified(ids) if any(each is not None for each in ids) else None

    def number(at: int, stream: Stream, rows: Rows) -> NDArray[np.int64]:
        order = np.asarray(stream.order[rows], np.int64)
        return order + shifts[at][stream.file_of(order)]

    def read(part: Part) -> _Part:
        time = part.entries(lambda _, stream, rows: stream.time[rows])
        event = part.entries(lambda at, stream, rows: tables[at][stream.event[rows]])
        numbers, owner = part.entries(number), part.owner()
        order = np.lexsort((numbers, time, owner))
        told = None
        if common is not None:
            told = id_codes(common.column(part.entries(entries_of_all(ids, common))), len(time))
        moment = time // DAY_MS if settings.dedupe_by_day else time
        repeated, by = repeats(order, owner, moment, event, told, numbers)
        return _Part(time, event, numbers, owner, without_rows(order, repeated), repeated, by)

    return read
