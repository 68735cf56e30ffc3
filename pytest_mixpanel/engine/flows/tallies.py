"""Distinct keys with how often each occurs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen

Keys = NDArray[np.int64]

DENSE = 32
"""Keys are counted in a table of all possible ones where these are no more than so many times the keys."""


@frozen
class Tally:
    """Distinct ``keys``, ascending, with their ``counts``; ``size``: all keys are less."""

    keys: Keys
    counts: NDArray[np.int64]
    size: int


def tallied(keys: Keys, size: int, counts: NDArray[np.int64] | None = None) -> Tally:
    """How often keys occur that are 0 or more and less than ``size``, each so many times or once."""
    if size <= DENSE * len(keys):
        sums = np.bincount(keys, counts, size)
        distinct = np.flatnonzero(sums)
        return Tally(distinct, sums[distinct].astype(np.int64), size)
    if counts is None:  # which sorts the keys themselves
        distinct, occurring = np.unique(keys, return_counts=True)
        return Tally(distinct, occurring, size)
    distinct, place = np.unique(keys, return_inverse=True)
    return Tally(distinct, np.bincount(place, counts, len(distinct)).astype(np.int64), size)


def added(parts: Sequence[Tally]) -> Tally:
    """The tally of all parts, whose keys mean the same."""
    keys, counts = (np.concatenate([getattr(part, name) for part in parts]) for name in ("keys", "counts"))
    return tallied(keys, parts[0].size, counts)
