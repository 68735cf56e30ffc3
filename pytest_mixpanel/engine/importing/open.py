"""Open a path as a store: read once, kept in a cache, mapped from then on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.files import write_whole
from pytest_mixpanel.engine.importing.companions import Companions, companions, is_companion
from pytest_mixpanel.engine.importing.files import source_files
from pytest_mixpanel.engine.importing.read import ImportReport, Progress, import_files
from pytest_mixpanel.engine.store import disk
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.node import NOTHING_SAVED, Saved

READER = 3
"""Raised when the same files would be read differently; part of the cache's key."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A store, the report of its import, the file of rejected lines where there are any.

    ``saved``: the cohorts and custom properties that lie beside the events.
    """

    store: Store
    report: ImportReport
    rejected_file: Path | None
    saved: Saved = NOTHING_SAVED


def open_source(
    path: Path, cache: Path, time_zone: str | None = None, progress: Progress | None = None
) -> Opened:
    """The store of exported events, imported when it is not in ``cache`` yet.

    A changed file (name, size or time of change) is imported anew. ``time_zone`` defaults to the one told
    beside the events, else UTC. Raises ``ProjectNotFoundError`` and ``EventDataError``.
    """
    if (path / disk.MANIFEST).exists():
        return _opened(path)
    source = _source(path, time_zone)
    folder = cache / source.key
    if not disk.is_store(folder):
        _import(source, folder, progress)
    return replace(_opened(folder), saved=source.beside.saved)


def import_source(
    path: Path, folder: Path, time_zone: str | None = None, progress: Progress | None = None
) -> Opened:
    """Read exported events into a store of their own at ``folder``, which is then a project itself.

    A store that is there is replaced, whole or not at all. Raises ``ConfigError`` where something else is
    there, and what ``open_source`` raises.
    """
    if folder.exists() and not disk.is_store(folder) and any(folder.iterdir()):
        raise ConfigError(f"{folder} is not empty and no store of events; name a new folder")
    _import(_source(path, time_zone), folder, progress)
    return _opened(folder)


@dataclass(frozen=True, slots=True)
class _Source:
    """The files of a path, what lies beside them, and a key that changes with any of it."""

    files: Sequence[Path]
    beside: Companions
    time_zone: str
    key: str


def _source(path: Path, time_zone: str | None) -> _Source:
    files = [file for file in source_files(path) if not is_companion(file, path)]
    beside = companions(path)
    zone = time_zone or beside.time_zone or "UTC"
    return _Source(files, beside, zone, _key([*files, *beside.files], zone))


def _import(source: _Source, folder: Path, progress: Progress | None) -> None:
    store, report = import_files(source.files, source.time_zone, progress, source.beside)
    disk.write(replace(store, fingerprint=source.key), folder, {"report": report.to_json()})
    _keep_rejected(folder, report)


def _opened(folder: Path) -> Opened:
    report = ImportReport.from_json(disk.manifest_of(folder)["facts"]["report"])
    rejected = folder / "rejected.jsonl"
    if report.rejected and not rejected.exists():
        _keep_rejected(folder, report)  # whoever imported was killed before
    return Opened(disk.read(folder), report, rejected if report.rejected else None)


def _keep_rejected(folder: Path, report: ImportReport) -> None:
    if report.rejected:
        lines = [json.dumps({"file": r.file, "line": r.line, "reason": r.reason}) for r in report.rejected]
        write_whole(folder / "rejected.jsonl", "\n".join(lines) + "\n")


def _key(files: Sequence[Path], time_zone: str) -> str:
    digest = hashlib.sha256(json.dumps([READER, disk.FORMAT, time_zone]).encode())
    for file in files:
        facts = file.stat()
        digest.update(json.dumps([str(file.resolve()), facts.st_size, facts.st_mtime_ns]).encode())
    return digest.hexdigest()[:32]
