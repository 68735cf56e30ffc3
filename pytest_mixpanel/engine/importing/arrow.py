"""What Arrow's columns say of events: times, names, and the values of properties.

What a column of plain texts, numbers or booleans says is taken as it stands in Arrow's buffers. Of other
types (lists, instants, decimals …) DuckDB tells the JSON, and each distinct text is read once.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.importing.blocks import Numbers, Property, Told
from pytest_mixpanel.engine.importing.lines import EARLIEST, LATEST, SECONDS_BELOW, decoded
from pytest_mixpanel.engine.importing.parquet import column_kinds, lines_query, told
from pytest_mixpanel.engine.importing.scanning import nobodies
from pytest_mixpanel.engine.kernels import views
from pytest_mixpanel.engine.kernels.lines import PADDING
from pytest_mixpanel.engine.kernels.texts import mark, quote, replace
from pytest_mixpanel.engine.store.columns import UNDEFINED
from pytest_mixpanel.engine.store.scratch import scratch
from pytest_mixpanel.engine.store.texts import NO_TEXTS, Stretches, text_of

Mask = NDArray[np.bool_]


class Kinds:
    """What DuckDB calls the types of a file's columns, for what it has to tell of them."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def by_name(self) -> dict[str, str]:
        return column_kinds(self._path)


def told_by(rows: Any, kinds: Kinds) -> tuple[NDArray[np.int64], Told, Told, Mask]:
    """Time (ms), event and user of rows, and which of them are events for certain."""
    n = len(rows)
    time, good = _time(_column(rows, "time"), n)
    event, names = _event(_column(rows, "event"), n)
    user, users = _user(_column(rows, "distinct_id"), rows, kinds)
    good &= event != UNDEFINED
    told_user = _told(good, user, users)
    if bad := nobodies(told_user.texts):
        good &= ~np.isin(told_user.which, bad)
        told_user = _told(good, user, users)
    return time, _told(good, event, names), told_user, good


def _told(good: Mask, which: NDArray[np.int32], texts: Stretches) -> Told:
    """Those of the texts that good rows have."""
    which = _where(good, which)
    used = _used("", which, texts)
    return Told(NO_TEXTS, which) if used is None else Told(used.texts, used.which)


def _where(good: Mask, which: NDArray[np.int32]) -> NDArray[np.int32]:
    return which if good.all() else np.where(good, which, UNDEFINED)


def _column(rows: Any, name: str) -> Any:
    """A column of rows; of several the last, as in JSON; ``None`` without."""
    places = [place for place, each in enumerate(rows.schema.names) if each == name]
    return rows.column(places[-1]) if places else None


def property_of(rows: Any, name: str, good: Mask, kinds: Kinds) -> Property | Numbers | None:
    """What a column says of the good rows, by row; ``None``: nothing."""
    column = _column(rows, name)
    odd = not _is_plain(column.type)
    if odd:
        # A patch leaves out what is null, in objects within objects as well.
        value = "json_extract(json_merge_patch('{{}}', json_object('v', {})), '$.v')::varchar"
        column = _asked(rows, [value.format(told(name, kinds.by_name[name]))])[0]
    return _property(name, column, good, odd)


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
        known &= np.abs(numbers) < LATEST  # which no number that is none is, either
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
    return time, known & (time >= EARLIEST) & (time < LATEST)


def _event(column: Any, n: int) -> tuple[NDArray[np.int32], Stretches]:
    if column is None or not (_is_coded(column) or _is_text(column.type)):
        return np.full(n, UNDEFINED, np.int32), NO_TEXTS
    which, texts = _quoted_code(column)
    nameless = np.flatnonzero(texts.size == len(b'""'))
    return np.where(np.isin(which, nameless), UNDEFINED, which) if len(nameless) else which, texts


def _user(column: Any, rows: Any, kinds: Kinds) -> tuple[NDArray[np.int32], Stretches]:
    if column is None:
        return np.full(len(rows), UNDEFINED, np.int32), NO_TEXTS
    if not (_is_coded(column) or _is_text(column.type)):
        column = _asked(rows, [told("distinct_id", kinds.by_name["distinct_id"])])[0]
    return _quoted_code(column)


def _quoted_code(column: Any) -> tuple[NDArray[np.int32], Stretches]:
    which, distinct = _coded(column)
    return which, _quoted(distinct)


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

    if odd or _is_coded(column):
        which, distinct = _coded(column)
        texts = (
            Stretches.of([text_of(decoded(text)) for text in distinct.to_pylist()])
            if odd
            else _quoted(distinct)
        )
        return _used(name, _where(good, which), texts)
    known = _known(column)
    known = good if known is None else good & known
    if _is_number(column.type):
        return _of_numbers(name, column, known)
    if types.is_boolean(column.type):
        which = np.where(known, _bits(column.buffers()[1], column), UNDEFINED).astype(np.int32)
        return _used(name, which, Stretches.of([b"false", b"true"]))
    return _of_texts(name, column, known)


def _of_texts(name: str, column: Any, known: Mask) -> Property | None:
    """As they come: the dictionary of the table finds what is equal."""
    texts, line = _quoted(_valid(column), passing=True), np.flatnonzero(known)
    which = np.arange(len(line), dtype=np.int32)
    if len(line) == len(known):
        return Property(name, None, which, texts)
    return Property(name, line, which, texts.some(line)) if len(line) else None


def _of_numbers(name: str, column: Any, known: Mask) -> Numbers | None:
    numbers = _numbers(column)
    if numbers.dtype.kind == "f":
        known = known & np.isfinite(numbers)
    count = np.count_nonzero(known)
    if count == len(known):
        return Numbers(name, None, numbers)
    line = np.flatnonzero(known)
    return Numbers(name, line, numbers[line]) if count else None


def _used(name: str, which: NDArray[np.int32], texts: Stretches) -> Property | None:
    """A property, ``which`` by row, without the texts that no row of the batch has."""
    used = np.zeros(len(texts.at), np.uint8)
    mark(*views(which, used))
    some = np.flatnonzero(used)
    if not len(some):
        return None
    if len(some) < len(used):
        place, placed = np.empty(len(used), np.int32), np.empty(len(which), np.int32)
        place[some] = np.arange(len(some))
        replace(*views(which, place, placed))
        which, texts = placed, texts.some(some)
    return Property(name, None, which, texts)


def _quoted(texts: Any, passing: bool = False) -> Stretches:
    """Strings as the texts of JSON strings; ``passing``: used up before this thread reads on."""
    import pyarrow.types as types

    _, offsets, data = texts.buffers()
    width = np.int64 if types.is_large_string(texts.type) else np.int32
    ends = np.zeros(1, np.int64)
    if len(texts):
        ends = np.frombuffer(offsets, width)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    size = (np.diff(ends) + 2).astype(np.int32)
    room = int(size.sum()) + PADDING
    quoted = scratch("quoted texts", room, np.uint8) if passing else np.empty(room, np.uint8)
    quoted[-PADDING:] = 0
    quote(*views(np.frombuffer(data, np.uint8) if data else np.empty(0, np.uint8), ends, quoted))
    return Stretches.of_sizes(quoted, size)


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


def lines_of(rows: Any, kinds: Kinds) -> list[bytes]:
    """The lines of an export that say the same as rows."""
    import duckdb
    import pyarrow as pa

    with duckdb.connect() as database:
        database.register("rows", pa.Table.from_batches(rows))
        query, values = lines_query(kinds.by_name, "rows")
        return [line.encode() for (line,) in database.execute(query, values).fetchall()]
