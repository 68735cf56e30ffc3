"""Columns in the files of a folder: large ones mapped from files of their own, small ones together in one.

A property that hardly any event has is kept as the rows that have it, and laid out when it is asked for: an
event with ten thousand properties of its own makes neither ten thousand files nor columns as long as all
events. ``.npy`` because NumPy maps it without copying and without another library at the first answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.store.columns import (
    UNDEFINED,
    CodedColumn,
    Column,
    LazyColumns,
    NumberColumn,
    Rows,
    ThinColumn,
    is_thin,
    rows_of,
)
from pytest_mixpanel.engine.store.residency import residency
from pytest_mixpanel.engine.store.texts import Texts
from pytest_mixpanel.engine.store.threads import side_by_side
from pytest_mixpanel.engine.store.written import save

T = TypeVar("T")

SMALL = 1 << 16
"""Bytes of a column below which it gets no file of its own."""

AT_ONCE = 1 << 18
"""Rows that are looked at together."""

ALIGNED = 8
"""Where an array may begin among others."""


def write_columns(
    folder: Path,
    prefix: str,
    names: Sequence[str],
    column: Callable[[str], Column | ThinColumn],
    together: bool = True,
    order: NDArray[Any] | None = None,
) -> list[dict[str, Any]]:
    """Write columns, each made when it is written, and tell how to read them.

    They are numbered, since a property may have any name. ``together``: small ones share a file. ``order``:
    at which place of the column each row of the file is.
    """
    place = _Places(order)

    def write(numbered: tuple[int, str]) -> _Parts | dict[str, Any]:
        number, name = numbered
        made = thinned(column(name)) if together else column(name)
        if isinstance(made, ThinColumn):
            return _parts(name, place.of(made))
        parts = _parts(name, made)
        if together and parts.size < SMALL:
            return parts if order is None else parts.in_order(order)
        stem = f"{prefix}-{number}"
        for part, array in parts.arrays.items():
            if part == "json":
                (folder / f"{stem}.json").write_bytes(array.tobytes())
            elif not (part == "-texts" and _is_moved(made, folder / f"{stem}{part}.npy")):
                save(folder / f"{stem}{part}.npy", array, None if part else order)
        return {"name": name, "file": stem, "kind": parts.kind}

    return _packed(folder, f"{prefix}-small", side_by_side(write, list(enumerate(names))))


def _is_moved(column: Column, path: Path) -> bool:
    """Whether a column's texts were in a file, which is now at the path."""
    texts = column.values if isinstance(column, CodedColumn) else None
    return isinstance(texts, Texts) and texts.spool is not None and texts.spool.move(path)


class _Places:
    """Where rows come to be that are written in an ``order``."""

    def __init__(self, order: NDArray[Any] | None) -> None:
        self._order = order

    def of(self, column: ThinColumn) -> ThinColumn:
        return column if self._order is None else column.placed(self._place)

    @cached_property
    def _place(self) -> NDArray[Any]:
        order = self._order
        assert order is not None
        places: NDArray[Any] = np.empty(len(order), np.int32 if len(order) < 2**31 else np.int64)
        places[order] = np.arange(len(order), dtype=places.dtype)
        return places


def stored_columns(folder: Path, listed: Sequence[Mapping[str, Any]], held: object = None) -> LazyColumns:
    """The columns in a folder; ``held`` keeps the files from being removed as long as these are in use."""
    entries = {entry["name"]: entry for entry in listed}

    @cache
    def file(name: str, _: object = held) -> Any:
        return mapped(folder / name)

    def read(name: str) -> Column | ThinColumn:
        entry = entries[name]
        if "packed" in entry:
            return _unpacked(entry, file(f"{entry['file']}.npy"))
        stem = folder / entry["file"]
        array = mapped(stem.with_name(f"{stem.name}.npy"))
        if entry["kind"] == "numbers":
            return NumberColumn(array)
        if entry["kind"] == "texts":
            blob, ends = (mapped(stem.with_name(f"{stem.name}-{part}.npy")) for part in ("texts", "ends"))
            return CodedColumn(array, Texts(blob, ends))
        text = stem.with_name(f"{stem.name}.json").read_text(encoding="utf-8")
        return CodedColumn(array, tuple(json.loads(text)))

    opened: dict[str, Column | ThinColumn] = {}

    def used(name: str) -> Column | ThinColumn:
        column = opened.get(name) or opened.setdefault(name, read(name))
        if not isinstance(column, ThinColumn):
            residency.use(column.numbers if isinstance(column, NumberColumn) else column.codes)
        return column

    def whole(name: str) -> Column:
        column = used(name)
        return column.laid_out() if isinstance(column, ThinColumn) else column

    def some(name: str, rows: Rows) -> Column:
        column = used(name)
        if isinstance(column, ThinColumn) and isinstance(rows, slice):
            return column.stretch(rows)
        return rows_of(whole(name), rows)

    return LazyColumns(entries, whole, keep=False, rows=some)


