"""Arrays and bytes on their way into files."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.store.in_order import in_order

ROWS = 1 << 16
"""Rows that are put in order and written together, while they are in the core's cache."""

BYTES = 1 << 18
"""Bytes that are written at once.

The system keeps what one call writes in one piece of memory where it can. Pieces of a megabyte and more are
what it has to look for: on a virtual machine, whose host takes large pieces back, they cost ten times more.
"""


def save(path: Path, values: NDArray[Any], order: NDArray[Any] | None = None) -> None:
    """Write an array, in an ``order`` if one is given: some at once, so that it need not be there twice."""
    with path.open("wb") as file:
        write_header(file, values.dtype, len(values) if order is None else len(order))
        if order is None:
            write_values(file, values)
            return
        room = np.empty(min(ROWS, len(order)), values.dtype)
        for first in range(0, len(order), ROWS):
            some = order[first : first + ROWS]
            write_values(file, in_order(values, some, room[: len(some)]))


def write_header(file: BinaryIO, kind: np.dtype[Any], length: int) -> None:
    """The header of an ``.npy`` file; NumPy makes it as long for one length of the array as for another."""
    header = {"descr": kind.str, "fortran_order": False, "shape": (length,)}
    np.lib.format.write_array_header_1_0(file, header)


def write_values(file: BinaryIO, values: NDArray[Any]) -> None:
    """Write what an array holds, without a header."""
    write_bytes(file, np.ascontiguousarray(values).view(np.uint8).data)


def write_bytes(file: BinaryIO, data: Any) -> None:
    """Write what holds bytes in one piece."""
    view = memoryview(data)
    for first in range(0, len(view), BYTES):
        file.write(view[first : first + BYTES])
