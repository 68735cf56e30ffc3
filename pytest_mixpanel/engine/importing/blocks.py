"""Blocks of whole lines, scanned side by side: what a kernel can read at once, and what it leaves."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.importing.lines import EARLIEST
from pytest_mixpanel.engine.kernels import compiled
from pytest_mixpanel.engine.kernels.lines import BLANK, OTHER, scan_lines
from pytest_mixpanel.engine.store.parts import thread_count

Integers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of a file: ``first`` is the number of the first one."""

    first: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Scanned:
    """A block as the kernel saw it; see ``scan_lines`` for what the arrays hold."""

    block: Block
    status: NDArray[np.uint8]
    starts: NDArray[np.int64]
    time: NDArray[np.int64]
    event: Integers
    user: Integers
    pair_line: Integers
    pair_entry: Integers
    entry_of: Integers
    entry_at: Integers
    entry_size: Integers

    def line(self, number: int) -> bytes:
        """The text of a line, its end included."""
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.block.data)
        return self.block.data[self.starts[number] : end]

    def texts(self, entries: NDArray[np.int64]) -> list[bytes]:
        data, starts = self.block.data, self.entry_at[entries]
        ends = starts + self.entry_size[entries]
        return [data[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]

    def text(self, entry: int) -> bytes:
        """The text of an entry as it stands: a string with its quotes, a number, a word."""
        at = self.entry_at[entry]
        return self.block.data[at : at + self.entry_size[entry]]


def scanned(blocks: Iterable[Block]) -> Iterator[Scanned]:
    """The blocks in their order, each scanned while those before it are worked on."""
    threads = thread_count()
    if threads < 2:
        yield from map(scan, blocks)
        return
    waiting: deque[Future[Scanned]] = deque()
    with ThreadPoolExecutor(threads - 1, thread_name_prefix="mixpanel-scan") as pool:
        for block in blocks:
            waiting.append(pool.submit(scan, block))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def scan(block: Block) -> Scanned:
    """One block; where kernels are interpreted, or the text is no UTF-8, every line is left to the reader."""
    data = block.data
    lines = data.count(b"\n") + 1
    pairs = data.count(b":") + 1
    if not (compiled() and _is_utf8(data)):
        return _unscanned(block)
    status, starts = np.empty(lines, np.uint8), np.empty(lines, np.int64)
    time, event, user = np.empty(lines, np.int64), np.empty(lines, np.int32), np.empty(lines, np.int32)
    pair_line, pair_entry = np.empty(pairs, np.int32), np.empty(pairs, np.int32)
    room = 2 * pairs  # a key and a value for every colon
    entry_of, entry_at, entry_size = (np.empty(room, np.int32) for _ in range(3))
    totals = np.zeros(3, np.int64)
    scan_lines(
        data,
        len(data),
        EARLIEST // 1000,
        status,
        starts,
        time,
        event,
        user,
        pair_line,
        pair_entry,
        entry_of,
        entry_at,
        entry_size,
        np.empty(room, np.uint64),
        np.full(1 << (2 * room).bit_length(), -1, np.int32),
        totals,
    )
    n, found, entries = totals.tolist()
    return Scanned(
        block,
        status[:n],
        starts[:n],
        time[:n],
        event[:n],
        user[:n],
        pair_line[:found],
        pair_entry[:found],
        entry_of[:entries].copy(),
        entry_at[:entries].copy(),
        entry_size[:entries].copy(),
    )


def _unscanned(block: Block) -> Scanned:
    ends = np.flatnonzero(np.frombuffer(block.data, np.uint8) == ord("\n")) + 1
    starts = np.concatenate([[0], ends]).astype(np.int64)
    starts = starts[starts < len(block.data)]
    status = np.full(len(starts), OTHER, np.uint8)
    for number, start in enumerate(starts.tolist()):
        end = block.data.find(b"\n", start)
        if not block.data[start : end if end >= 0 else None].strip():
            status[number] = BLANK
    none = np.empty(0, np.int32)
    lines = np.full(len(starts), -1, np.int32)
    return Scanned(block, status, starts, np.zeros(len(starts), np.int64), lines, lines.copy(), *[none] * 5)


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
