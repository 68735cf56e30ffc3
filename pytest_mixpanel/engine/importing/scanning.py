"""Blocks of whole lines, scanned by a kernel: what it can read at once, and what it leaves to the reader."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.importing.blocks import Block, Integers, Property, Scanned, Told, in_order
from pytest_mixpanel.engine.importing.lines import EARLIEST, LATEST, NOT_AN_ID, SECONDS_BELOW, decoded
from pytest_mixpanel.engine.kernels import compiled
from pytest_mixpanel.engine.kernels.lines import BLANK, KEY, ODD, OTHER, PADDING, SCANNED, scan_lines
from pytest_mixpanel.engine.kernels.pairs import group_pairs, is_utf8
from pytest_mixpanel.engine.store.texts import NO_TEXTS, Stretches, name_of, text_of

Odd = dict[int, bytes | None]
"""Canonical texts of entries that only a reader of JSON can tell; ``None`` for those that are broken."""


def scanned(blocks: Iterable[Block]) -> Generator[Scanned, None, None]:
    """The blocks in their order, each scanned while those before it are worked on."""
    return in_order(scan, blocks)


def scan(block: Block) -> Scanned:
    """One block; where kernels are interpreted, or the text is no UTF-8, every line is left to the reader."""
    data, end = block.data, block.end
    if end < 0:
        data, end = block.data + bytes(PADDING), len(block.data)
    if not (compiled() and is_utf8(data, end)):
        return _unscanned(block.first, data[:end])
    found = _Entries(data, end)
    odd = _read_odd(found)
    _leave(found, odd)
    found.status[(found.time >= LATEST) & (found.status == SCANNED)] = OTHER
    texts = _canonical(found, odd)
    user = _told(found, found.user, texts)
    if bad := nobodies(user.texts):  # such lines are left to the reader, who says so
        found.status[np.isin(user.which, bad)] = OTHER
        user = _told(found, found.user, texts)
    time = found.time.copy()
    time[time < SECONDS_BELOW] *= 1000
    status, others = found.status.copy(), _others(data, end, found.status, found.starts)
    event = _told(found, found.event, texts)
    return Scanned(block.first, status, time, event, user, _properties(found, texts), others)


class _Scratch(threading.local):
    """Working space of a thread, as large as the blocks so far needed."""

    room = 1 << 16
    arrays: tuple[NDArray[Any], ...] = ()

    def of(self, room: int) -> tuple[NDArray[Any], ...]:
        if not self.arrays or self.room < room:
            self.room = room
            lines = [np.empty(room // 4, kind) for kind in ("u1", "i8", "i8", "i4", "i4")]
            pairs = [np.empty(2 * room, np.int32) for _ in range(2)]
            entries = [np.empty(room, kind) for kind in ("i4", "i4", "i4", "u8", "u1", "i4", "i4", "i4")]
            self.arrays = (*lines, *pairs, *entries, np.empty(2 * room, np.int32), np.empty(3, np.int64))
        return self.arrays


_scratch = _Scratch()


class _Entries:
    """What ``scan_lines`` finds in a block; the arrays are the thread's working space."""

    def __init__(self, data: bytes, end: int) -> None:
        self.data = data
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
        self.of, self.at, self.size, self.hash, self.kind = (each[:entries] for each in arrays[7:12])

    def text(self, entry: int) -> bytes:
        """The text of an entry as it stands: a string with its quotes, a number, a word."""
        at = self.at[entry]
        return self.data[at : at + self.size[entry]]


def _read_odd(found: _Entries) -> Odd:
    odd = np.flatnonzero((found.kind == ODD) & (found.of != KEY)).tolist()
    texts: Odd = {}
    for entry in odd:
        try:
            texts[entry] = text_of(decoded(found.text(entry).decode("utf-8")))
        except (ValueError, RecursionError):
            texts[entry] = None
    return texts


def _leave(found: _Entries, odd: Odd) -> None:
    """Leave lines with broken values to the reader, who says what is wrong."""
    broken = [entry for entry, text in odd.items() if text is None]
    if broken:
        lines = found.pair_line[np.isin(found.pair_entry, broken)]
        found.status[lines] = OTHER
        named = np.isin(found.event, broken) | np.isin(found.user, broken)
        found.status[named & (found.status == SCANNED)] = OTHER


