"""What a metric comes to in the cells of a table of groups and buckets, in a form that adds up over parts.

Counts add; values and texts are kept until all are there. A cell's number is group × buckets + bucket.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen

Positions = NDArray[np.int64]
Numbers = NDArray[np.float64]


class Tally(Protocol):
    """``moved``: the same with every group at another place; ``added``: several as one."""

    def moved(self, places: Positions, groups: int, buckets: int) -> Self: ...

    def added(self, others: Sequence[Any]) -> Self: ...

    def cells(self, cells: int) -> list[Any]:
        """A number for every cell, ``None`` where there is none."""
        ...


@frozen
class Counts:
    """A count, or a sum, per cell."""

    counts: NDArray[Any]

    def moved(self, places: Positions, groups: int, buckets: int) -> Counts:
        table = np.zeros((groups, buckets), self.counts.dtype)
        table[places] = self.counts.reshape(-1, buckets)
        return Counts(table.ravel())

    def added(self, others: Sequence[Counts]) -> Counts:
        return Counts(np.sum([self.counts, *(other.counts for other in others)], axis=0))

    def cells(self, cells: int) -> list[Any]:
        return [plain(value) if isinstance(value, float) else value for value in self.counts.tolist()]


@frozen
class Values:
    """Numbers with their cells, and what is made of the numbers of one cell, or of ``nothing``."""

    cell: Positions
    value: Numbers
    aggregate: Callable[[Numbers], Any]
    nothing: Any = None

    def moved(self, places: Positions, groups: int, buckets: int) -> Values:
        return replace(self, cell=places[self.cell // buckets] * buckets + self.cell % buckets)

    def added(self, others: Sequence[Values]) -> Values:
        cells = np.concatenate([self.cell, *(other.cell for other in others)])
        values = np.concatenate([self.value, *(other.value for other in others)])
        return replace(self, cell=cells, value=values)

    def cells(self, cells: int) -> list[Any]:
        # Narrow keys are sorted by radix.
        key = self.cell.astype(np.uint16) if cells <= 65_536 else self.cell
        order = np.argsort(key, kind="stable")
        parts = np.split(self.value[order], np.cumsum(np.bincount(self.cell, minlength=cells))[:-1])
        return [_told(self.aggregate(part)) if len(part) else self.nothing for part in parts]


@frozen
class Texts:
    """The distinct texts of every cell."""

    texts: Sequence[frozenset[str]]

    def moved(self, places: Positions, groups: int, buckets: int) -> Texts:
        moved: list[frozenset[str]] = [frozenset()] * (groups * buckets)
        for group, place in enumerate(places.tolist()):
            cells = self.texts[group * buckets : (group + 1) * buckets]
            moved[place * buckets : (place + 1) * buckets] = cells
        return Texts(moved)

    def added(self, others: Sequence[Texts]) -> Texts:
        each = zip(self.texts, *(other.texts for other in others), strict=True)
        return Texts([frozenset(one.union(*more)) for one, *more in each])

    def cells(self, cells: int) -> list[Any]:
        return [len(texts) for texts in self.texts]


@frozen
class Tallied:
    """How often each text occurs in every cell, and what is made of that."""

    counts: Sequence[Counter[str]]
    aggregate: Callable[[Counter[str]], Any]

    def moved(self, places: Positions, groups: int, buckets: int) -> Tallied:
        moved: list[Counter[str]] = [Counter() for _ in range(groups * buckets)]
        for group, place in enumerate(places.tolist()):
            moved[place * buckets : (place + 1) * buckets] = self.counts[
                group * buckets : (group + 1) * buckets
            ]
        return replace(self, counts=moved)

    def added(self, others: Sequence[Tallied]) -> Tallied:
        each = zip(self.counts, *(other.counts for other in others), strict=True)
        return replace(self, counts=[sum(more, one) for one, *more in each])

    def cells(self, cells: int) -> list[Any]:
        return [self.aggregate(counts) for counts in self.counts]


def _told(value: Any) -> Any:
    return value if isinstance(value, dict) else plain(float(value))


def plain(value: float) -> float:
    """Whole numbers as integers, as the service sends them."""
    return int(value) if value.is_integer() and abs(value) < 2**53 else value
