"""Bytes that grow: in memory while they are few, then in the file of a column, where they belong in the end.

So many bytes neither grow in memory nor are written from there, which costs more than to read them.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.store.written import write_bytes, write_header

SPOOLED = ".texts-*.part"
"""What the files are called until they are moved."""

IN_MEMORY = 1 << 22
"""Bytes that are kept in memory."""

BYTE = np.dtype(np.uint8)


class Spool:
    """Growing bytes; with a folder as ``room``, many of them are in an ``.npy`` file in it."""

    def __init__(self, room: Path | None = None) -> None:
        self._room, self._memory, self._size = room, bytearray(), 0
        self._file: BinaryIO | None = None
        self._path: Path | None = None
        self._first = 0
        self._mapped = np.empty(0, np.uint8)

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
            write_bytes(self._file, data)

    @property
    def bytes(self) -> bytearray | NDArray[np.uint8]:
        """All of them, until more are added."""
        if self._file is None:
            return self._memory
        self._file.flush()
        if self._size > len(self._mapped):
            # With room for more, which are seen as soon as they are there. Not for all that may come: pages
            # that were looked at count as this process's memory until what is mapped is mapped anew.
            self._file.truncate(self._first + self._size + IN_MEMORY)
            room = mmap(self._file.fileno(), 0, access=ACCESS_READ)
            self._mapped = np.frombuffer(room, np.uint8, offset=self._first)
        return self._mapped[: self._size]

    def move(self, path: Path) -> bool:
        """Give the file that all of them are in to a path; whether there is one that was not moved before."""
        if self._file is None or self._path is None:
            return False
        try:
            self._file.truncate(self._first + self._size)
            self._file.seek(0)
            write_header(self._file, BYTE, self._size)
            self._file.flush()
            self._path.replace(path)
        except PermissionError:  # Windows leaves a file that is open as it is
            return False
        self._path = None
        return True

    def _begun(self, room: Path) -> BinaryIO:
        self._path = room / SPOOLED.replace("*", secrets.token_hex(8))
        file = self._path.open("x+b")
        write_header(file, BYTE, 0)
        self._first = file.tell()
        write_bytes(file, self._memory)
        self._memory = bytearray()
        return file

    def __del__(self) -> None:
        with suppress(OSError):  # a full disk was told of before
            if self._file is not None:
                self._file.close()
            if self._path is not None:
                self._path.unlink(missing_ok=True)
