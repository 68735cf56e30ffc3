"""Collects the values of one property, row by row or in blocks, and makes a column of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.store.columns import (
    UNDEFINED,
    CodedColumn,
    Column,
    NumberColumn,
    ThinColumn,
    is_thin,
)
from pytest_mixpanel.engine.store.in_order import in_order
from pytest_mixpanel.engine.store.texts import Dictionary, Seen, Stretches, text_of

Integers = NDArray[np.integer[Any]]

MANY_NUMBERS = 32_768
"""A property of numbers with more distinct ones than these is kept as numbers."""

PENDING = 50_000
"""Single values that are kept before they are coded together."""

TOLD_BY = 1 << 17
"""Rows by which it is told whether nearly all have a text of their own."""

NOTHING = b"\xff"
"""A byte of a row without a value."""

NOTHING_OF = {"i": UNDEFINED, "f": np.nan}
"""No value among codes and among numbers, by the kind of their type."""

EXACT = 2**53
"""Whole numbers up to this are told apart by a float64."""


def signed_code_type(size: int) -> type[np.signedinteger[Any]]:
    """The narrowest type for codes below ``size`` and ``UNDEFINED``."""
    return np.int8 if size <= 128 else np.int16 if size <= 32_768 else np.int32


class ColumnBuilder:
    """The values of one property; a row has one, and rows of different calls differ.

    Values are texts of a dictionary until they are many numbers, and nothing but numbers; then numbers.
    Codes and numbers lie row by row in memory that grows in its place; all bits set stand for no value, which
    is ``UNDEFINED`` in every type of codes, and NaN. ``room``: a folder for the file of very many texts.
    """

    def __init__(self, room: Path | None = None) -> None:
        self._dictionary = Dictionary(room)
        self._seen, self._codes = Seen(), np.empty(0, np.int32)
        self._numeric = self._never_numeric = False
        self._dense, self._type = bytearray(), np.dtype(np.int8)
        self._sparse: list[tuple[NDArray[np.int64], NDArray[Any]]] = []
        self._rows: list[int] = []
        self._texts: list[bytes] = []

    def add(self, row: int, value: Any) -> None:
        """Set the value of a row."""
        self._rows.append(row)
        self._texts.append(text_of(value))
        if len(self._rows) >= PENDING:
            self._settle()

    def fill(self, first: int, count: int, rows: Integers | None, which: Integers, texts: Stretches) -> None:
        """Set ``rows`` of the ``count`` rows from ``first`` on: ``which`` of the distinct ``texts``.

        Without ``rows``, ``which`` is of every one of them, −1 for no value.
        """
        values = self._coded(texts)
        nothing = np.array([NOTHING_OF[values.dtype.kind]], values.dtype)
        self._put(first, count, rows, in_order(np.concatenate([nothing, values]), which, first=1))

    def fill_numbers(self, first: int, count: int, rows: Integers | None, numbers: NDArray[Any]) -> None:
        """Set ``rows`` of the ``count`` rows from ``first`` on to numbers, none of them NaN.

        Without ``rows``, there is a number for every one of them.
        """
        if numbers.dtype.kind != "f" and not _are_exact(numbers):
            distinct, which = np.unique(numbers, return_inverse=True)
            self.fill(first, count, rows, which, _texts_of(distinct))
            return
        numbers = numbers.astype(np.float64, copy=False)
        values = numbers if self._numeric else self._codes_of(numbers)
        self._put(first, count, rows, values)

    def expect(self, rows: int, more: int) -> None:
        """Make room for ``more`` rows at once, if of many ``rows`` so far hardly two have the same text."""
        if rows >= TOLD_BY and 10 * len(self._dictionary) > 9 * rows:
            self._dictionary.make_room(more)

    def finish(self, rows: int) -> Column:
        """The column over ``rows`` rows; numbers with many distinct values become a ``NumberColumn``."""
        self._settle()
        if self._numeric:
            return NumberColumn(self._laid_out(rows))
        if len(self._dictionary) > MANY_NUMBERS and self._dictionary.only_numbers:
            return NumberColumn(np.append(self._dictionary.numbers(), np.nan)[self._laid_out(rows)])
        return CodedColumn(self._laid_out(rows), self._dictionary.values())

    def thin(self, rows: int) -> ThinColumn | None:
        """The column by its rows with a value; ``None`` where these are not few, or all are laid out."""
        self._settle()
        if self._dense or self._numeric or not is_thin(sum(len(at) for at, _ in self._sparse), rows):
            return None
        at = np.concatenate([at for at, _ in self._sparse])
        codes = np.concatenate([codes for _, codes in self._sparse])
        order = np.argsort(at)
        return ThinColumn(at[order], CodedColumn(codes[order], self._dictionary.values()), rows)

    def close(self) -> None:
        """Let go what only new values need."""
        self._settle()
        self._dictionary.close()
        self._seen = Seen()

    def _laid_out(self, rows: int) -> NDArray[Any]:
        for _, values in self._sparse:
            self._widen(values.dtype)
        self._dense += NOTHING * (rows * self._type.itemsize - len(self._dense))
        whole = self._whole()
        while self._sparse:
            places, values = self._sparse.pop()
            whole[places] = values
        return whole

    def _whole(self) -> NDArray[Any]:
        return np.frombuffer(self._dense, self._type)

    def _widen(self, wanted: np.dtype[Any]) -> None:
        """Make the type of all rows wide enough for codes of another."""
        if wanted.itemsize > self._type.itemsize:
            self._dense, self._type = bytearray(self._whole().astype(wanted).data), wanted

    def _settle(self) -> None:
        """Code the single values."""
        if not self._rows:
            return
        place: dict[bytes, int] = {}
        which = np.array([place.setdefault(text, len(place)) for text in self._texts])
        values = self._coded(Stretches.of(list(place)))[which]
        self._sparse.append((np.array(self._rows, np.int64), values))
        self._rows, self._texts = [], []

    def _coded(self, texts: Stretches) -> NDArray[Any]:
        """Codes of the texts, or numbers where these are kept."""
        if self._numeric:
            numbers = texts.numbers()
            if numbers is not None:
                return numbers
            self._leave_numbers()
        codes = self._dictionary.codes(texts)
        if len(self._dictionary) > MANY_NUMBERS and self._dictionary.only_numbers and not self._never_numeric:
            return self._turn_to_numbers(codes)
        return codes.astype(signed_code_type(len(self._dictionary)))

    def _codes_of(self, numbers: NDArray[np.float64]) -> NDArray[Any]:
        """Codes of numbers, or these where they turn out to be too many: each becomes a text once."""
        which, fresh = self._seen.codes(numbers)
        many = len(fresh) > MANY_NUMBERS and not len(self._dictionary) and not self._never_numeric
        if many:  # at once, without a text for each of them
            self._hold_numbers(np.empty(0, np.float64))
        elif len(fresh):
            codes = self._coded(_texts_of(fresh))
            if not self._numeric:
                self._codes = np.append(self._codes, codes.astype(np.int32))
        if self._numeric:
            return numbers
        return in_order(self._codes.astype(signed_code_type(len(self._dictionary))), which)

    def _turn_to_numbers(self, codes: Integers) -> NDArray[Any]:
        if not self._dictionary.lossless():
            self._never_numeric = True
            return codes
        table = np.append(self._dictionary.numbers(), np.nan)
        self._hold_numbers(table[self._whole()])
        self._sparse = [(rows, table[values]) for rows, values in self._sparse]
        return table[codes]

    def _hold_numbers(self, numbers: NDArray[np.float64]) -> None:
        """Keep numbers from now on, without what they would be coded by."""
        self._hold(numbers)
        self._dictionary, self._numeric = Dictionary(), True
        self._seen, self._codes = Seen(), np.empty(0, np.int32)

    def _leave_numbers(self) -> None:
        """Something else came: numbers are texts again, as if they had never been anything else."""
        self._numeric, self._never_numeric = False, True
        self._hold(self._recoded(self._whole()))
        self._sparse = [(rows, self._recoded(values)) for rows, values in self._sparse]

    def _hold(self, values: NDArray[Any]) -> None:
        self._dense, self._type = bytearray(values.data), values.dtype

    def _recoded(self, numbers: NDArray[np.float64]) -> NDArray[Any]:
        known = ~np.isnan(numbers)
        distinct, which = np.unique(numbers[known], return_inverse=True)
        codes = np.full(len(numbers), UNDEFINED, np.int32)
        codes[known] = self._dictionary.codes(_texts_of(distinct))[which]
        return codes

    def _put(self, first: int, count: int, rows: Integers | None, values: NDArray[Any]) -> None:
        if rows is not None and 8 * len(rows) < count:  # their places cost less than a whole block
            self._sparse.append((first + rows.astype(np.int64), values))
            return
        self._widen(values.dtype)
        self._dense += NOTHING * (first * self._type.itemsize - len(self._dense))
        if rows is None:
            self._dense += values.astype(self._type, copy=False).data
            return
        block = np.frombuffer(bytearray(NOTHING * (count * self._type.itemsize)), self._type)
        block[rows] = values
        self._dense += block.data


def _texts_of(numbers: NDArray[Any]) -> Stretches:
    return Stretches.of([text_of(number) for number in numbers.tolist()])


def _are_exact(numbers: NDArray[Any]) -> bool:
    """Whether a float64 tells whole numbers like these apart."""
    return not len(numbers) or bool(numbers.min() >= -EXACT and numbers.max() <= EXACT)


class BuiltColumns(Mapping[str, Column]):
    """The columns of ``rows`` rows, made of their builders when they are asked for, each time anew."""

    def __init__(self, builders: dict[str, ColumnBuilder], rows: int) -> None:
        self._builders, self._rows = builders, rows
        for builder in builders.values():
            builder.close()

    def __getitem__(self, name: str) -> Column:
        return self._builders[name].finish(self._rows)

    def __iter__(self) -> Iterator[str]:
        return iter(self._builders)

    def __len__(self) -> int:
        return len(self._builders)

    def take(self, name: str) -> Column | ThinColumn:
        """A column that is not asked for again; what it was made of is let go."""
        builder = self._builders.pop(name)
        return builder.thin(self._rows) or builder.finish(self._rows)


def columns_of(records: Sequence[Mapping[str, Any] | None]) -> dict[str, Column]:
    """Flat records, one per row, in columns."""
    builders: dict[str, ColumnBuilder] = {}
    for row, record in enumerate(records):
        for name, value in (record or {}).items():
            builders.setdefault(name, ColumnBuilder()).add(row, value)
    return {name: builder.finish(len(records)) for name, builder in builders.items()}
