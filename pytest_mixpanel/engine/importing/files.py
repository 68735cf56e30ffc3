"""The lines of files, compressed or not."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import suppress
from io import BufferedIOBase, BufferedReader, RawIOBase
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from pytest_mixpanel.engine.importing.blocks import Block
from pytest_mixpanel.engine.kernels.lines import PADDING

BLOCK = 4 * 1024 * 1024
"""Bytes that are scanned at once."""

BUFFER = 64 * 1024
"""Bytes of a compressed file that are read at once."""

TELLING = 4
"""Bytes that tell what kind of file begins with them."""

PARQUET = b"PAR1"
"""What a Parquet file begins with."""

NOT_READ = {
    b"PK\x03\x04": "a zip archive",
    b"BZh": "a bzip2 file",
    b"\xfd7zX": "an xz file",
    b"\x28\xb5\x2f\xfd": "a Zstandard file",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
"""What other files begin with that people have events in."""

MARK = b"\xef\xbb\xbf"
"""What some editors put before the first line of UTF-8 text."""

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes; an event may have 1 MB, so a longer line is no event but the sign of another kind of file."""


class _Counted(RawIOBase):
    """A stream whose bytes are counted and digested as they are read."""

    def __init__(self, stream: Any) -> None:
        self._stream, self.sha = stream, hashlib.sha256()
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        space = memoryview(buffer)
        count: int = self._stream.readinto(space)
        while 0 < self.taken + count < TELLING and (more := self._stream.readinto(space[count:])):
            count += more  # a pipe may begin with less than tells what comes from it
        self.sha.update(space[:count])
        self.taken += count
        return count


class Feed:
    """A file or a pipe that is read once, and what is known of it then: its size and digest."""

    def __init__(self, stream: Any, close: Callable[[], None] = lambda: None) -> None:
        self._raw, self._close = _Counted(stream), close
        self.stream = BufferedReader(self._raw, BUFFER)

    @classmethod
    def of(cls, path: Path) -> Feed:
        stream = path.open("rb", buffering=0)
        return cls(stream, stream.close)

    @property
    def taken(self) -> int:
        """Bytes read so far."""
        return self._raw.taken

    @property
    def is_parquet(self) -> bool:
        """Told by content, as compression is."""
        return self.begins_with(PARQUET)

    def begins_with(self, begin: bytes) -> bool:
        return bool(self.stream.peek(len(begin)).startswith(begin))

    def digest(self) -> str:
        """The SHA-256 of all bytes; what nobody has read is read now, as far as it can be."""
        with suppress(OSError):
            while self.stream.read(BLOCK):
                pass
        return self._raw.sha.hexdigest()

    def __enter__(self) -> Feed:
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()
        self._close()


NO_FEEDS: Mapping[Path, Feed] = MappingProxyType({})


def read_blocks(feed: Feed, tell: Callable[[int, str], None]) -> Generator[Block, None, None]:
    """Lines in blocks; ``tell`` hears at which line and why broken bytes end early. The feed stays open."""
    if other := next((kind for begin, kind in NOT_READ.items() if feed.begins_with(begin)), None):
        return tell(1, f"{other}: events are read from UTF-8 lines, plain or gzipped, and from Parquet")
    number, rest, more = 1, b"", True
    stream = _decompressed(feed.stream)
    while more:
        parts, size, broken = [rest], len(rest), ""
        while size < BLOCK or (b"\n" not in parts[-1] and size <= LONGEST_LINE):
            try:
                chunk = stream.read1(BLOCK)
            except (EOFError, zlib.error, gzip.BadGzipFile, OSError) as error:
                broken = f"the file breaks off here: {error}"
                chunk = b""
            if not chunk:
                more = False
                break
            parts.append(chunk)
            size += len(chunk)
        data = b"".join([*parts, bytes(PADDING)])
        del parts, chunk  # a block may wait for long
        if number == 1 and data.startswith(MARK):
            data, size = data[len(MARK) :], size - len(MARK)
        end = size if not more and not broken else data.rfind(b"\n", 0, size) + 1
        rest = data[end:size]
        if end:
            yield Block(number, data, end)
            number += int(np.count_nonzero(np.frombuffer(data, np.uint8, end) == ord("\n")))
        if not broken and more and len(rest) > LONGEST_LINE:
            broken = f"a line of over {LONGEST_LINE // 2**20} MB"
        if broken:
            tell(number, broken)
            return


def read_lines(path: Path) -> Iterator[tuple[int, bytes | str]]:
    """Number and text of every line; what ends a broken file early comes last, as a text with the reason."""
    ends: list[tuple[int, bytes | str]] = []
    with Feed.of(path) as feed:
        for block in read_blocks(feed, lambda number, reason: ends.append((number, reason))):
            for number, line in enumerate(block.data[: block.end].split(b"\n"), start=block.first):
                if line.strip():
                    yield number, line
    yield from ends


def _decompressed(stream: BufferedReader[Any]) -> BufferedIOBase:
    return gzip.GzipFile(fileobj=stream) if stream.peek(2)[:2] == b"\x1f\x8b" else stream
