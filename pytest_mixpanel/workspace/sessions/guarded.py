"""Files that hold secrets: for their owner alone, no symbolic links, replaced in one step.

No function here keeps a file's text in a variable while it can raise: a traceback may show variables.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pytest_mixpanel.core.errors import ConfigError, MixpanelHeadlessError
from pytest_mixpanel.core.files import write_whole

OWNER_ONLY = 0o600
FOLDER_OF_OWNER = 0o700
LARGEST_BYTES = 1_048_576
LOCK_SECONDS = 10.0
_CHECKS_MODES = os.name == "posix"


def read_guarded(path: Path, error: type[MixpanelHeadlessError] = ConfigError) -> str | None:
    """The text of a file, ``None`` where there is none.

    Raises ``error`` for a symbolic link, anything but a file, one that others may read or one over a
    megabyte, and says what to do about it.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as trouble:
        if path.is_symlink():
            raise error(
                f"{path} is a symbolic link; a file with credentials must be a file of its own"
            ) from None
        raise error(f"{path} cannot be read: {trouble.strerror}") from None
    try:
        _check(path, os.fstat(handle), error)
    except BaseException:
        os.close(handle)
        raise
    with os.fdopen(handle, "rb") as stream:
        try:
            return stream.read().decode("utf-8")
        except UnicodeDecodeError:
            raise error(f"{path} is not UTF-8 text") from None


def _check(path: Path, status: os.stat_result, error: type[MixpanelHeadlessError]) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise error(f"{path} is not a file")
    if path.is_symlink():  # where the system knows no O_NOFOLLOW
        raise error(f"{path} is a symbolic link; a file with credentials must be a file of its own")
    if _CHECKS_MODES and stat.S_IMODE(status.st_mode) & 0o077:
        raise error(f"{path} can be read or written by others; run: chmod 600 {path}")
    if status.st_size > LARGEST_BYTES:
        raise error(f"{path} is larger than {LARGEST_BYTES:,} bytes; that is no such file")


def write_guarded(path: Path, text: str, error: type[MixpanelHeadlessError] = ConfigError) -> None:
    """Write a file for its owner alone, in one step; folders on the way are made for the owner alone."""
    try:
        if path.is_symlink():
            raise error(f"{path} is a symbolic link and is not written through; remove the link first")
        make_folder(path.parent)
        write_whole(path, text, mode=OWNER_ONLY)
    except OSError as trouble:
        raise error(f"{path} cannot be written: {trouble.strerror}") from None


def make_folder(folder: Path) -> None:
    """A folder for its owner alone, and those above it; what is there already stays as it is."""
    for missing in reversed([place for place in (folder, *folder.parents) if not place.exists()]):
        missing.mkdir(mode=FOLDER_OF_OWNER, exist_ok=True)


@contextmanager
def locked(path: Path, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold the file against other threads and processes that change it; raises ``ConfigError``."""
    from filelock import FileLock, Timeout

    lock = path.with_name(f".{path.name}.lock")
    try:
        make_folder(path.parent)
        with FileLock(lock, timeout=seconds, mode=OWNER_ONLY):
            yield
    except Timeout:
        raise ConfigError(
            f"{path} is being changed by another process for {seconds:.0f} s; try again, or remove "
            f"{lock} if there is none"
        ) from None
