"""Distinct paths with how often each was taken, put together from the parts of a store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.flows.tallies import tallied

NOTHING, DROPPED = -1, -2
NOT_SEEN = -1


@frozen
class Paths:
    """Distinct rows of ``cells`` with their ``counts``: an event's code in each column, or one of the marks.

    ``kinds``: what a column shows, ``ANCHOR``, ``FORWARD`` or ``REVERSE``. ``times``: where they are told,
    the milliseconds of every cell, ``NOT_SEEN`` for none: a row per entry, in the order of ``cells``.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    cells: NDArray[np.int64]
    counts: NDArray[np.int64]
    times: NDArray[np.int64] | None = None


def all_paths(parts: Sequence[Paths]) -> Paths:
    """The paths of all parts."""
    cells = np.concatenate([part.cells for part in parts])
    counts = np.concatenate([part.counts for part in parts])
    told = [part.times for part in parts if part.times is not None]
    times = np.concatenate(told) if told else None
    return distinct_paths(replace(parts[0], cells=cells, counts=counts, times=times))


def distinct_paths(paths: Paths) -> Paths:
    """Every distinct path once, in order, with the sum of its counts. Cells are −2 or more."""
    width = paths.cells.shape[1]
    base = int(paths.cells.max(initial=0)) + 3
    if base**width >= 2**62:
        cells, place = np.unique(paths.cells, axis=0, return_inverse=True)
        return _summed(paths, cells, place.ravel())
    powers = base ** np.arange(width - 1, -1, -1, dtype=np.int64)
    keys = (paths.cells + 2) @ powers
    if paths.times is not None:
        distinct, place = np.unique(keys, return_inverse=True)
        return _summed(paths, _cells(distinct, powers, base), place)
    once = (paths.counts == 1).all()
    tally = tallied(keys, base**width, None if once else paths.counts)
    return replace(paths, cells=_cells(tally.keys, powers, base), counts=tally.counts)


def _cells(keys: NDArray[np.int64], powers: NDArray[np.int64], base: int) -> NDArray[np.int64]:
    return keys[:, None] // powers % base - 2


def _summed(paths: Paths, cells: NDArray[np.int64], place: NDArray[np.intp]) -> Paths:
    """Paths as so many distinct ones, of which each has its place."""
    counts = np.bincount(place, paths.counts, len(cells)).astype(np.int64)
    times = paths.times
    if times is not None:
        times = times[np.argsort(np.repeat(place, paths.counts), kind="stable")]
    return replace(paths, cells=cells, counts=counts, times=times)
