"""Entries of an array in another order, as fast as memory gives them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.kernels.ordering import put_in_order

WORDS = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}
"""What entries are to a kernel that only moves them, by their size."""


def in_order(
    entries: NDArray[Any], order: NDArray[Any], out: NDArray[Any] | None = None, first: int = 0
) -> NDArray[Any]:
    """``entries[first + order]``; places of four bytes are taken as they are, of which NumPy makes eight.

    ``order`` is of places that there are, which nobody checks.
    """
    found = np.empty(len(order), entries.dtype) if out is None else out
    word = WORDS[entries.itemsize]
    put_in_order(entries.view(word), order, found.view(word), first)
    return found
