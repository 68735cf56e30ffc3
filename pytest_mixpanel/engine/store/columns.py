"""How a property looks to the engine: one value per event (or per user), coded.

Predicates, formulas and breakdowns are evaluated once per *distinct* value of a ``CodedColumn`` and then
gathered by code, so their cost does not grow with the number of events.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen

UNDEFINED = -1


@frozen
class CodedColumn:
    """Values of any JSON type through a dictionary.

    ``codes``: integer[n], ``UNDEFINED`` where the property is absent; ``values``: the distinct JSON values
    (``None`` is JSON null, which is not the same as absent).
    """

    codes: NDArray[np.integer[Any]]
    values: Sequence[Any]


@frozen
class NumberColumn:
    """Numbers with too many distinct values for a dictionary: float64[n], NaN where absent."""

    numbers: NDArray[np.float64]


Column = CodedColumn | NumberColumn
Rows = NDArray[np.int64] | slice
"""Some rows: at places, or in a stretch."""

MOST_THIN, THIN = 4_096, 64
"""A column is thin with at most so many values, and as many rows for each of them."""


@frozen
class ThinColumn:
    """A column of ``rows`` rows of which few have a value: ``some``, of the rows ``at`` ascending places."""

    at: NDArray[np.integer[Any]]
    some: Column
    rows: int

    def laid_out(self) -> Column:
        """The column of all rows."""
        if isinstance(self.some, NumberColumn):
            numbers = np.full(self.rows, np.nan)
            numbers[self.at] = self.some.numbers
            return NumberColumn(numbers)
        codes = np.full(self.rows, UNDEFINED, self.some.codes.dtype)
        codes[self.at] = self.some.codes
        return CodedColumn(codes, self.some.values)

    def stretch(self, rows: slice) -> Column:
        """The column of a stretch of the rows: of a hundred million no others are laid out."""
        first, end, _ = rows.indices(self.rows)
        some = slice(*np.searchsorted(self.at, [first, end]).tolist())
        return ThinColumn(self.at[some] - first, rows_of(self.some, some), end - first).laid_out()

    def placed(self, place: NDArray[np.integer[Any]]) -> ThinColumn:
        """The column in another order, in which each row has a ``place``."""
        at = place[self.at]
        order = np.argsort(at)
        return ThinColumn(at[order], rows_of(self.some, order), self.rows)


def is_thin(values: int, rows: int) -> bool:
    """Whether a column of ``rows`` rows with so many ``values`` is better kept by these."""
    return values <= min(MOST_THIN, rows // THIN)


def picked(column: Column | None, at: NDArray[np.int64]) -> Column | None:
    """The rows of a column at some places, where there is a column."""
    return None if column is None else rows_of(column, at)


def rows_of(column: Column, at: Rows) -> Column:
    """The rows of a column at some places, or in a stretch."""
    if isinstance(column, NumberColumn):
        return NumberColumn(_rows(column.numbers, at))
    return CodedColumn(_rows(column.codes, at), column.values)


def _rows(entries: NDArray[Any], at: Rows) -> NDArray[Any]:
    return np.asarray(entries[at] if isinstance(at, slice) else np.take(entries, at))


class LazyColumns(Mapping[str, Column]):
    """Columns by name, each made when it is first asked for; ``keep``: and not again after that.

    ``rows`` makes some rows of a column, where that is less work than to make all of them.
    """

    def __init__(
        self,
        names: Collection[str],
        make: Callable[[str], Column],
        *,
        keep: bool = True,
        rows: Callable[[str, Rows], Column] | None = None,
    ) -> None:
        self._names, self._make, self._keep, self._rows = names, make, keep, rows
        self._made: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        made = self._made.get(name)
        if made is None:
            if name not in self._names:
                raise KeyError(name)
            made = self._make(name)
            if self._keep:
                self._made[name] = made
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def rows(self, name: str, at: Rows) -> Column:
        """Some rows of one of the columns."""
        return rows_of(self[name], at) if self._rows is None else self._rows(name, at)


def some_rows(columns: Mapping[str, Column], name: str, at: Rows) -> Column:
    """Some rows of the column of that name; raises ``KeyError`` where there is none."""
    return columns.rows(name, at) if isinstance(columns, LazyColumns) else rows_of(columns[name], at)


def rows_of_all(columns: Mapping[str, Column], at: Rows, *, keep: bool = True) -> LazyColumns:
    """Some rows of every column."""
    return LazyColumns(columns, lambda name: some_rows(columns, name, at), keep=keep)
