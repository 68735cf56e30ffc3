"""Parquet files column by column: an event is a row, a property a column, and no line is made of it.

What a column of plain texts, numbers or booleans says is taken as it stands. Of other types (lists, instants,
decimals …) DuckDB tells the JSON, once for each distinct value; rows that may be no event are told whole, for
the reader of lines to say why.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.importing.blocks import Names, Numbers, Property, Scanned, in_order
from pytest_mixpanel.engine.importing.lines import EARLIEST, NOT_AN_ID, SECONDS_BELOW, decoded
from pytest_mixpanel.engine.importing.parquet import broken, column_kinds, lines_query, parquet_blocks, told
from pytest_mixpanel.engine.importing.scanning import scanned
from pytest_mixpanel.engine.kernels import views
from pytest_mixpanel.engine.kernels.lines import OTHER, PADDING, SCANNED
from pytest_mixpanel.engine.kernels.texts import quote
from pytest_mixpanel.engine.store.columns import UNDEFINED
from pytest_mixpanel.engine.store.texts import Stretches, text_of

ROWS = 65_536
"""Rows that are worked on at once."""

TASTED = 1_024
"""Numbers by which it is told whether a column repeats some of them."""

Mask = NDArray[np.bool_]


def parquet_rows(path: Path, tell: Callable[[int, str], None]) -> Generator[Scanned, None, None]:
    """The rows of a file in batches; ``tell`` hears at which row and why a broken file ends.

    Properties in a column of their own are read as lines, which may have them in part, or twice.
    """
    import pyarrow.parquet as pq

    row = 1
    try:
        metadata = pq.read_metadata(path)
        kinds = _Kinds(path)
        if "properties" in metadata.schema.to_arrow_schema().names:
            yield from scanned(parquet_blocks(path, kinds.by_name, tell))
            return
        with (
            pq.ParquetFile(path, metadata=metadata, read_dictionary=_repeated_texts(metadata)) as file,
            closing(in_order(lambda batch: _read(batch, kinds), _numbered(file))) as read,
        ):
            for found in read:
                yield found
                row = found.first + len(found.status)
    except _reading_errors() as error:
        tell(row, broken(error))


def _reading_errors() -> tuple[type[Exception], ...]:
    """What is raised where a file is broken; asked for when it is."""
    import duckdb
    import pyarrow as pa

    return pa.ArrowException, duckdb.Error, OSError


class _Kinds:
    """What DuckDB calls the types of a file's columns, for what it has to tell of them."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def by_name(self) -> dict[str, str]:
        return column_kinds(self._path)


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


def _read(batch: _Batch, kinds: _Kinds) -> Scanned:
    columns = dict(zip(batch.rows.schema.names, batch.rows.columns, strict=True))
    n = len(batch.rows)
    special = {name: columns.pop(name, None) for name in ("event", "time", "distinct_id")}
    time, good = _time(special["time"], n)
    event, user = _event(special["event"], n), _user(special["distinct_id"], batch, kinds)
    bad = [place for place, name in enumerate(user.names) if len(name) < 40 and name.lower() in NOT_AN_ID]
    good &= event.which >= 0
    if bad:
        good &= ~np.isin(user.which, bad)
    odd = [name for name, column in columns.items() if not _is_plain(column.type)]
    columns |= _as_json(batch.rows, odd, kinds)
    properties = [_property(name, column, good, name in odd) for name, column in columns.items()]
    status = np.where(good, SCANNED, OTHER).astype(np.uint8)
    lines = _lines(batch.rows, np.flatnonzero(~good), kinds)
    return Scanned(
        batch.first, status, time, event, user, [each for each in properties if each is not None], lines
    )


def _is_plain(kind: Any) -> bool:
    import pyarrow.types as types

    if types.is_dictionary(kind):
        return _is_text(kind.value_type) and types.is_int32(kind.index_type)
    return _is_text(kind) or bool(types.is_boolean(kind)) or _is_number(kind)


def _is_text(kind: Any) -> bool:
    import pyarrow.types as types

    return bool(types.is_string(kind) or types.is_large_string(kind))


