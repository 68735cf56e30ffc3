"""What became of the attempts at a funnel: per attempt when each step was done, in which bucket and segment.

Found in parts of a store and put together; from here on no event is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.funnels.attempts import NOT_REACHED


@frozen
class Journeys:
    """A row per attempt, by user and entry.

    ``time``: milliseconds at each step, ``NOT_REACHED`` from the first step not reached; ``bucket``: of the
    entry; ``value``: of the measured property at each step, NaN where it is none, or no columns at all;
    ``last``: the place of the event with which it came to its last step, among those of the user.
    """

    user: NDArray[np.int64]
    bucket: NDArray[np.int64]
    time: NDArray[np.int64]
    value: NDArray[np.float64]
    last: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.user)

    def only(self, rows: Any) -> Journeys:
        """Some rows: a mask, places or a slice."""
        return Journeys(*(getattr(self, each.name)[rows] for each in fields(self)))

    def by_bucket(self, buckets: int) -> list[Journeys]:
        order = np.argsort(self.bucket, kind="stable")
        bounds = np.searchsorted(self.bucket[order], np.arange(buckets + 1))
        return [self.only(order[low:high]) for low, high in pairwise(bounds.tolist())]

    def one_of_each(self, reentry: str) -> Journeys:
        """With uniques a user enters once per segment and bucket (F-31, F-33).

        With the first attempt, or where every entry was tried with the deepest, then the earliest done, then
        by entry (F-13, F-16).
        """
        entry = np.arange(len(self))  # rows of a user are in the order of entry
        rank: tuple[NDArray[Any], ...] = (entry,)
        if reentry != "default":
            depth = (self.time != NOT_REACHED).sum(axis=1)
            rank = (-entry if reentry == "optimized" else entry, self.last, -depth)
        order = np.lexsort((*rank, self.bucket, self.user))
        user, bucket = self.user[order], self.bucket[order]
        new = np.ones(len(order), bool)
        new[1:] = (user[1:] != user[:-1]) | (bucket[1:] != bucket[:-1])
        return self.only(np.sort(order[new]))


def joined(parts: Sequence[Journeys]) -> Journeys:
    """The journeys of several parts as one."""
    if len(parts) == 1:
        return parts[0]
    return Journeys(
        *(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Journeys))
    )
