"""Sums of a property over the events with which users returned (semantics R-18, R-19)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen

Positions = NDArray[np.int64]

AT_ONCE = 4_000_000
"""Pairs of a birth and a return that are looked at together."""


@frozen
class Walk:
    """Births and returns, as ``kernels.returns.count_returns`` describes them; ``matches``: per event."""

    offsets: Positions
    time: Positions
    matches: NDArray[np.uint64]
    edges: Positions
    segment: NDArray[np.int32]
    ticks: Positions
    width: int
    bracket: NDArray[np.int32]
    now: int
    same: bool


def sum_returns(
    walk: Walk, values: NDArray[np.float64], shape: tuple[int, int]
) -> tuple[Positions, NDArray[np.float64]]:
    """Births by row and segment, and the values of their returns by row, segment and bucket."""
    reach = int(walk.offsets[-1])
    seen = walk.time[:reach] <= walk.now
    is_birth = (walk.matches[:reach] & np.uint64(1)) != 0
    births, row, segment = _births(walk, np.flatnonzero(is_birth & seen), shape)
    first = np.zeros(shape, np.int64)
    np.add.at(first, (row, segment), 1)
    sums = np.zeros((*shape, int(walk.bracket[-1]) + 1))
    returns = np.flatnonzero(((walk.matches[:reach] & np.uint64(2)) != 0) & seen)
    owner = np.searchsorted(walk.offsets, births, side="right")
    start = np.searchsorted(returns, _first_of_instant(walk)[births])
    end = np.searchsorted(returns, walk.offsets[owner])
    clock = np.searchsorted(walk.ticks, walk.time, side="right") if len(walk.ticks) else walk.time
    width = 1 if len(walk.ticks) else walk.width
    for part in _portions(end - start):
        count = end[part] - start[part]
        born = np.repeat(births[part], count)
        ahead = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
        back = returns[np.repeat(start[part], count) + ahead]
        valid = walk.time[back] > walk.time[born] if walk.same else back != born
        elapsed = (clock[back] - clock[born]) // width
        valid &= elapsed < len(walk.bracket)
        bucket = walk.bracket[np.where(valid, elapsed, 0)]
        place = (np.repeat(row[part], count), np.repeat(segment[part], count), bucket)
        np.add.at(sums, tuple(axis[valid] for axis in place), values[back[valid]])
    return first, sums


def _births(
    walk: Walk, at: Positions, shape: tuple[int, int]
) -> tuple[Positions, Positions, NDArray[np.int32]]:
    """The first birth of every user in every row and segment."""
    row = np.searchsorted(walk.edges, walk.time[at], side="right") - 1
    segment = walk.segment[at] if len(walk.segment) else np.zeros(len(at), np.int32)
    inside = (row >= 0) & (row < shape[0]) & (segment >= 0)
    at, row, segment = at[inside], row[inside], segment[inside]
    owner = np.searchsorted(walk.offsets, at, side="right") - 1
    _, first = np.unique((owner * shape[0] + row) * shape[1] + segment, return_index=True)
    return at[first], row[first], segment[first]


def _first_of_instant(walk: Walk) -> Positions:
    """For every event the first one of its user at the same time."""
    reach = int(walk.offsets[-1])
    new = np.ones(reach, bool)
    new[1:] = np.diff(walk.time[:reach]) != 0
    new[walk.offsets[:-1][walk.offsets[:-1] < reach]] = True
    return np.maximum.accumulate(np.where(new, np.arange(reach), 0))


def _portions(counts: Positions) -> list[Any]:
    """Births in portions of so many pairs."""
    ends = np.cumsum(counts) // AT_ONCE
    return [np.flatnonzero(ends == number) for number in np.unique(ends)]
