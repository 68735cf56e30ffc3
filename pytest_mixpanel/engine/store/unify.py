"""One column out of several that were coded apart: a common dictionary, and tables that lead into it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.kernels.lines import PADDING
from pytest_mixpanel.engine.store.building import MANY_NUMBERS, signed_code_type
from pytest_mixpanel.engine.store.columns import UNDEFINED, CodedColumn, Column, NumberColumn
from pytest_mixpanel.engine.store.texts import Dictionary, Stretches, Texts, text_of

Translate = Callable[[Any], NDArray[Any]]


@frozen
class Unified:
    """``values`` is the common dictionary, ``None`` where the column is one of numbers.

    ``tables``: for every source column what its stored entries are in common, ``None`` where it has none.
    """

    values: Sequence[Any] | None
    tables: Sequence[Translate | None]

    @property
    def kind(self) -> type[Any]:
        """The type of an entry."""
        return np.float64 if self.values is None else signed_code_type(len(self.values))

    @property
    def absent(self) -> float:
        """The entry of what is absent."""
        return np.nan if self.values is None else UNDEFINED

    def column(self, entries: NDArray[Any]) -> Column:
        """The column of translated entries."""
        return NumberColumn(entries) if self.values is None else CodedColumn(entries, self.values)

    def piece(self, source: int, entries: Any, rows: int) -> NDArray[Any]:
        """``rows`` entries of a source in common; ``entries`` is not looked at where it has none."""
        table = self.tables[source]
        return np.full(rows, self.absent, self.kind) if table is None else table(entries)


def entries_of(column: Column) -> NDArray[Any]:
    """What a column stores for each row: numbers, or codes."""
    return column.numbers if isinstance(column, NumberColumn) else column.codes


def unified(columns: Sequence[Column | None]) -> Unified:
    """What the columns have in common: a column of numbers where all are, and too many to be coded."""
    dictionary = Dictionary()
    coded = [dictionary.codes(_texts(each)) if isinstance(each, CodedColumn) else None for each in columns]
    many = any(isinstance(each, NumberColumn) for each in columns) or len(dictionary) > MANY_NUMBERS
    if many and dictionary.only_numbers and dictionary.lossless():
        numbers = np.append(dictionary.numbers(), np.nan)
        tables = [None if codes is None else np.append(numbers[codes], np.nan) for codes in coded]
        return Unified(
            None,
            [
                np.asarray
                if isinstance(column, NumberColumn)
                else None
                if table is None
                else table.__getitem__
                for column, table in zip(columns, tables, strict=True)
            ],
        )
    distinct: list[NDArray[np.float64] | None] = []
    for at, column in enumerate(columns):
        numbers_here = None
        if isinstance(column, NumberColumn):  # they share the column with what is no number
            numbers_here = np.unique(column.numbers[~np.isnan(column.numbers)])
            coded[at] = dictionary.codes(Stretches.of([text_of(number) for number in numbers_here.tolist()]))
        distinct.append(numbers_here)
    kind = signed_code_type(len(dictionary))
    pairs = zip(coded, distinct, strict=True)
    translate = [None if codes is None else _to_codes(each, codes, kind) for codes, each in pairs]
    return Unified(dictionary.values(), translate)


def _texts(column: CodedColumn) -> Stretches:
    """The texts of a column's values."""
    values = column.values
    if not isinstance(values, Texts):
        return Stretches.of([text_of(value) for value in values])
    size = np.diff(values.ends, prepend=0).astype(np.int32)
    return Stretches.of_sizes(values.blob.tobytes() + bytes(PADDING), size)


def _to_codes(distinct: NDArray[Any] | None, codes: NDArray[np.int32], kind: type[Any]) -> Translate:
    table = np.append(codes, UNDEFINED).astype(kind)
    if distinct is None:
        if np.array_equal(codes, np.arange(len(codes))):
            return lambda entries: entries if entries.dtype == kind else entries.astype(kind)
        return table.__getitem__

    def of_numbers(numbers: NDArray[np.float64]) -> NDArray[Any]:
        place = np.searchsorted(distinct, numbers)
        place[np.isnan(numbers)] = len(distinct)
        found: NDArray[Any] = table[place]
        return found

    return of_numbers