def _is_number(kind: Any) -> bool:
    import pyarrow.types as types

    return bool(types.is_signed_integer(kind) or types.is_float32(kind) or types.is_float64(kind))


def _numbers(column: Any) -> NDArray[Any]:
    """What a column of numbers stores; where there is none, anything."""
    kind = np.dtype(str(column.type).replace("float", "float32").replace("double", "float64"))
    found: NDArray[Any] = np.frombuffer(column.buffers()[1], kind)[
        column.offset : column.offset + len(column)
    ]
    return found


def _bits(buffer: Any, column: Any) -> Mask:
    """The bits of a column, one for each row."""
    end = column.offset + len(column)
    bits = np.unpackbits(np.frombuffer(buffer, np.uint8), count=end, bitorder="little")
    return bits[column.offset :].view(np.bool_)


def _known(column: Any) -> Mask | None:
    """Which rows have a value; ``None``: all of them."""
    return _bits(column.buffers()[0], column) if column.null_count else None


def _time(column: Any, n: int) -> tuple[NDArray[np.int64], Mask]:
    """Milliseconds, and which of them may be taken."""
    import pyarrow.types as types

    kind = None if column is None else column.type
    if kind is None or not (_is_number(kind) or types.is_timestamp(kind) or types.is_date32(kind)):
        return np.zeros(n, np.int64), np.zeros(n, bool)
    known = _known(column)
    known = np.ones(n, bool) if known is None else known
    if types.is_floating(kind):
        numbers = _numbers(column).astype(np.float64)
        known &= np.isfinite(numbers)
        numbers = np.where(known, numbers, 0)
        time = np.rint(np.where(np.abs(numbers) < SECONDS_BELOW, numbers * 1000, numbers)).astype(np.int64)
    elif types.is_signed_integer(kind):
        time = _numbers(column).astype(np.int64)
        time = np.where(np.abs(time) < SECONDS_BELOW, time * 1000, time)
    else:
        import pyarrow as pa

        column = column.cast(pa.timestamp("ms", getattr(kind, "tz", None)), safe=False).cast(pa.int64())
        time = _numbers(column)
        time = np.where(time < SECONDS_BELOW, time // 1000 * 1000, time)  # as seconds, which lines would say
    return time, known & (time >= EARLIEST)


def _event(column: Any, n: int) -> Names:
    if column is None or (not _is_coded(column) and not _is_text(column.type)):
        return Names((), np.full(n, UNDEFINED, np.int32))
    names = _names(column)
    nameless = [place for place, name in enumerate(names.names) if not name]
    if not nameless:
        return names
    return Names(names.names, np.where(np.isin(names.which, nameless), UNDEFINED, names.which))


def _user(column: Any, batch: _Batch, kinds: _Kinds) -> Names:
    if column is None:
        return Names((), np.full(len(batch.rows), UNDEFINED, np.int32))
    if not _is_coded(column) and not _is_text(column.type):
        column = _asked(batch.rows, [told("distinct_id", kinds.by_name["distinct_id"])])[0]
    return _names(column)


def _names(column: Any) -> Names:
    which, texts = _coded(column)
    return Names(texts.to_pylist(), which)


def _is_coded(column: Any) -> bool:
    import pyarrow.types as types

    return bool(types.is_dictionary(column.type)) and _is_text(column.type.value_type)


def _coded(column: Any) -> tuple[NDArray[np.int32], Any]:
    """Which of the texts every row has, ``UNDEFINED`` for none, and these, of which each is there once."""
    encoded = column if _is_coded(column) else column.dictionary_encode()
    which, known = _numbers(encoded.indices).astype(np.int32, copy=False), _known(encoded.indices)
    return which if known is None else np.where(known, which, UNDEFINED), _valid(encoded.dictionary)


def _valid(texts: Any) -> Any:
    """Texts, if they are UTF-8; else raises ``ArrowInvalid``."""
    texts.validate(full=True)
    return texts


def _property(name: str, column: Any, good: Mask, odd: bool) -> Property | Numbers | None:
    """What a column says of the good rows; ``None``: nothing."""
    import pyarrow.types as types

    known = _known(column)
    known = good if known is None else good & known
    if _is_number(column.type):
        return _of_numbers(name, column, known)
    if types.is_boolean(column.type):
        which = np.where(known, _bits(column.buffers()[1], column), UNDEFINED).astype(np.int32)
        return _used(name, which, Stretches.of([b"false", b"true"]))
    if not odd and _is_text(column.type):  # the dictionary of the table finds what is equal
        line = np.flatnonzero(known)
        texts = _some(_quoted(_valid(column)), None if len(line) == len(known) else line)
        return Property(name, line, np.arange(len(line), dtype=np.int32), texts) if len(line) else None
    which, distinct = _coded(column)
    which = which if known.all() else np.where(known, which, UNDEFINED)
    if odd:
        return _used(name, which, Stretches.of([text_of(decoded(text)) for text in distinct.to_pylist()]))
    return _used(name, which, _quoted(distinct))


def _of_numbers(name: str, column: Any, known: Mask) -> Property | Numbers | None:
    numbers = _numbers(column)
    if numbers.dtype.kind == "f":
        known = known & np.isfinite(numbers)
    line = np.flatnonzero(known)
    if not len(line):
        return None
    some = numbers[line[:TASTED]]
    if len(np.unique(some)) > len(some) // 2:  # there is no use in numbering them
        whole = len(line) == len(numbers)
        return Numbers(name, None if whole else line, numbers if whole else numbers[line])
    encoded = column.dictionary_encode()
    which = np.where(known, _numbers(encoded.indices), UNDEFINED)
    distinct = np.where(np.isfinite(_numbers(encoded.dictionary)), _numbers(encoded.dictionary), 0)
    return _used(name, which, Stretches.of([text_of(number) for number in distinct.tolist()]))


def _used(name: str, which: NDArray[np.int32], texts: Stretches) -> Property | None:
    """A property, ``which`` by row, without the texts that no row of the batch has."""
    seen = np.zeros(len(texts.at) + 1, bool)
    seen[which] = True
    seen[UNDEFINED] = False
    some = np.flatnonzero(seen)
    if not len(some):
        return None
    if len(some) < len(texts.at):
        place = np.full(len(seen), UNDEFINED, np.int32)
        place[some] = np.arange(len(some))
        which, texts = place[which], _some(texts, some)
    return Property(name, None, which, texts)


def _some(texts: Stretches, places: NDArray[np.int64] | None) -> Stretches:
    if places is None:
        return texts
    return Stretches(texts.data, texts.at[places], texts.size[places], texts.hashes[places])


def _quoted(texts: Any) -> Stretches:
    """Strings as the texts of JSON strings."""
    import pyarrow.types as types

    _, offsets, data = texts.buffers()
    width = np.int64 if types.is_large_string(texts.type) else np.int32
    ends = np.zeros(1, np.int64)
    if len(texts):
        ends = np.frombuffer(offsets, width)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    size = (np.diff(ends) + 2).astype(np.int32)
    quoted = np.empty(int(size.sum()) + PADDING, np.uint8)
    quoted[-PADDING:] = 0
    quote(*views(np.frombuffer(data, np.uint8) if data else np.empty(0, np.uint8), ends, quoted))
    return Stretches.of_sizes(quoted, size)


def _as_json(rows: Any, odd: list[str], kinds: _Kinds) -> dict[str, Any]:
    """Columns of other types as the JSON that a line would have, without null as there."""
    # A patch leaves out what is null, in objects within objects as well.
    value = "json_extract(json_merge_patch('{{}}', json_object('v', {})), '$.v')::varchar"
    return dict(
        zip(odd, _asked(rows, [value.format(told(name, kinds.by_name[name])) for name in odd]), strict=True)
    )


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


def _lines(rows: Any, some: NDArray[np.int64], kinds: _Kinds) -> dict[int, bytes]:
    """The lines of an export that say the same as some rows, by their place."""
    if not len(some):
        return {}
    import duckdb
    import pyarrow as pa

    with duckdb.connect() as database:
        database.register("rows", pa.Table.from_batches([rows]).take(some))
        query, values = lines_query(kinds.by_name, "rows")
        found = database.execute(query, values).fetchall()
    return {int(place): line.encode() for place, (line,) in zip(some, found, strict=True)}