def mapped(path: Path) -> Any:
    """A column as a plain array: NumPy's own class for mapped files makes every slice of one dear."""
    mode: Any = "r" if path.stat().st_size > 4096 else None
    array = np.asarray(np.load(path, mmap_mode=mode, allow_pickle=False))
    residency.keep(array)
    return array


def thinned(column: Column | ThinColumn) -> Column | ThinColumn:
    """The column, by its rows with a value where these are few."""
    if isinstance(column, ThinColumn):
        return column
    entries: NDArray[Any] = column.numbers if isinstance(column, NumberColumn) else column.codes
    found: list[NDArray[np.int64]] = []
    values = 0
    for first in range(0, len(entries), AT_ONCE):
        some = entries[first : first + AT_ONCE]
        has = ~np.isnan(some) if isinstance(column, NumberColumn) else some != UNDEFINED
        found.append(np.flatnonzero(has) + first)
        values += len(found[-1])
        if not is_thin(values, len(entries)):
            return column
    if not found:
        return column
    at = np.concatenate(found)
    if isinstance(column, NumberColumn):
        return ThinColumn(at, NumberColumn(column.numbers[at]), len(entries))
    return ThinColumn(at, CodedColumn(column.codes[at], column.values), len(entries))


@frozen
class _Parts:
    """A column as arrays by what their files are called; ``rows``: how many there are of a thin one."""

    name: str
    kind: str
    arrays: Mapping[str, NDArray[Any]]
    rows: int | None = None

    @property
    def size(self) -> int:
        return sum(array.nbytes for array in self.arrays.values())

    def in_order(self, order: NDArray[Any]) -> _Parts:
        """Those of a column that is not thin, its rows in another order."""
        return replace(self, arrays={**self.arrays, "": self.arrays[""][order]})


def _parts(name: str, column: Column | ThinColumn) -> _Parts:
    if isinstance(column, ThinColumn):
        some = _parts(name, column.some)
        return _Parts(name, some.kind, {**some.arrays, "-rows": column.at}, column.rows)
    if isinstance(column, NumberColumn):
        return _Parts(name, "numbers", {"": column.numbers})
    if isinstance(column.values, Texts):
        blob, ends = column.values.blob, column.values.ends
        ends = ends.astype(np.min_scalar_type(len(blob)), copy=False)
        arrays = {"": column.codes, "-ends": ends, "-texts": blob}
        return _Parts(name, "texts", arrays)
    text = json.dumps(list(column.values)).encode()
    return _Parts(name, "coded", {"": column.codes, "json": np.frombuffer(text, np.uint8)})


def _packed(folder: Path, stem: str, found: Sequence[_Parts | dict[str, Any]]) -> list[dict[str, Any]]:
    """Write small columns into one file; ``packed`` tells where each array begins, its type and length."""
    together, listed = bytearray(), []
    for each in found:
        if isinstance(each, _Parts):
            packed = {}
            for part, array in each.arrays.items():
                packed[part] = [len(together), array.dtype.str, len(array)]
                together += array.tobytes()
                together += bytes(-len(together) % ALIGNED)
            thin = {} if each.rows is None else {"rows": each.rows}
            listed.append({"name": each.name, "file": stem, "kind": each.kind, "packed": packed, **thin})
        else:
            listed.append(each)
    if any("packed" in each for each in listed):
        np.save(folder / f"{stem}.npy", np.frombuffer(together, np.uint8))
    return listed


def _unpacked(entry: Mapping[str, Any], together: NDArray[np.uint8]) -> Column | ThinColumn:
    def part(name: str) -> NDArray[Any]:
        at, kind, length = entry["packed"][name]
        return together[at : at + length * np.dtype(kind).itemsize].view(kind)

    column: Column
    if entry["kind"] == "numbers":
        column = NumberColumn(part(""))
    elif entry["kind"] == "texts":
        column = CodedColumn(part(""), Texts(part("-texts"), part("-ends")))
    else:
        column = CodedColumn(part(""), tuple(json.loads(part("json").tobytes())))
    return ThinColumn(part("-rows"), column, entry["rows"]) if "rows" in entry else column
