"""Rows → a segment in a folder: sorted by user and time, what repeats others at the end."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.importing.identity import Atoms, Link, Owners
from pytest_mixpanel.engine.importing.rows import Places, Rows
from pytest_mixpanel.engine.settings import Settings
from pytest_mixpanel.engine.store.assemble import (
    DAY_MS,
    by_owner_and_time,
    code_type,
    id_codes,
    merged_events,
    repeats,
    take,
    without_rows,
)
from pytest_mixpanel.engine.store.building import BuiltColumns, signed_code_type
from pytest_mixpanel.engine.store.column_files import write_arrays, write_columns
from pytest_mixpanel.engine.store.columns import Column, ThinColumn
from pytest_mixpanel.engine.store.segments import SEGMENT
from pytest_mixpanel.engine.store.store import INSERT_ID


@frozen
class Known:
    """Whose rows are: ``atoms`` are what links may move, ``owners`` where they are now."""

    atoms: Atoms
    owners: Owners
    links: Sequence[Link]


def write_segment(folder: Path, rows: Rows, known: Known, position: Places, settings: Settings) -> None:
    """Fill a folder; ``position`` says at which place the segment has every owner, nobody last."""
    owner = position.astype(np.int32)[known.owners.codes]
    nobody = len(known.owners.names) - ("" in known.owners.names)
    order, repeated, by = _sorted(rows, owner, settings)
    whole = np.concatenate([order, repeated]) if len(repeated) else order
    counts = np.bincount(owner[order], minlength=nobody + 1)[:nobody]
    names, event = merged_events(rows.event_names, rows.event, settings.merged_events)
    is_merged = list(names) != list(rows.event_names)
    legacy = settings.identity == "legacy"
    arrays: dict[str, Callable[[], NDArray[Any]]] = {
        "offsets": lambda: np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        "time": lambda: rows.time[whole],
        "event": lambda: np.asarray(event)[whole].astype(code_type(len(names))),
        "order": lambda: rows.order[whole].astype(np.uint32 if len(rows) < 2**32 else np.int64),
        "repeats": lambda: rows.order[by],
        "spare-owner": lambda: owner[repeated],
    }
    users = [""] * (nobody + 1)
    for at, name in zip(position.tolist(), known.owners.names, strict=True):
        users[at] = name
    texts: dict[str, Sequence[Any]] = {
        "users": users[:nobody],
        "links": [_told(link) for link in known.links],
    }
    if is_merged:
        arrays["raw"] = lambda: np.asarray(rows.event)[whole].astype(code_type(len(rows.event_names)))
    if not legacy:
        arrays["ids"] = lambda: np.asarray(rows.user)[whole].astype(signed_code_type(len(rows.users)))
        texts["ids"] = rows.users
        texts["atoms"], atom_user, atom_moves = _atoms(known.atoms, owner)
        arrays |= {"atom-user": lambda: atom_user, "atom-moves": lambda: atom_moves}
    # Columns that were just read are let go one by one, which makes room for the others.
    columns = write_columns(folder, "column", [*rows.columns], _in_order(rows.columns, whole))
    write_arrays(folder, arrays)
    for name, text in texts.items():
        (folder / f"{name}.json").write_text(json.dumps(list(text)), encoding="utf-8")
    told = {
        "visible": len(order),
        "rows": len(whole),
        "event_names": list(names),
        "raw_names": list(rows.event_names) if is_merged else None,
        "has_ids": not legacy,
        "has_atoms": not legacy,
        "file_rows": [file.rows for file in rows.files],
        "first": int(rows.time.min()),
        "last": int(rows.time.max()),
        "columns": columns,
    }
    (folder / SEGMENT).write_text(json.dumps(told), encoding="utf-8")


def _in_order(columns: Mapping[str, Column], order: Places) -> Callable[[str], Column | ThinColumn]:
    """What makes a column in another order; those that were just read are let go when that is done."""

    @cache
    def place() -> NDArray[Any]:
        places: NDArray[Any] = np.empty(len(order), np.int32 if len(order) < 2**31 else np.int64)
        places[order] = np.arange(len(order), dtype=places.dtype)
        return places

    def make(name: str) -> Column | ThinColumn:
        column = columns.take(name) if isinstance(columns, BuiltColumns) else columns[name]
        return column.placed(place()) if isinstance(column, ThinColumn) else take(column, order)

    return make


def _sorted(rows: Rows, owner: NDArray[np.int32], settings: Settings) -> tuple[Places, Places, Places]:
    """Places of the rows that count, of those that repeat others, and of what each of these repeats."""
    came_so = bool(np.all(rows.order[1:] >= rows.order[:-1]))
    if came_so:
        order = by_owner_and_time(owner, int(owner.max(initial=0)) + 1, rows.time)
    else:
        order = np.lexsort((rows.order, rows.time, owner))
    moment = rows.time // DAY_MS if settings.dedupe_by_day else rows.time
    ids = id_codes(rows.columns.get(INSERT_ID), len(rows))
    repeated, by = repeats(order, owner, moment, rows.event, ids, rows.order)
    return without_rows(order, repeated), repeated, by


def _atoms(atoms: Atoms, owner: NDArray[np.int32]) -> tuple[list[str], NDArray[np.int64], NDArray[np.bool_]]:
    """Those that rows have, in the order of their codes; nobody's is none."""
    user = np.full(len(atoms.names), -1, np.int64)
    user[atoms.codes] = owner
    used = [at for at in np.flatnonzero(user >= 0).tolist() if atoms.names[at]]
    return [atoms.names[at] for at in used], user[used], atoms.moves[used]


def _told(link: Link) -> list[Any]:
    return [link.time, link.order, link.kind, link.one, link.other]
