"""Working space that a thread keeps from one part of a store to the next.

To get fresh memory from the system costs more than to fill it, and parts are many.
"""

from __future__ import annotations

import math
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_KEPT = 1 << 25
"""Bytes of the largest array that is kept."""

_kept = threading.local()


def scratch(use: str, shape: int | tuple[int, int], kind: Any = np.int64) -> NDArray[Any]:
    """An array of whatever it held last, until this thread asks for the same use again.

    So nothing that outlives a part may stay in it.
    """
    shelf: dict[str, NDArray[np.uint8]] = _kept.__dict__
    size = shape if isinstance(shape, int) else math.prod(shape)
    wanted = size * np.dtype(kind).itemsize
    room = shelf.get(use)
    if room is None or len(room) < wanted:
        room = np.empty(wanted, np.uint8)
        if wanted <= MOST_KEPT:
            shelf[use] = room
    found: NDArray[Any] = room[:wanted].view(kind)
    return found if isinstance(shape, int) else found.reshape(shape)
