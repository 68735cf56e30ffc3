"""How far attempts at a funnel came: counts and times by step, in a form that adds up over parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.kernels.attempts import count_progress

Table = NDArray[np.int64]


@frozen
class Measured:
    """What is told of some attempts, by step.

    ``counts``: how many reached it; ``values``: what is told instead, a count or an aggregate; ``times``,
    ``times_from_start``: seconds from the step before, and from the first one.
    """

    counts: list[int]
    values: list[Any]
    times: list[Any]
    times_from_start: list[Any]


@frozen
class Progress:
    """Sums by cell and step: how many attempts reached it, and the milliseconds they took to.

    ``since_last``: from the step before, ``since_first``: from the entry; a step that came earlier, as those
    at most two seconds apart may, took no time (F-9).
    """

    counts: Table
    since_last: Table
    since_first: Table

    @classmethod
    def of(cls, attempts: Table, time: Table, edges: NDArray[np.int64]) -> Progress:
        """Of attempts, as rows of places of ``time``; a cell for every bucket that begins at an edge."""
        progress = cls.none(len(edges) - 1, attempts.shape[1])
        count_progress(attempts, time, edges, progress.counts, progress.since_last, progress.since_first)
        return progress

    @classmethod
    def none(cls, cells: int, steps: int) -> Progress:
        return cls(*np.zeros((3, cells, steps), np.int64))

    def cell(self, number: int) -> Measured:
        counts = self.counts[number].tolist()
        return Measured(
            counts,
            counts,
            _means(self.since_last[number].tolist(), counts),
            _means(self.since_first[number].tolist(), counts),
        )


def summed(parts: Sequence[Progress]) -> Progress:
    """The progress of the attempts of several parts."""
    return Progress(
        np.sum([part.counts for part in parts], axis=0),
        np.sum([part.since_last for part in parts], axis=0),
        np.sum([part.since_first for part in parts], axis=0),
    )


def _means(milliseconds: list[int], counts: list[int]) -> list[float | None]:
    """Seconds each; none for the first step, and of nobody."""
    return [
        total / count / 1000 if step and count else None
        for step, (total, count) in enumerate(zip(milliseconds, counts, strict=True))
    ]
