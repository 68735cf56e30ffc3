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


def picked(column: Column | None, at: NDArray[np.int64]) -> Column | None:
    """The rows of a column at some places, where there is a column."""
    return None if column is None else rows_of(column, at)


def rows_of(column: Column, at: NDArray[np.int64] | slice) -> Column:
    """The rows of a column at some places, or in a stretch."""
    if isinstance(column, NumberColumn):
        return NumberColumn(np.asarray(column.numbers[at]))
    return CodedColumn(np.asarray(column.codes[at]), column.values)


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
