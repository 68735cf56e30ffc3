"""Blocks of whole lines, scanned side by side: what a kernel can read at once, and what it leaves."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.importing.lines import EARLIEST, NOT_AN_ID, SECONDS_BELOW, decoded
from pytest_mixpanel.engine.kernels import compiled
from pytest_mixpanel.engine.kernels.lines import BLANK, KEY, ODD, OTHER, PADDING, SCANNED, scan_lines
from pytest_mixpanel.engine.store.parts import thread_count
from pytest_mixpanel.engine.store.texts import QUOTE, Stretches, text_of

Integers = NDArray[np.int32]
Given = TypeVar("Given")


@frozen
class Block:
    """Lines of a file: ``first`` is the number of the first one."""

    first: int
    data: bytes


@frozen
class Names:
    """Who or what the scanned lines name: ``which`` of the ``names``, by line; −1 for none."""

    names: Sequence[str]
    which: Integers


@frozen
class Property:
    """A property in the scanned lines that have it: ``line`` by line, ``which`` of the distinct ``texts``.

    Without ``line``, ``which`` is of every line of the block, −1 for none.
    """

    name: str
    line: NDArray[np.integer[Any]] | None
    which: Integers
    texts: Stretches


@frozen
class Numbers:
    """A property whose values came as numbers, none of them NaN: those of each ``line`` that has it.

    Without ``line``, every line of the block has it.
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
    event: Names
    user: Names
    properties: Sequence[Property | Numbers]
    others: Mapping[int, bytes]


def scanned(blocks: Iterable[Block]) -> Iterator[Scanned]:
    """The blocks in their order, each scanned while those before it are worked on."""
    return in_order(scan, blocks)


def in_order(work: Callable[[Given], Scanned], given: Iterable[Given]) -> Iterator[Scanned]:
    """What ``work`` makes of each, in their order; threads share the work while what is done is used."""
    threads = thread_count()
    if threads < 2:
        yield from map(work, given)
        return
    waiting: deque[Future[Scanned]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="mixpanel-scan") as pool:
        for each in given:
            waiting.append(pool.submit(work, each))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def scan(block: Block) -> Scanned:
    """One block; where kernels are interpreted, or the text is no UTF-8, every line is left to the reader."""
    if not (compiled() and _is_utf8(block.data)):
        return _unscanned(block)
    data = block.data + bytes(PADDING)
    found = _Entries(data)
    odd = _read_odd(data, found)
    _leave(found, odd)
    event, user = _names(found, found.event, odd), _names(found, found.user, odd)
    _leave_nobodies(found, user)
    time = found.time.copy()
    time[time < SECONDS_BELOW] *= 1000
    status, others = found.status.copy(), _others(block.data, found.status, found.starts)
    return Scanned(block.first, status, time, event, user, _properties(found, odd), others)


