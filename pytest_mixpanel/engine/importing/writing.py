"""Rows → a segment in a folder: sorted by user and time, what repeats others at the end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.importing.identity import Atoms, Links
from pytest_mixpanel.engine.importing.rows import Places, Rows
from pytest_mixpanel.engine.settings import Settings
from pytest_mixpanel.engine.store.assemble import (
    DAY_MS,
    by_owner_and_time,
    code_type,
    counted,
    id_codes,
    looked_up,
    merged_events,
    repeats,
    without_rows,
)
from pytest_mixpanel.engine.store.building import BuiltColumns, signed_code_type
from pytest_mixpanel.engine.store.column_files import write_columns
from pytest_mixpanel.engine.store.columns import UNDEFINED
from pytest_mixpanel.engine.store.segments import SEGMENT
from pytest_mixpanel.engine.store.store import INSERT_ID
from pytest_mixpanel.engine.store.threads import side_by_side
from pytest_mixpanel.engine.store.written import save


@frozen
class Known:
    """Whose rows are: ``atoms`` are what links may move, ``user`` says which of the ``users`` each is of."""

    atoms: Atoms
    user: NDArray[np.int32]
    users: Sequence[str]
    links: Links


def write_segment(folder: Path, rows: Rows, known: Known, position: Places, settings: Settings) -> None:
    """Fill a folder; ``position`` says at which place the segment has every owner, nobody last."""
    place = position.astype(np.int32)[known.user]
    owner = looked_up(place, known.atoms.codes)
    nobody = len(known.users) - ("" in known.users)
    order, repeated, by = _sorted(rows, owner, nobody + 1, settings)
    whole = np.concatenate([order, repeated]) if len(repeated) else order
    counts = counted(owner, nobody + 1) - np.bincount(owner[repeated], minlength=nobody + 1)
    names, event = merged_events(rows.event_names, rows.event, settings.merged_events)
    raw = None if list(names) == list(rows.event_names) else list(rows.event_names)
    joins = settings.identity != "legacy"
    if joins:
        write_atoms(folder, _borne(known, place))
        _write_texts(folder, "ids", rows.users)
    write_links(folder, known.links)
    _write_texts(folder, "users", _placed(known.users, position, nobody))
    np.save(folder / "offsets.npy", np.concatenate([[0], np.cumsum(counts[:nobody])]).astype(np.int64))
    np.save(folder / "repeats.npy", rows.order[by])
    np.save(folder / "spare-owner.npy", owner[repeated])
    del owner
    # Columns that were just read are let go one by one, which makes room for the others.
    make = rows.columns.take if isinstance(rows.columns, BuiltColumns) else rows.columns.__getitem__
    columns = write_columns(folder, "column", [*rows.columns], make, order=whole)
    by_row = {
        "time": rows.time,
        "event": np.asarray(event).astype(code_type(len(names)), copy=False),
        "order": rows.order.astype(np.uint32 if len(rows) < 2**32 else np.int64, copy=False),
    }
    if raw is not None:
        by_row["raw"] = np.asarray(rows.event).astype(code_type(len(raw)), copy=False)
    if joins:
        by_row["ids"] = np.asarray(rows.user).astype(signed_code_type(len(rows.users)), copy=False)
    side_by_side(lambda name: save(folder / f"{name}.npy", by_row[name], whole), list(by_row))
    told = {
        "visible": len(order),
        "rows": len(whole),
        "event_names": list(names),
        "raw_names": raw,
        "has_ids": joins,
        "has_atoms": joins,
        "file_rows": [file.rows for file in rows.files],
        "first": int(rows.time.min()),
        "last": int(rows.time.max()),
        "columns": columns,
    }
    (folder / SEGMENT).write_text(json.dumps(told), encoding="utf-8")


def _placed(users: Sequence[str], position: Places, nobody: int) -> list[str]:
    """The names at their places in the segment; nobody's, which is the last, is left out."""
    named = [""] * (nobody + 1)
    for at, name in zip(position.tolist(), users, strict=True):
        named[at] = name
    return named[:nobody]


def _write_texts(folder: Path, name: str, texts: Sequence[str]) -> None:
    (folder / f"{name}.json").write_text(json.dumps(list(texts)), encoding="utf-8")


def _sorted(
    rows: Rows, owner: NDArray[np.int32], owners: int, settings: Settings
) -> tuple[Places, Places, Places]:
    """Places of the rows that count, of those that repeat others, and of what each of these repeats."""
    came_so = bool(np.all(rows.order[1:] >= rows.order[:-1]))
    if came_so:
        order = by_owner_and_time(owner, owners, rows.time)
    else:
        order = np.lexsort((rows.order, rows.time, owner))
    moment = rows.time // DAY_MS if settings.dedupe_by_day else rows.time
    ids = id_codes(rows.columns.get(INSERT_ID), len(rows))
    repeated, by = repeats(order, owner, moment, rows.event, ids, rows.order)
    return without_rows(order, repeated), repeated, by


def _borne(known: Known, place: NDArray[np.int32]) -> list[tuple[str, bool, int]]:
    """Atoms that rows have, in the order of their codes; nobody's is none."""
    columns = known.atoms.names, known.atoms.moves.tolist(), known.user.tolist(), place.tolist()
    told = zip(*columns, strict=True)
    return [(name, moves, at) for name, moves, user, at in told if name and user != UNDEFINED]


def write_atoms(folder: Path, atoms: Sequence[tuple[str, bool, int]]) -> None:
    """The name of every atom, whether links move it, and the segment's user it is of."""
    names, moves, user = zip(*atoms, strict=True) if atoms else ((), (), ())
    (folder / "atoms.json").write_text(json.dumps(names), encoding="utf-8")
    np.save(folder / "atom-moves.npy", np.array(moves, bool))
    np.save(folder / "atom-user.npy", np.array(user, np.int64))


def write_links(folder: Path, links: Links) -> None:
    """What joins identifiers."""
    (folder / "links.json").write_text(json.dumps(links._asdict()), encoding="utf-8")
