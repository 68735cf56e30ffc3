"""Which files a path stands for, and their lines, compressed or not."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from pytest_mixpanel.core.errors import EventDataError, ProjectNotFoundError

SUFFIXES = (".jsonl", ".json", ".ndjson", ".jsonl.gz", ".json.gz", ".ndjson.gz", ".txt", ".gz")
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


def read_lines(path: Path) -> Iterator[tuple[int, bytes | str]]:
    """Number and text of every line; what ends a broken file early comes last, as a text with the reason."""
    number = 0
    with _open(path) as stream:
        while True:
            try:
                line = stream.readline(LONGEST_LINE + 1)
            except (EOFError, zlib.error, gzip.BadGzipFile, OSError) as error:
                yield number + 1, f"the file breaks off here: {error}"
                return
            if not line:
                return
            number += 1
            if len(line) > LONGEST_LINE:
                yield number, f"a line of over {LONGEST_LINE // 2**20} MB"
                return
            if line.strip():
                yield number, line


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as stream:
        compressed = stream.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if compressed else path.open("rb")  # type: ignore[return-value]  # both read bytes
