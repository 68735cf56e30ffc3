"""How a property looks to the engine: one value per event (or per user), coded.

Predicates, formulas and breakdowns are evaluated once per *distinct* value of a ``CodedColumn`` and then
gathered by code, so their cost does not grow with the number of events.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNDEFINED = -1


@dataclass(frozen=True, slots=True)
class CodedColumn:
    """Values of any JSON type through a dictionary.

    ``codes``: integer[n], ``UNDEFINED`` where the property is absent; ``values``: the distinct JSON values
    (``None`` is JSON null, which is not the same as absent).
    """

    codes: NDArray[np.integer[Any]]
    values: Sequence[Any]


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """Numbers with too many distinct values for a dictionary: float64[n], NaN where absent."""

    numbers: NDArray[np.float64]


Column = CodedColumn | NumberColumn


def picked(column: Column | None, at: NDArray[np.int64]) -> Column | None:
    """The rows of a column at some places, where there is a column."""
    return None if column is None else rows_of(column, at)


def rows_of(column: Column, at: NDArray[np.int64]) -> Column:
    """The rows of a column at some places."""
    if isinstance(column, NumberColumn):
        return NumberColumn(column.numbers[at])
    return CodedColumn(column.codes[at], column.values)


class SlicedColumns(Mapping[str, Column]):
    """A stretch of every column, cut when it is first asked for."""

    def __init__(self, whole: Mapping[str, Column], low: int, high: int) -> None:
        self._whole, self._low, self._high = whole, low, high

    def __getitem__(self, name: str) -> Column:
        column = self._whole[name]
        if isinstance(column, NumberColumn):
            return NumberColumn(np.asarray(column.numbers[self._low : self._high]))
        return CodedColumn(np.asarray(column.codes[self._low : self._high]), column.values)

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)
