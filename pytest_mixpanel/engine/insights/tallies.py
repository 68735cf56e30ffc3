"""What a metric comes to in the cells of a table of groups and buckets, in a form that adds up over parts.

Counts add; values and texts are kept until all are there. A cell's number is group × buckets + bucket.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.insights.aggregates import Aggregate, Numbers
from pytest_mixpanel.engine.kernels import cells as kernel
from pytest_mixpanel.engine.store.threads import side_by_side, thread_count

Positions = NDArray[np.int64]

MANY_VALUES = 1 << 16
"""So many numbers are worth a thread of their own."""


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
    """Numbers with their cells, and what is made of the numbers of one cell, or of ``nothing``.

    ``others``: those of other parts, which come after these.
    """

    cell: NDArray[np.unsignedinteger[Any]]
    value: Numbers
    aggregate: Aggregate
    nothing: Any = None
    others: Sequence[Values] = ()

    @classmethod
    def of(
        cls, cell: Positions, cells: int, value: Numbers, aggregate: Aggregate, nothing: Any = None
    ) -> Values:
        """Cells are kept as narrow as their number allows: there are as many as values."""
        return cls(cell.astype(_narrowest(cells)), value, aggregate, nothing)

    def moved(self, places: Positions, groups: int, buckets: int) -> Values:
        if np.array_equal(places, np.arange(len(places))):
            return self
        table = (places[:, None] * buckets + np.arange(buckets)).ravel()
        return replace(self, cell=table.astype(_narrowest(groups * buckets))[self.cell])

    def added(self, others: Sequence[Values]) -> Values:
        return replace(self, others=(*self.others, *others))

    def cells(self, cells: int) -> list[Any]:
        parts = (self, *self.others)
        counts = np.zeros(cells, np.int64)
        for part in parts:
            kernel.count_values(part.cell, counts)
        ends = np.cumsum(counts)
        values, place = np.empty(int(ends[-1]) if cells else 0), ends - counts
        for part in parts:
            kernel.place_values(part.cell, part.value, place, values)
        some = np.flatnonzero(counts)
        told = [self.nothing] * cells
        for at, value in zip(some.tolist(), self._made(values, np.append(0, ends[some])), strict=True):
            told[at] = _told(value)
        return told

    def _made(self, values: Numbers, bounds: Positions) -> Iterator[Any]:
        """The aggregate of every stretch; of many numbers by several threads."""
        threads = thread_count() if len(values) >= MANY_VALUES else 1
        marks = np.arange(1, threads) * (len(values) // threads)
        cuts = [0, *np.searchsorted(bounds, marks).tolist(), len(bounds) - 1]
        pieces = [bounds[low : high + 1] for low, high in pairwise(cuts) if low < high]
        return chain.from_iterable(side_by_side(lambda piece: self.aggregate(values, piece), pieces))


def _narrowest(cells: int) -> np.dtype[Any]:
    return np.min_scalar_type(max(cells - 1, 0))


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
