"""Parquet files column by column: an event is a row, a property a column, and no line is made of it.

First who did what and when is read of all rows; those that may be no event are told whole, for the reader of
lines to say why. Then threads share the columns: each reads one from its first to its last row, so that
what is decoded is in the core's cache while its values are numbered, and nothing has to be put together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

from pytest_mixpanel.engine.importing.arrow import Kinds, Mask, lines_of, property_of, told_by
from pytest_mixpanel.engine.importing.blocks import BreaksOffError, ByColumn, Piece, Scanned
from pytest_mixpanel.engine.importing.parquet import broken, parquet_blocks
from pytest_mixpanel.engine.importing.scanning import scanned
from pytest_mixpanel.engine.kernels.lines import OTHER, SCANNED

ROWS = 131_072
"""Rows of a column that are worked on at once."""

SPECIAL = ("event", "time", "distinct_id")


def parquet_rows(
    path: Path, tell: Callable[[int, str], None], end: BreaksOffError | None = None
) -> Generator[Scanned | ByColumn, None, None]:
    """The rows of a file in blocks, then their properties; ``tell`` hears at which row and why it ends early.

    Raises ``BreaksOffError`` where a column cannot be read; with this as the ``end``, what is before it is
    read. Properties in a column of their own are read as lines, which may have them in part, or twice.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_metadata(path)
        names = metadata.schema.to_arrow_schema().names
    except (pa.ArrowException, OSError) as error:
        tell(1, broken(error))
        return
    if "properties" in names:
        yield from _as_lines(path, tell)
        return
    file = _File(path, metadata, end.row - 1 if end else metadata.num_rows)
    with _memory_of_the_system():
        plain = []
        for block in _ahead(file.blocks()):
            yield block
            plain.append(block.status == SCANNED)
        rows = np.concatenate([np.zeros(0, bool), *plain])
        if rows.any():
            weights = file.bytes_of([name for name in names if name not in SPECIAL])
            yield ByColumn(int(rows.sum()), weights, partial(file.pieces, plain=rows))
    if end is not None:
        tell(end.row, end.reason)


@contextmanager
def _memory_of_the_system() -> Iterator[None]:
    """Have Arrow share memory with NumPy: a pool of its own would keep what either of them lets go."""
    import pyarrow as pa

    before = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(before)


def _as_lines(path: Path, tell: Callable[[int, str], None]) -> Iterator[Scanned]:
    import duckdb

    try:
        kinds = Kinds(path).by_name
    except duckdb.Error as error:
        tell(1, broken(error))
        return
    yield from scanned(parquet_blocks(path, kinds, tell))


class _File:
    """A file up to its row ``end``."""

    def __init__(self, path: Path, metadata: Any, end: int) -> None:
        self.path, self.metadata, self.end = path, metadata, end
        self.kinds = Kinds(path)

    def open(self) -> Any:
        import pyarrow.parquet as pq

        return pq.ParquetFile(self.path, metadata=self.metadata, read_dictionary=self._repeated_texts)

    @cached_property
    def _stored(self) -> dict[str, int]:
        """Bytes by the path of a column, of all row groups; a file may have many of both."""
        stored: dict[str, int] = {}
        for group in map(self.metadata.row_group, range(self.metadata.num_row_groups)):
            for chunk in map(group.column, range(self.metadata.num_columns)):
                path = chunk.path_in_schema
                stored[path] = stored.get(path, 0) + chunk.total_uncompressed_size
        return stored

    def bytes_of(self, names: Collection[str]) -> dict[str, int]:
        """How much is stored of each property."""
        sizes = dict.fromkeys(names, 0)
        for path, size in self._stored.items():
            name = path.split(".")[0]
            if name in sizes:
                sizes[name] += size
        return sizes

    @cached_property
    def _repeated_texts(self) -> list[str]:
        """The columns of texts of which few are distinct, so that the file holds numbers of them."""
        if not self.metadata.num_row_groups:
            return []
        first = self.metadata.row_group(0)
        chunks = map(first.column, range(self.metadata.num_columns))
        texts = {chunk.path_in_schema for chunk in chunks if chunk.physical_type == "BYTE_ARRAY"}
        few = 6 * self.metadata.num_rows
        return [path for path, size in self._stored.items() if path in texts and size < few]

    def blocks(self) -> Iterator[Scanned]:
        """Who did what and when, and the lines that say the same as rows that may be no event."""
        at = 0
        with self.open() as file:
            try:
                for group in range(self.metadata.num_row_groups):
                    if at >= self.end:
                        return
                    whole = _Group(file, group, at)
                    for rows in file.iter_batches(ROWS, row_groups=[group], columns=list(SPECIAL)):
                        block = self._block(at, rows.slice(0, self.end - at), whole)
                        yield block
                        at += len(block.status)
                        if at >= self.end:
                            return
            except _reading_errors() as error:
                raise BreaksOffError(self.path, at + 1, broken(error)) from error

    def _block(self, at: int, rows: Any, whole: _Group) -> Scanned:
        time, event, user, good = told_by(rows, self.kinds)
        others: dict[int, bytes] = {}
        if not good.all():
            bad = np.flatnonzero(~good)
            lines = lines_of(whole.rows(at, bad), self.kinds)
            others = dict(zip(bad.tolist(), lines, strict=True))
        status = np.where(good, SCANNED, OTHER).astype(np.uint8)
        return Scanned(at + 1, status, time, event, user, (), others)

    def pieces(self, name: str, plain: Mask) -> Iterator[Piece]:
        """What a column says of the ``plain`` rows."""
        at = 0
        try:
            with self.open() as file:
                for rows in self._batches(file, name):
                    rows = rows.slice(0, self.end - at)
                    here = plain[at : at + len(rows)]
                    yield Piece(here, property_of(rows, name, here, self.kinds))
                    at += len(rows)
                    if at >= self.end:
                        return
        except _reading_errors() as error:
            raise BreaksOffError(self.path, at + 1, broken(error)) from error

    def _batches(self, file: Any, name: str) -> Iterator[Any]:
        """A column group by group, so that what is before a broken one can be read."""
        for group in range(self.metadata.num_row_groups):
            yield from file.iter_batches(ROWS, row_groups=[group], columns=[name], use_threads=False)


class _Group:
    """The rows of a group with all their columns, which are read when some of them are asked for."""

    def __init__(self, file: Any, group: int, first: int) -> None:
        self._batches = file.iter_batches(ROWS, row_groups=[group])
        self._at = first
        self._held: Any = None

    def rows(self, at: int, some: Any) -> list[Any]:
        """Some rows, by their places from ``at`` on, ascending; those asked for later come later."""
        found, wanted = [], some + at
        while len(wanted):
            if self._held is None:
                self._held = next(self._batches)
            end = self._at + len(self._held)
            here = wanted[wanted < end]
            if len(here):
                found.append(self._held.take(here - self._at))
            wanted = wanted[len(here) :]
            if len(wanted):
                self._at, self._held = end, None
        return found


def _reading_errors() -> tuple[type[Exception], ...]:
    """What is raised where a file is broken; asked for when it is."""
    import duckdb
    import pyarrow as pa

    return pa.ArrowException, duckdb.Error, OSError


def _ahead(blocks: Iterator[Scanned]) -> Iterator[Scanned]:
    """The same, each read while the one before it is worked on."""
    with ThreadPoolExecutor(1, thread_name_prefix="mixpanel-read") as pool:
        coming = pool.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = pool.submit(next, blocks, None)
            yield block
