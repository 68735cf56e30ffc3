"""Which files a path stands for: exports, and what lies beside them."""

from __future__ import annotations

import re
from pathlib import Path

from pytest_mixpanel.core.errors import EventDataError, ProjectNotFoundError

SUFFIXES = (".jsonl", ".json", ".ndjson", ".jsonl.gz", ".json.gz", ".ndjson.gz", ".txt", ".gz", ".parquet")
_NAMES = re.compile(
    r"project\.json|lexicon\.json|cohorts\.json|custom-properties\.json"
    r"|(?:profiles|group-[0-9]+)\.jsonl(?:\.gz)?"
)


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


def is_companion(file: Path, folder: Path) -> bool:
    """Whether a file beside the events is none of them."""
    return file.parent == folder and _NAMES.fullmatch(file.name) is not None


def companion_files(folder: Path) -> list[Path]:
    """The files beside the events of a folder; beside a file there are none."""
    if not folder.is_dir():
        return []
    return sorted(file for file in folder.iterdir() if is_companion(file, folder) and file.is_file())
