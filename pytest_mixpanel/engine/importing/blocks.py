"""Blocks of lines or rows, read side by side: what is given, and what is found in one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.store.texts import Stretches
from pytest_mixpanel.engine.store.threads import thread_count

Integers = NDArray[np.int32]
Given = TypeVar("Given")


@frozen
class Block:
    """Lines of a file: ``first`` is the number of the first one.

    ``end``: where the lines end, if padding for the scanner follows them; −1 where nothing does.
    """

    first: int
    data: bytes
    end: int = -1


@frozen
class Names:
    """Who or what the scanned lines name: ``which`` of the ``names``, by line; −1 for none."""

    names: Sequence[str]
    which: Integers


@frozen
class Told:
    """Who or what the scanned lines name, as texts of JSON: ``which`` of them, by line; −1 for none.

    A text that is no string names what it says: ``17`` and ``"17"`` are one.
    """

    texts: Stretches
    which: Integers


@frozen
class Property:
    """A property in the scanned lines that have it: ``line`` by line, ``which`` of the distinct ``texts``.

    Without ``line``, ``which`` is of every line, −1 for none.
    """

    name: str
    line: NDArray[np.integer[Any]] | None
    which: Integers
    texts: Stretches


@frozen
class Numbers:
    """A property whose values came as numbers, none of them NaN: those of each ``line`` that has it.

    Without ``line``, every line has it.
    """

    name: str
    line: NDArray[np.integer[Any]] | None
    numbers: NDArray[Any]


@frozen
class Scanned:
    """A block as it was read: what became of each line, the time (ms), event and user of those scanned.

    ``first``: the number of the first line; ``others``: the lines that are left to the reader, by place.
    """

    first: int
    status: NDArray[np.uint8]
    time: NDArray[np.int64]
    event: Names | Told
    user: Names | Told
    properties: Sequence[Property | Numbers]
    others: Mapping[int, bytes]


class BreaksOffError(Exception):
    """A file cannot be read from a row on, the first being 1: it is read anew, up to there."""

    def __init__(self, path: Path, row: int, reason: str) -> None:
        super().__init__(path, row, reason)
        self.path, self.row, self.reason = path, row, reason


@frozen
class Piece:
    """What is found of a property in some rows of a file, those before them being told: ``None`` for nothing.

    Rows that are not ``plain`` were told in other ways.
    """

    plain: NDArray[np.bool_]
    found: Property | Numbers | None


@frozen
class ByColumn:
    """The properties of the ``plain`` rows that were just given, by name.

    ``weights``: how much there is of each; ``pieces``: what there is.
    """

    plain: int
    weights: Mapping[str, int]
    pieces: Callable[[str], Iterator[Piece]]


def in_order(work: Callable[[Given], Scanned], given: Iterable[Given]) -> Generator[Scanned, None, None]:
    """What ``work`` makes of each, in their order.

    A thread takes what is given, others share the work, both ahead of what is used, but not far.
    """
    threads = thread_count()
    if threads < 2:
        yield from map(work, given)
        return
    source = iter(given)
    waiting: deque[Future[Scanned | None]] = deque()
    with (
        ThreadPoolExecutor(1, thread_name_prefix="mixpanel-read") as reader,
        ThreadPoolExecutor(threads, thread_name_prefix="mixpanel-scan") as pool,
    ):

        def worked(taken: Future[Given | None]) -> Scanned | None:
            each = taken.result()
            return None if each is None else work(each)

        while True:
            while len(waiting) <= threads:
                waiting.append(pool.submit(worked, reader.submit(next, source, None)))
            found = waiting.popleft().result()
            if found is None:
                return
            yield found
