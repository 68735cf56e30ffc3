"""How a property looks to the engine: one value per event (or per user), coded.

Predicates, formulas and breakdowns are evaluated once per *distinct* value of a ``CodedColumn`` and then
gathered by code, so their cost does not grow with the number of events.
"""

from __future__ import annotations

from collections.abc import Sequence
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
