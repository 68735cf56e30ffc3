"""Who reads a store holds a lock with all others who do; what is no longer listed goes when nobody holds it.

Where there is no such lock (Windows), what is no longer listed goes a day later.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

fcntl: Any = None
with suppress(ImportError):  # Windows has none
    import fcntl

READERS = ".readers"
WRITER = ".writer"
DAY_S = 86_400


class Reading:
    """Keeps the files of a store in place as long as this object lives."""

    def __init__(self, folder: Path) -> None:
        self._handle = -1
        if fcntl is not None:
            try:
                self._handle = os.open(folder / READERS, os.O_RDONLY | os.O_CREAT, 0o666)
            except OSError:  # a folder that cannot be written to: nobody removes anything from it
                return
            fcntl.flock(self._handle, fcntl.LOCK_SH)

    def __del__(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)


def sweep(folder: Path, kept: Collection[str]) -> None:
    """Remove what killed and former imports have left, unless somebody may be reading it.

    Only the writer of the store may call this.
    """
    useless = [
        path for path in folder.iterdir() if path.name not in kept and path.name not in (READERS, WRITER)
    ]
    if not useless:
        return
    if fcntl is None:
        useless = [path for path in useless if path.stat().st_mtime < time.time() - DAY_S]
        _remove(useless)
        return
    handle = os.open(folder / READERS, os.O_RDONLY | os.O_CREAT, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove(useless)
    except BlockingIOError:
        pass  # the next import will
    finally:
        os.close(handle)


def _remove(paths: list[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