class _Scratch(threading.local):
    """Working space of a thread, as large as the blocks so far needed."""

    room = 1 << 15
    arrays: tuple[NDArray[Any], ...] = ()

    def of(self, room: int) -> tuple[NDArray[Any], ...]:
        if not self.arrays or self.room < room:
            self.room = room
            lines = [np.empty(room // 4, kind) for kind in ("u1", "i8", "i8", "i4", "i4")]
            pairs = [np.empty(2 * room, np.int32) for _ in range(2)]
            entries = [np.empty(room, kind) for kind in ("i4", "i4", "i4", "u8", "u1", "i4", "i4")]
            self.arrays = (*lines, *pairs, *entries, np.empty(2 * room, np.int32), np.empty(3, np.int64))
        return self.arrays


_scratch = _Scratch()


class _Entries:
    """What ``scan_lines`` finds in a block; the arrays are the thread's working space."""

    def __init__(self, data: bytes) -> None:
        self.data, end = data, len(data) - PADDING
        room = _scratch.room
        while True:
            arrays = _scratch.of(room)
            arrays[-2].fill(-1)
            if scan_lines(data, end, EARLIEST // 1000, *arrays):
                break
            room *= 2
        lines, pairs, entries = arrays[-1].tolist()
        self.status, self.starts, self.time, self.event, self.user = (each[:lines] for each in arrays[:5])
        self.pair_line, self.pair_entry = (each[:pairs] for each in arrays[5:7])
        self.of, at, self.size, self.hash, self.kind = (each[:entries] for each in arrays[7:12])
        self.at = at.astype(np.int64)

    def text(self, entry: int) -> bytes:
        """The text of an entry as it stands: a string with its quotes, a number, a word."""
        at = self.at[entry]
        return self.data[at : at + self.size[entry]]


def _read_odd(data: bytes, found: _Entries) -> dict[int, bytes | None]:
    """Canonical texts of entries that only a reader of JSON can tell; ``None`` for those that are broken."""
    odd = np.flatnonzero((found.kind == ODD) & (found.of != KEY)).tolist()
    texts: dict[int, bytes | None] = {}
    for entry in odd:
        try:
            texts[entry] = text_of(decoded(found.text(entry).decode("utf-8")))
        except (ValueError, RecursionError):
            texts[entry] = None
    return texts


def _leave(found: _Entries, odd: dict[int, bytes | None]) -> None:
    """Leave lines with broken values to the reader, who says what is wrong."""
    broken = [entry for entry, text in odd.items() if text is None]
    if broken:
        lines = found.pair_line[np.isin(found.pair_entry, broken)]
        found.status[lines] = OTHER
        named = np.isin(found.event, broken) | np.isin(found.user, broken)
        found.status[named & (found.status == SCANNED)] = OTHER


def _names(found: _Entries, entries: Integers, odd: dict[int, bytes | None]) -> Names:
    taken = found.status == SCANNED
    used = np.zeros(len(found.of) + 1, bool)
    used[entries[taken]] = True
    used[-1] = False  # no entry is −1, the last
    distinct = np.flatnonzero(used)
    place = np.full(len(used), -1, np.int32)
    place[distinct] = np.arange(len(distinct))
    texts = [odd.get(entry) or found.text(entry) for entry in distinct.tolist()]
    names = [(text[1:-1] if text[0] == QUOTE else text).decode("utf-8", "surrogatepass") for text in texts]
    return Names(names, np.where(taken, place[entries], -1).astype(np.int32))


def _leave_nobodies(found: _Entries, user: Names) -> None:
    """Leave lines whose user stands for none to the reader, who says so."""
    bad = [place for place, name in enumerate(user.names) if len(name) < 40 and name.lower() in NOT_AN_ID]
    if bad:
        found.status[np.isin(user.which, bad)] = OTHER


def _properties(found: _Entries, odd: dict[int, bytes | None]) -> list[Property]:
    """The properties of scanned lines by key, each with the distinct texts of its values."""
    kept = found.status[found.pair_line] == SCANNED
    whole = bool(kept.all())
    line, entry = (each if whole else each[kept] for each in (found.pair_line, found.pair_entry))
    used = np.zeros(len(found.of), bool)
    used[entry] = True
    entries = np.flatnonzero(used)
    data, at, size, hashes = _canonical(found, odd)
    keys = np.flatnonzero(found.of == KEY)
    number = np.zeros(len(found.of), np.int16 if len(keys) < 32_768 else np.int32)
    number[keys] = np.arange(len(keys))
    key_of_entry, key_of_pair = number[found.of[entries]], number[found.of[entry]]
    entries = entries[np.argsort(key_of_entry, kind="stable")]
    order = np.argsort(key_of_pair, kind="stable")
    line, entry = line[order], entry[order]
    pair_ends = np.cumsum(np.bincount(key_of_pair, minlength=len(keys)))
    entry_ends = np.cumsum(np.bincount(key_of_entry, minlength=len(keys)))
    place = np.zeros(len(found.of), np.int32)
    properties, pair_start, entry_start = [], 0, 0
    for key, pair_end, entry_end in zip(keys.tolist(), pair_ends.tolist(), entry_ends.tolist(), strict=True):
        if pair_end > pair_start:
            distinct = entries[entry_start:entry_end]
            place[distinct] = np.arange(len(distinct))
            texts = Stretches(data, at[distinct], size[distinct], hashes[distinct])
            name = found.text(key)[1:-1].decode("utf-8")
            which = place[entry[pair_start:pair_end]]
            properties.append(Property(name, line[pair_start:pair_end], which, texts))
        pair_start, entry_start = pair_end, entry_end
    return properties


def _canonical(
    found: _Entries, odd: dict[int, bytes | None]
) -> tuple[bytes, NDArray[np.int64], Integers, NDArray[np.uint64]]:
    """Where the canonical texts of all entries stand: those of odd ones after the lines."""
    told = {entry: text for entry, text in odd.items() if text is not None}
    if not told:
        return found.data, found.at, found.size, found.hash
    more = Stretches.of(list(told.values()))
    at, size, hashes, some = found.at.copy(), found.size.copy(), found.hash.copy(), list(told)
    at[some], size[some], hashes[some] = more.at + len(found.data), more.size, more.hashes
    return b"".join((found.data, bytes(more.data))), at, size, hashes


def _unscanned(block: Block) -> Scanned:
    ends = np.flatnonzero(np.frombuffer(block.data, np.uint8) == ord("\n")) + 1
    starts = np.concatenate([[0], ends]).astype(np.int64)
    starts = starts[starts < len(block.data)]
    status = np.full(len(starts), OTHER, np.uint8)
    for number, start in enumerate(starts.tolist()):
        end = block.data.find(b"\n", start)
        if not block.data[start : end if end >= 0 else None].strip():
            status[number] = BLANK
    nobody = Names((), np.full(len(starts), -1, np.int32))
    others = _others(block.data, status, starts)
    return Scanned(block.first, status, np.zeros(len(starts), np.int64), nobody, nobody, (), others)


def _others(data: bytes, status: NDArray[np.uint8], starts: NDArray[np.int64]) -> dict[int, bytes]:
    ends = np.append(starts[1:], len(data))
    return {line: data[starts[line] : ends[line]] for line in np.flatnonzero(status == OTHER).tolist()}


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
