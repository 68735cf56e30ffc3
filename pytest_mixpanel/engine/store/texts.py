"""Distinct JSON values as texts: compact while they are collected, and afterwards, however many there are.

The text of a value is that of canonical JSON but for strings, which stand between quotes as they are,
without escapes: equal values have equal texts, and 1 and 1.0 are one number, as they are to JSON.
"""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.kernels import views
from pytest_mixpanel.engine.kernels.lines import PADDING, hash_texts
from pytest_mixpanel.engine.kernels.texts import gather, look_up, number_bits, read_numbers, take_slots
from pytest_mixpanel.engine.store.scratch import scratch
from pytest_mixpanel.engine.store.spool import Spool

Codes = NDArray[np.int32]
Bytes = bytes | bytearray | NDArray[np.uint8]

WORDS: dict[bytes, Any] = {b"true": True, b"false": False, b"null": None}
QUOTE = ord('"')
MOST_IN_FOUR_BYTES = 2**32 - 1
_NUMBER = b"-0123456789"
_DIGITS = np.array([chr(byte) in "-0123456789NI" for byte in range(256)])
"""What the text of a number may begin with; NaN and Infinity come from records of a program's own."""


def text_of(value: Any) -> bytes:
    """The canonical text of a JSON value."""
    if isinstance(value, str):
        return b'"' + value.encode("utf-8", "surrogatepass") + b'"'
    if isinstance(value, float) and math.isfinite(value):
        return (b"%d" % int(value)) if value.is_integer() else repr(float(value)).encode()
    if type(value) is int:
        return str(value).encode()
    return json.dumps(value, sort_keys=True).encode()


def value_of(text: bytes) -> Any:
    """The value of a canonical text."""
    if text[0] == QUOTE:
        return text[1:-1].decode("utf-8", "surrogatepass")
    if text[0] in _NUMBER:
        return int(text) if text.lstrip(b"-").isdigit() else float(text)
    return WORDS[text] if text in WORDS else json.loads(text)


def name_of(text: bytes) -> str:
    """What a canonical text names: a string, or what else stands there."""
    return (text[1:-1] if text[0] == QUOTE else text).decode("utf-8", "surrogatepass")


@frozen
class Stretches:
    """Texts that stand in ``data``, each from ``at`` on, ``size`` bytes; ``hashes`` are of ``hash_texts``."""

    data: Bytes
    at: NDArray[np.int64]
    size: Codes
    hashes: NDArray[np.uint64]

    @classmethod
    def of(cls, texts: Sequence[bytes]) -> Stretches:
        size = np.fromiter(map(len, texts), np.int32, len(texts))
        return cls.of_sizes(b"".join([*texts, bytes(PADDING)]), size)

    @classmethod
    def of_sizes(cls, data: Bytes, size: Codes) -> Stretches:
        """Texts that follow each other; ``data`` has padding after them."""
        at = np.cumsum(size, dtype=np.int64) - size
        hashes = np.empty(len(size), np.uint64)
        hash_texts(*views(data, at, size, hashes))
        return cls(data, at, size, hashes)

    def some(self, places: NDArray[np.integer[Any]]) -> Stretches:
        """Those at some places."""
        return Stretches(self.data, self.at[places], self.size[places], self.hashes[places])

    def between(self, first: int, end: int) -> Stretches:
        """Those that follow each other from one place to another."""
        return Stretches(self.data, self.at[first:end], self.size[first:end], self.hashes[first:end])

    def text(self, place: int) -> bytes:
        at = int(self.at[place])
        return bytes(self.data[at : at + int(self.size[place])])

    def whole(self) -> NDArray[np.uint8] | None:
        """All texts where they follow each other in ``data``, else ``None``."""
        ends = self.at + self.size
        if not np.array_equal(ends[:-1], self.at[1:]):
            return None
        return np.frombuffer(self.data, np.uint8)[self.at[0] : ends[-1]]

    def numbers(self) -> NDArray[np.float64] | None:
        """The numbers the texts are, without loss; ``None`` where one of them is not."""
        return _numbers(self.data, self.at, self.size)


NO_TEXTS = Stretches(bytes(PADDING), np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.uint64))


