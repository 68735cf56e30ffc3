"""Distinct paths with how often each was taken, put together from the parts of a store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

NOTHING, DROPPED = -1, -2
NOT_SEEN = -1


@dataclass(frozen=True, slots=True)
class Paths:
    """Distinct rows of ``cells`` with their ``counts``: an event's code in each column, or one of the marks.

    ``kinds``: what a column shows, ``ANCHOR``, ``FORWARD`` or ``REVERSE``; ``custom``: which names are those
    of custom events. ``times``: where they are told, the milliseconds of every cell, ``NOT_SEEN`` for none: a
    row per entry, in the order of ``cells``.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    cells: NDArray[np.int64]
    counts: NDArray[np.int64]
    times: NDArray[np.int64] | None = None
    custom: frozenset[str] = frozenset()


def together(parts: Sequence[Paths]) -> Paths:
    """The paths of all parts."""
    cells = np.concatenate([part.cells for part in parts])
    counts = np.concatenate([part.counts for part in parts])
    told = [part.times for part in parts if part.times is not None]
    times = np.concatenate(told) if told else None
    return distinct_paths(replace(parts[0], cells=cells, counts=counts, times=times))


def distinct_paths(paths: Paths) -> Paths:
    """Every distinct path once, in order, with the sum of its counts. Cells are −2 or more."""
    cells, place = _distinct(paths.cells)
    counts = np.bincount(place, paths.counts, len(cells)).astype(np.int64)
    times = paths.times
    if times is not None:
        times = times[np.argsort(np.repeat(place, paths.counts), kind="stable")]
    return replace(paths, cells=cells, counts=counts, times=times)


def _distinct(cells: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct rows in order, and the place of every row among them."""
    width = cells.shape[1]
    base = int(cells.max(initial=0)) + 3
    if base**width >= 2**62:
        distinct, place = np.unique(cells, axis=0, return_inverse=True)
        return distinct, place.ravel()
    powers = base ** np.arange(width - 1, -1, -1, dtype=np.int64)
    keys, place = np.unique((cells + 2) @ powers, return_inverse=True)
    return keys[:, None] // powers % base - 2, place
