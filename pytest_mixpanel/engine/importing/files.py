"""Which files a path stands for, and their lines, compressed or not."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from io import BufferedIOBase
from pathlib import Path

import numpy as np

from pytest_mixpanel.core.errors import EventDataError, ProjectNotFoundError
from pytest_mixpanel.engine.importing.blocks import Block

SUFFIXES = (".jsonl", ".json", ".ndjson", ".jsonl.gz", ".json.gz", ".ndjson.gz", ".txt", ".gz", ".parquet")
BLOCK = 2 * 1024 * 1024
"""Bytes that are scanned at once."""

MARK = b"\xef\xbb\xbf"
"""What some editors put before the first line of UTF-8 text."""

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes; an event may have 1 MB, so a longer line is no event but the sign of another kind of file."""


def source_files(path: Path) -> list[Path]:
    """The export files of a path: itself, or those of the folder, by name.

    Raises ``ProjectNotFoundError`` where there is nothing, ``EventDataError`` for a folder without exports.
    """
    if not path.exists():
        raise ProjectNotFoundError(
            f"there is no file or folder {str(path)!r}; a project is demo, a project number, or a path to "
            "exported events"
        )
    if path.is_file():
        return [path]
    files = sorted(file for file in path.rglob("*") if file.is_file() and file.name.endswith(SUFFIXES))
    files = [file for file in files if not any(part.startswith(".") for part in file.relative_to(path).parts)]
    if not files:
        raise EventDataError(f"the folder {str(path)!r} holds no export files ({', '.join(SUFFIXES[:4])} …)")
    return files


def read_blocks(path: Path, tell: Callable[[int, str], None]) -> Iterator[Block]:
    """The lines of a file in blocks; ``tell`` hears at which line and why a broken file ends early."""
    number, rest, more = 1, b"", True
    try:
        stream = _open(path)
    except OSError as error:
        tell(number, f"the file cannot be opened: {error.strerror}")
        return
    with stream:
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
            data = b"".join(parts)
            if number == 1 and data.startswith(MARK):
                data = data[len(MARK) :]
            end = len(data) if not more and not broken else data.rfind(b"\n") + 1
            if end:
                yield Block(number, data[:end])
                number += int(np.count_nonzero(np.frombuffer(data, np.uint8, end) == ord("\n")))
            rest = data[end:]
            if not broken and more and len(rest) > LONGEST_LINE:
                broken = f"a line of over {LONGEST_LINE // 2**20} MB"
            if broken:
                tell(number, broken)
                return


def read_lines(path: Path) -> Iterator[tuple[int, bytes | str]]:
    """Number and text of every line; what ends a broken file early comes last, as a text with the reason."""
    ends: list[tuple[int, bytes | str]] = []
    for block in read_blocks(path, lambda number, reason: ends.append((number, reason))):
        for number, line in enumerate(block.data.split(b"\n"), start=block.first):
            if line.strip():
                yield number, line
    yield from ends


def _open(path: Path) -> BufferedIOBase:
    with path.open("rb") as stream:
        compressed = stream.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if compressed else path.open("rb")
