"""Parquet files column by column: an event is a row, a property a column, and no line is made of it.

What a column of plain texts, numbers or booleans says is taken as it stands. Of other types (lists, instants,
decimals …) DuckDB tells the JSON, once for each distinct value; rows that may be no event are told whole, for
the reader of lines to say why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.importing.blocks import Names, Numbers, Property, Scanned, in_order, scanned
from pytest_mixpanel.engine.importing.lines import EARLIEST, NOT_AN_ID, SECONDS_BELOW, decoded
from pytest_mixpanel.engine.importing.parquet import broken, column_kinds, lines_query, parquet_blocks, told
from pytest_mixpanel.engine.kernels import views
from pytest_mixpanel.engine.kernels.lines import OTHER, PADDING, SCANNED
from pytest_mixpanel.engine.kernels.texts import quote
from pytest_mixpanel.engine.store.texts import Stretches, text_of

ROWS = 131_072
"""Rows that are worked on at once."""

Mask = NDArray[np.bool_]


def parquet_rows(path: Path, tell: Callable[[int, str], None]) -> Iterator[Scanned]:
    """The rows of a file in batches; ``tell`` hears at which row and why a broken file ends.

    Properties in a column of their own are read as lines, which may have them in part, or twice.
    """
    import duckdb
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        kinds = column_kinds(path)
    except duckdb.Error as error:
        tell(1, broken(error))
        return
    if "properties" in kinds:
        yield from scanned(parquet_blocks(path, kinds, tell))
        return
    row = 1
    try:
        texts = _repeated_texts(pq.read_metadata(path))
        with pq.ParquetFile(path, read_dictionary=texts) as file:
            for found in in_order(lambda batch: _read(batch, kinds), _numbered(file)):
                yield found
                row = found.first + len(found.status)
    except (pa.ArrowException, duckdb.Error, OSError) as error:
        tell(row, broken(error))


def _repeated_texts(metadata: Any) -> list[str]:
    """The columns of texts of which few are distinct, so that the file holds numbers of them."""
    found = []
    for place in range(metadata.num_columns):
        chunks = [metadata.row_group(group).column(place) for group in range(metadata.num_row_groups)]
        size = sum(chunk.total_uncompressed_size for chunk in chunks)
        if chunks and chunks[0].physical_type == "BYTE_ARRAY" and size < 6 * metadata.num_rows:
            found.append(chunks[0].path_in_schema)
    return found


@frozen
class _Batch:
    first: int
    rows: Any


def _numbered(file: Any) -> Iterator[_Batch]:
    first = 1
    for rows in file.iter_batches(ROWS):
        yield _Batch(first, rows)
        first += len(rows)


def _read(batch: _Batch, kinds: dict[str, str]) -> Scanned:
    columns = dict(zip(batch.rows.schema.names, batch.rows.columns, strict=True))
    n = len(batch.rows)
    special = {name: columns.pop(name, None) for name in ("event", "time", "distinct_id")}
    time, good = _time(special["time"], n)
    event, user = _event(special["event"], n), _user(special["distinct_id"], batch, kinds)
    bad = [place for place, name in enumerate(user.names) if name.lower() in NOT_AN_ID]
    good &= (event.which >= 0) & ~np.isin(user.which, bad)
    odd = [name for name, column in columns.items() if not _is_plain(column.type)]
    columns |= _as_json(batch.rows, odd, kinds)
    properties = [_property(name, column, good, name in odd) for name, column in columns.items()]
    status = np.where(good, SCANNED, OTHER).astype(np.uint8)
    lines = _lines(batch.rows, np.flatnonzero(~good), kinds)
    return Scanned(batch.first, status, time, event, user, properties, lines)


def _is_plain(kind: Any) -> bool:
    import pyarrow.types as types

    if types.is_dictionary(kind):
        return bool(types.is_string(kind.value_type))
    return bool(types.is_string(kind) or types.is_boolean(kind)) or _is_number(kind)


def _is_number(kind: Any) -> bool:
    import pyarrow.types as types

    return bool(types.is_signed_integer(kind) or types.is_float32(kind) or types.is_float64(kind))


def _time(column: Any, n: int) -> tuple[NDArray[np.int64], Mask]:
    """Milliseconds, and which of them may be taken."""
    import pyarrow.types as types

    kind = None if column is None else column.type
    if kind is None or not (_is_number(kind) or types.is_timestamp(kind) or types.is_date32(kind)):
        return np.zeros(n, np.int64), np.zeros(n, bool)
    known = _known(column)
    if types.is_floating(kind):
        numbers = column.fill_null(0).to_numpy(zero_copy_only=False).astype(np.float64)
        known &= np.isfinite(numbers)
        numbers = np.where(known, numbers, 0)
        time = np.rint(np.where(np.abs(numbers) < SECONDS_BELOW, numbers * 1000, numbers)).astype(np.int64)
    elif types.is_signed_integer(kind):
        time = column.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
        time = np.where(np.abs(time) < SECONDS_BELOW, time * 1000, time)
    else:
        import pyarrow as pa

        column = column.cast(pa.timestamp("ms", getattr(kind, "tz", None)), safe=False).cast(pa.int64())
        time = column.fill_null(0).to_numpy(zero_copy_only=False)
        time = np.where(time < SECONDS_BELOW, time // 1000 * 1000, time)  # as seconds, which lines would say
    return time, known & (time >= EARLIEST)


def _known(column: Any) -> Mask:
    if not column.null_count:
        return np.ones(len(column), bool)
    known: Mask = column.is_valid().to_numpy(zero_copy_only=False)
    return known


def _event(column: Any, n: int) -> Names:
    import pyarrow.types as types

    kind = None if column is None else column.type
    if kind is None or not (types.is_dictionary(kind) or types.is_string(kind)):
        return Names((), np.full(n, -1, np.int32))
    names = _names(column)
    nameless = [place for place, name in enumerate(names.names) if not name]
    return Names(names.names, np.where(np.isin(names.which, nameless), -1, names.which).astype(np.int32))


def _user(column: Any, batch: _Batch, kinds: dict[str, str]) -> Names:
    import pyarrow.types as types

    if column is None:
        return Names((), np.full(len(batch.rows), -1, np.int32))
    if not (types.is_string(column.type) or types.is_dictionary(column.type)):
        column = _asked(batch.rows, [told("distinct_id", kinds["distinct_id"])])[0]
    return _names(column)


def _names(column: Any) -> Names:
    encoded = _encoded(column)
    which = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return Names(encoded.dictionary.to_pylist(), which)


def _encoded(column: Any) -> Any:
    import pyarrow.types as types

    encoded = column if types.is_dictionary(column.type) else column.dictionary_encode()
    _valid(encoded.dictionary)
    return encoded


def _valid(texts: Any) -> Any:
    """Texts, if they are UTF-8; else raises ``ArrowInvalid``."""
    texts.validate(full=True)
    return texts


def _property(name: str, column: Any, good: Mask, odd: bool) -> Property | Numbers:
    import pyarrow.types as types

    known = good & _known(column)
    if _is_number(column.type):
        numbers = column.fill_null(0).to_numpy(zero_copy_only=False)
        if numbers.dtype.kind == "f":
            known &= np.isfinite(numbers)
        line = np.flatnonzero(known)
        return Numbers(name, line, numbers[line])
    line = np.flatnonzero(known)
    if types.is_boolean(column.type):
        which = column.fill_null(False).to_numpy(zero_copy_only=False)[line].astype(np.int32)
        return _used(name, line, which, Stretches.of([b"false", b"true"]))
    if not odd and types.is_string(column.type):  # the dictionary of the table finds what is equal
        return Property(name, line, np.arange(len(line), dtype=np.int32), _quoted(_valid(column.take(line))))
    encoded = _encoded(column)
    which = encoded.indices.fill_null(0).to_numpy(zero_copy_only=False)[line].astype(np.int32)
    if odd:
        texts = [text_of(decoded(text)) for text in encoded.dictionary.to_pylist()]
        return _used(name, line, which, Stretches.of(texts))
    return _used(name, line, which, _quoted(encoded.dictionary))


def _used(name: str, line: NDArray[np.int64], which: NDArray[np.int32], texts: Stretches) -> Property:
    """A property without the texts that no row of the batch has."""
    seen = np.zeros(len(texts.at), bool)
    seen[which] = True
    some = np.flatnonzero(seen)
    place = np.zeros(len(seen), np.int32)
    place[some] = np.arange(len(some))
    kept = Stretches(texts.data, texts.at[some], texts.size[some], texts.hashes[some])
    return Property(name, line, place[which], kept)


def _quoted(texts: Any) -> Stretches:
    """Strings as the texts of JSON strings."""
    import pyarrow as pa

    texts = texts.cast(pa.large_string())
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int64, len(texts) + 1, 8 * texts.offset)
    size = (np.diff(ends) + 2).astype(np.int32)
    quoted = np.zeros(int(size.sum()) + PADDING, np.uint8)
    quote(*views(np.frombuffer(data, np.uint8) if data else np.empty(0, np.uint8), ends, quoted))
    return Stretches.of_sizes(quoted, size)


def _as_json(rows: Any, odd: list[str], kinds: dict[str, str]) -> dict[str, Any]:
    """Columns of other types as the JSON that a line would have, without null as there."""
    # A patch leaves out what is null, in objects within objects as well.
    value = "json_extract(json_merge_patch('{{}}', json_object('v', {})), '$.v')::varchar"
    return dict(zip(odd, _asked(rows, [value.format(told(name, kinds[name])) for name in odd]), strict=True))


def _asked(rows: Any, expressions: list[str]) -> list[Any]:
    """What DuckDB makes of each row, a column for each expression."""
    if not expressions:
        return []
    import duckdb
    import pyarrow as pa

    with duckdb.connect() as database:
        database.execute("set timezone = 'UTC'")
        database.register("rows", pa.Table.from_batches([rows]))
        found = database.sql(f"select {', '.join(expressions)} from rows").to_arrow_table()
        return [column.combine_chunks() for column in found.columns]


def _lines(rows: Any, some: NDArray[np.int64], kinds: dict[str, str]) -> dict[int, bytes]:
    """The lines of an export that say the same as some rows, by their place."""
    if not len(some):
        return {}
    import duckdb
    import pyarrow as pa

    with duckdb.connect() as database:
        database.register("rows", pa.Table.from_batches([rows]).take(some))
        query, values = lines_query(kinds, "rows")
        found = database.execute(query, values).fetchall()
    return {int(place): line.encode() for place, (line,) in zip(some, found, strict=True)}