class Dictionary:
    """Distinct texts, numbered in the order they came; ``room``: a folder for the file of very many."""

    def __init__(self, room: Path | None = None) -> None:
        self._blob = Spool(room)
        self._ends = array("I")
        self._slots = np.zeros(64, np.uint32)
        self.only_numbers = True

    def __len__(self) -> int:
        return len(self._ends)

    def codes(self, texts: Stretches) -> Codes:
        """The code of every text, a new one where it is new."""
        self.make_room(len(texts.at))
        codes, fresh = np.empty(len(texts.at), np.int32), np.empty(len(texts.at), np.int64)
        given = texts.data, texts.at, texts.size, texts.hashes
        found = look_up(*views(*given, self._blob.bytes, np.asarray(self._ends), self._slots, codes, fresh))
        if found:
            self._keep(texts, fresh[:found])
        return codes

    def make_room(self, more: int) -> None:
        """Have slots for so many texts more."""
        count = len(self) + more
        if 4 * count <= 3 * len(self._slots):
            return
        self._slots = np.zeros(1 << (4 * count // 3).bit_length(), np.uint32)
        for first in range(0, len(self), MANY):
            hashes, slots = views(self._some(first, first + MANY).hashes, self._slots)
            take_slots(hashes, slots, first)

    def _some(self, first: int, end: int) -> Stretches:
        """The texts from one code to another."""
        ends = np.asarray(self._ends[first:end])
        low = self._ends[first - 1] if first else 0
        data = np.append(np.asarray(self._blob.bytes[low : int(ends[-1])]), np.zeros(PADDING, np.uint8))
        return Stretches.of_sizes(data, np.diff(ends, prepend=ends.dtype.type(low)).astype(np.int32))

    def _keep(self, texts: Stretches, fresh: NDArray[np.int64]) -> None:
        size = texts.size[fresh]
        ends = np.cumsum(size, dtype=np.int64)
        kept = texts.whole() if len(fresh) == len(texts.at) else None
        if kept is None:
            kept = scratch("new texts", int(ends[-1]), np.uint8)
            gather(*views(texts.data, texts.at, texts.size, fresh, kept))
        if self.only_numbers:
            self.only_numbers = bool(_DIGITS[kept[ends - size]].all())
        ends += len(self._blob)
        if ends[-1] > MOST_IN_FOUR_BYTES and self._ends.typecode == "I":
            self._ends = array("q", self._ends)
        self._ends.frombytes(ends.astype(self._ends.typecode).tobytes())
        self._blob.append(kept.data)

    def numbers(self) -> NDArray[np.float64]:
        """All texts as the nearest number; they are numbers, all of them."""
        starts, size = self._places()
        blob = self._blob.bytes
        found = _numbers(blob, starts, size)
        if found is not None:
            return found
        texts = (bytes(blob[at : at + n]) for at, n in zip(starts.tolist(), size.tolist(), strict=True))
        return np.fromiter(map(float, texts), np.float64, len(self))

    def lossless(self) -> bool:
        """Whether all texts are numbers that a float64 tells apart."""
        return _numbers(self._blob.bytes, *self._places()) is not None

    def _places(self) -> tuple[NDArray[np.int64], Codes]:
        ends = np.asarray(self._ends)
        starts = np.concatenate([[0], ends])[:-1]  # none, where there is no text
        return starts, (ends - starts).astype(np.int32)

    def texts(self, code: int) -> Iterator[bytes]:
        """The texts from a code on."""
        first = at = self._ends[code - 1] if code else 0
        some = bytes(self._blob.bytes[first:])
        for end in self._ends[code:]:
            yield some[at - first : end - first]
            at = end

    def close(self) -> None:
        """Let go what only new texts need: there will be none."""
        self._slots = np.zeros(0, np.uint32)

    def values(self) -> Sequence[Any]:
        """The values by code: a tuple where they are few, decoded when asked for where they are many."""
        texts = Texts(np.asarray(self._blob.bytes), np.asarray(self._ends), self._blob)
        return texts if len(texts) > MANY else tuple(texts)


class Seen:
    """Distinct numbers, numbered in the order they came; those of different bits are different."""

    def __init__(self) -> None:
        self._count, self._known, self._slots = 0, np.empty(0, np.uint64), np.empty(0, np.int32)

    def codes(self, numbers: NDArray[np.float64]) -> tuple[Codes, NDArray[np.float64]]:
        """The code of every number, and the numbers that are new."""
        before, codes = self._count, np.empty(len(numbers), np.int32)
        self._make_room(len(numbers))
        bits = np.ascontiguousarray(numbers).view(np.uint64)
        self._count = number_bits(before, *views(bits, self._known, self._slots, codes))
        return codes, self._known[before : self._count].view(np.float64)

    def _make_room(self, more: int) -> None:
        """Have slots for so many numbers more; those that are known have the same codes in them."""
        wanted = self._count + more
        if wanted <= len(self._known):
            return
        before, self._known = self._known[: self._count], np.empty(2 * wanted, np.uint64)
        self._slots = np.zeros(4 << wanted.bit_length(), np.int32)
        number_bits(0, *views(before, self._known, self._slots, np.empty(len(before), np.int32)))


MANY = 65_536
"""More distinct values than these are kept as texts, and decoded when they are asked for."""


class Texts(Sequence[Any]):
    """Values by code, kept as their texts one after the other; ``ends`` tells where each one ends.

    ``spool``: what may have the texts in a file already.
    """

    def __init__(self, blob: NDArray[np.uint8], ends: NDArray[Any], spool: Spool | None = None) -> None:
        self.blob, self.ends, self.spool = blob, ends, spool

    def __len__(self) -> int:
        return len(self.ends)

    @overload
    def __getitem__(self, code: int) -> Any: ...
    @overload
    def __getitem__(self, code: slice) -> Sequence[Any]: ...
    def __getitem__(self, code: int | slice) -> Any:
        if isinstance(code, slice):
            return [self[each] for each in range(*code.indices(len(self)))]
        code = range(len(self))[code]
        start = int(self.ends[code - 1]) if code else 0
        return value_of(self.blob[start : int(self.ends[code])].tobytes())

    def __iter__(self) -> Iterator[Any]:
        """All values; many are decoded together, so that none is looked up by itself."""
        for first in range(0, len(self), MANY):
            ends = self.ends[first : first + MANY]
            low = int(self.ends[first - 1]) if first else 0
            texts = self.blob[low : int(ends[-1])].tobytes()
            start = 0
            for end in (ends - low).tolist():
                yield value_of(texts[start:end])
                start = end


def _numbers(data: Bytes, at: NDArray[np.int64], size: Codes) -> NDArray[np.float64] | None:
    """Texts as numbers from which the texts can be told again; ``None`` where one is none."""
    numbers = np.empty(len(at), np.float64)
    if read_numbers(*views(data, at, size, numbers)):
        for place in np.flatnonzero(np.isnan(numbers)).tolist():
            text = bytes(data[at[place] : at[place] + size[place]])
            if not _DIGITS[text[0]] or text_of(float(text)) != text:
                return None
            numbers[place] = float(text)
    return numbers