def _canonical(found: _Entries, odd: Odd) -> Stretches:
    """The canonical texts of all entries; those of odd ones stand after the lines."""
    at = found.at.astype(np.int64)
    told = {entry: text for entry, text in odd.items() if text is not None}
    if not told:
        return Stretches(found.data, at, found.size, found.hash)
    more = Stretches.of(list(told.values()))
    size, hashes, some = found.size.copy(), found.hash.copy(), list(told)
    at[some], size[some], hashes[some] = more.at + len(found.data), more.size, more.hashes
    return Stretches(b"".join((found.data, bytes(more.data))), at, size, hashes)


def _told(found: _Entries, entries: Integers, texts: Stretches) -> Told:
    """The names that scanned lines have as one of their entries."""
    taken = found.status == SCANNED
    used = np.zeros(len(found.of) + 1, bool)
    used[entries[taken]] = True
    used[-1] = False  # no entry is −1, the last
    distinct = np.flatnonzero(used)
    place = np.full(len(used), -1, np.int32)
    place[distinct] = np.arange(len(distinct))
    return Told(texts.some(distinct), np.where(taken, place[entries], -1).astype(np.int32))


def nobodies(texts: Stretches) -> list[int]:
    """Places of texts that stand for no user."""
    first = np.frombuffer(texts.data, np.uint8)[texts.at + 1]
    some = np.flatnonzero(_PERHAPS_NOBODY[np.minimum(texts.size, _LONGEST), first])
    return [place for place in some.tolist() if name_of(texts.text(place)).lower() in NOT_AN_ID]


def _perhaps_nobody() -> NDArray[np.bool_]:
    """Whether a text of a size (bytes, with quotes) and second byte may say one of ``NOT_AN_ID``."""
    perhaps = np.zeros((_LONGEST + 1, 256), bool)
    for name in NOT_AN_ID:
        size, letters = len(name) + 2, sum(map(str.isalpha, name))
        # A letter of three bytes may be one of ASCII in lower case, as the sign of Kelvin is.
        perhaps[size : size + 2 * letters + 1, [ord(name[0].lower()), ord(name[0].upper())]] = True
    perhaps[:4] = True  # numbers, which have no quotes
    perhaps[_LONGEST] = False
    return perhaps


_LONGEST = 3 * max(len(name) + 2 for name in NOT_AN_ID)
_PERHAPS_NOBODY = _perhaps_nobody()


def _properties(found: _Entries, texts: Stretches) -> list[Property]:
    """The properties of scanned lines by key, each with the distinct texts of its values."""
    keys = np.flatnonzero(found.of == KEY)
    number = np.zeros(len(found.of), np.int32)
    number[keys] = np.arange(len(keys))
    line, which = np.empty((2, len(found.pair_line)), np.int32)
    pair_start, entry_start = np.empty((2, len(keys) + 1), np.int32)
    pair_end, place = np.empty(len(keys) + 1, np.int32), np.empty(len(found.of), np.int32)
    chosen = np.empty(len(found.of), np.int32)
    taken = (found.status == SCANNED).view(np.uint8)
    key_of = number[np.maximum(found.of, 0)]
    pairs = found.pair_line, found.pair_entry
    group_pairs(taken, *pairs, key_of, place, pair_start, pair_end, entry_start, line, which, chosen)
    used = texts.some(chosen[: entry_start[-1]])
    starts = zip(pair_start.tolist(), pair_end.tolist(), entry_start.tolist(), strict=True)
    (first, last, entry), properties = next(starts), []
    for key, (next_first, next_last, next_entry) in zip(keys.tolist(), starts, strict=True):
        if last > first:
            name = found.text(key)[1:-1].decode("utf-8")
            lines = None if last - first == len(taken) else line[first:last]
            of_key = used.between(entry, next_entry)
            properties.append(Property(name, lines, which[first:last], of_key))
        first, last, entry = next_first, next_last, next_entry
    return properties


def _unscanned(first: int, data: bytes) -> Scanned:
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")) + 1
    starts = np.concatenate([[0], ends]).astype(np.int64)
    starts = starts[starts < len(data)]
    status = np.full(len(starts), OTHER, np.uint8)
    for number, start in enumerate(starts.tolist()):
        end = data.find(b"\n", start)
        if not data[start : end if end >= 0 else None].strip():
            status[number] = BLANK
    nobody = Told(NO_TEXTS, np.full(len(starts), -1, np.int32))
    others = _others(data, len(data), status, starts)
    return Scanned(first, status, np.zeros(len(starts), np.int64), nobody, nobody, (), others)


def _others(data: bytes, end: int, status: NDArray[np.uint8], starts: NDArray[np.int64]) -> dict[int, bytes]:
    ends = np.append(starts[1:], end)
    return {line: data[starts[line] : ends[line]] for line in np.flatnonzero(status == OTHER).tolist()}
