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


def rows_of(column: Column, at: NDArray[np.int64] | slice) -> Column:
    """The rows of a column at some places, or in a stretch."""
    if isinstance(column, NumberColumn):
        return NumberColumn(_rows(column.numbers, at))
    return CodedColumn(_rows(column.codes, at), column.values)


def _rows(entries: NDArray[Any], at: NDArray[np.int64] | slice) -> NDArray[Any]:
    return np.asarray(entries[at] if isinstance(at, slice) else np.take(entries, at))


class LazyColumns(Mapping[str, Column]):
    """Columns by name, each made when it is first asked for; ``keep``: and not again after that."""

    def __init__(self, names: Collection[str], make: Callable[[str], Column], *, keep: bool = True) -> None:
        self._names, self._make, self._keep = names, make, keep
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


def rows_of_all(
    columns: Mapping[str, Column], at: NDArray[np.int64] | slice, *, keep: bool = True
) -> LazyColumns:
    """Some rows of every column, at places or in a stretch."""
    return LazyColumns(columns, lambda name: rows_of(columns[name], at), keep=keep)
