"""Bytes that grow: in memory while they are few, then in the file of a column, where they belong in the end.

So many bytes neither grow in memory nor are written from there, which costs more than to read them.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

IN_MEMORY = 1 << 24
"""Bytes that are kept in memory."""


class Spool:
    """Growing bytes; with a folder as ``room``, many of them are in an ``.npy`` file in it."""

    def __init__(self, room: Path | None = None) -> None:
        self._room, self._memory, self._size = room, bytearray(), 0
        self._file: BinaryIO | None = None
        self._path: Path | None = None
        self._first = 0
        self._mapped: NDArray[np.uint8] | None = None

    def __len__(self) -> int:
        return self._size

    def append(self, data: Any) -> None:
        """Add bytes, given as what holds them in one piece."""
        self._size += len(data)
        if self._file is None and self._room is not None and self._size > IN_MEMORY:
            self._file = self._begun(self._room)
        if self._file is None:
            self._memory += data
        else:
            self._file.write(data)
            self._mapped = None

    @property
    def bytes(self) -> bytearray | NDArray[np.uint8]:
        """All of them, until more are added."""
        if self._file is None:
            return self._memory
        if self._mapped is None:
            self._file.flush()
            self._mapped = np.asarray(np.memmap(self._file, np.uint8, "r", self._first, (self._size,)))
        return self._mapped

    def move(self, path: Path) -> bool:
        """Give the file that all of them are in to a path; whether there is one that was not moved before."""
        if self._file is None or self._path is None:
            return False
        self._file.seek(0)
        _write_header(self._file, self._size)
        self._file.flush()
        try:
            self._path.replace(path)
        except PermissionError:  # Windows leaves a file that is open where it is
            return False
        self._path = None
        return True

    def _begun(self, room: Path) -> BinaryIO:
        self._path = room / f".texts-{secrets.token_hex(8)}.part"
        file = self._path.open("x+b")
        _write_header(file, 0)
        self._first = file.tell()
        file.write(self._memory)
        self._memory = bytearray()
        return file

    def __del__(self) -> None:
        with suppress(OSError):  # a full disk was told of before
            if self._file is not None:
                self._file.close()
            if self._path is not None:
                self._path.unlink(missing_ok=True)


def _write_header(file: BinaryIO, size: int) -> None:
    """The header of so many bytes; NumPy makes it as long as that of any other number of them."""
    header = {"descr": "|u1", "fortran_order": False, "shape": (size,)}
    np.lib.format.write_array_header_1_0(file, header)
