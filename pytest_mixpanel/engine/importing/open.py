"""Open a path as a store: read once, kept in a cache, mapped from then on."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pytest_mixpanel.engine.importing.companions import companions, is_companion
from pytest_mixpanel.engine.importing.files import source_files
from pytest_mixpanel.engine.importing.read import ImportReport, Progress, import_files
from pytest_mixpanel.engine.store import disk
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.node import NOTHING_SAVED, Saved

READER = 2
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
    beside the events, else UTC. Raises ``ProjectNotFoundError`` and
    ``EventDataError``.
    """
    if path.is_dir() and (path / disk.MANIFEST).exists():
        return _opened(path)
    files = [file for file in source_files(path) if not is_companion(file, path)]
    beside = companions(path)
    zone = time_zone or beside.time_zone or "UTC"
    key = _key([*files, *beside.files], zone)
    folder = cache / key
    if disk.is_store(folder):
        return replace(_opened(folder), saved=beside.saved)
    store, report = import_files(files, zone, progress, beside)
    disk.write(replace(store, fingerprint=key), folder, {"report": report.to_json()})
    _keep_rejected(folder, report)
    return replace(_opened(folder), saved=beside.saved)


def _opened(folder: Path) -> Opened:
    facts = disk.manifest_of(folder)["facts"]
    rejected = folder / "rejected.jsonl"
    return Opened(
        disk.read(folder),
        ImportReport.from_json(facts["report"]),
        rejected if rejected.exists() else None,
    )


def _keep_rejected(folder: Path, report: ImportReport) -> None:
    if report.rejected:
        lines = [json.dumps({"file": r.file, "line": r.line, "reason": r.reason}) for r in report.rejected]
        draft = folder / f"rejected.jsonl.{os.getpid()}.part"  # workers may import the same file at once
        draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
        draft.replace(folder / "rejected.jsonl")


def _key(files: Sequence[Path], time_zone: str) -> str:
    digest = hashlib.sha256(json.dumps([READER, disk.FORMAT, time_zone]).encode())
    for file in files:
        facts = file.stat()
        digest.update(json.dumps([str(file.resolve()), facts.st_size, facts.st_mtime_ns]).encode())
    return digest.hexdigest()[:32]
