"""How much of the mapped files stays in this process's memory.

The pages of a mapped file stay where they were read until the system wants the memory for something else,
so a process that has answered many questions would come to be as large as its store. Columns that the
running question has not asked for are let go, those unused for longest first, as long as more than
``MAPPED_BYTES`` are mapped. They are in the system's cache still: letting a gigabyte go and reading it again
costs a sixth of a second, which is why a question's own columns stay, and what fits is never let go.
"""

from __future__ import annotations

import mmap
import threading
import weakref
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAPPED_BYTES = 1_900 * 2**20
"""With the libraries below two gigabytes."""

ALWAYS = -1


class Residency:
    """The files that a process has mapped, those used last at the end.

    A question has a number; a file has that of the last one it was used in, or ``ALWAYS``.
    """

    def __init__(self) -> None:
        self._alone = threading.Lock()
        self._question = 0
        self._used: dict[int, tuple[weakref.ref[mmap.mmap], int]] = {}

    def ask(self) -> None:
        """Another question begins."""
        with self._alone:
            self._question += 1

    def keep(self, array: NDArray[Any]) -> None:
        """What is mapped for an array stays."""
        self._note(array, ALWAYS)

    def use(self, array: NDArray[Any]) -> None:
        """What is mapped for an array is used by the running question, and may be let go by another."""
        self._note(array, self._question)

    def _note(self, array: NDArray[Any], question: int) -> None:
        mapping = mapping_of(array)
        if mapping is None:
            return
        with self._alone:
            known = self._used.pop(id(mapping), None)
            self._used[id(mapping)] = (weakref.ref(mapping), question)
            if known is None or known[0]() is not mapping:
                self._make_room()

    def _make_room(self) -> None:
        live = {key: (mapping, of) for key, (ref, of) in self._used.items() if (mapping := ref()) is not None}
        self._used = {key: self._used[key] for key in live}
        mapped = sum(len(mapping) for mapping, _ in live.values())
        for key, (mapping, question) in live.items():
            if mapped <= MAPPED_BYTES:
                return
            if question not in (ALWAYS, self._question):
                let_go(mapping)
                mapped -= len(mapping)
                del self._used[key]


def mapping_of(array: NDArray[Any]) -> mmap.mmap | None:
    """The mapped file that an array is a part of, if it is of one."""
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    return base if isinstance(base, mmap.mmap) else None


def let_go(mapping: mmap.mmap) -> None:
    """Give the pages of a mapped file back; they are read again when they are next asked for."""
    if hasattr(mapping, "madvise"):
        mapping.madvise(mmap.MADV_DONTNEED)


residency = Residency()
"""Of this process, whatever stores it has open."""
