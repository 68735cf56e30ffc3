"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

ANY_NEW_FILE = 0o666
"""Permissions before the umask takes its part."""


def write_whole(path: Path, text: str, *, mode: int = ANY_NEW_FILE) -> None:
    """Write UTF-8 text to ``path``, replacing what is there in one step; missing folders are made.

    The file is written under another name, synced and renamed, so that a killed process leaves the old one.
    Its permissions are ``mode`` less the umask. Raises ``OSError`` where it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
