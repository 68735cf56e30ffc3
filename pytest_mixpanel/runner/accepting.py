"""Writes the snapshots that a run proposed, and removes those that no check names: on the controller only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from pytest_mixpanel.baselines.snapshot import Snapshot, snapshot_path, unnamed, write_snapshot
from pytest_mixpanel.dsl.spec import CheckSpec
from pytest_mixpanel.kinds.telling import shown_path
from pytest_mixpanel.runner.result import CheckResult


def write_accepted(
    results: Iterable[CheckResult], *, accepted_by: str, reason: str = "", root: Path | None = None
) -> list[Path]:
    """Write every proposed snapshot, each whole or not at all; the paths written.

    Raises ``OSError`` for a file that cannot be written.
    """
    written = []
    for result in results:
        if result.snapshot is None:
            continue
        path = (root or Path.cwd()) / result.snapshot["path"]
        snapshot = Snapshot.from_json(result.snapshot)
        write_snapshot(path, replace(snapshot, accepted_by=accepted_by, reason=reason))
        written.append(path)
    return written


def prune(folders: Sequence[Path], checks: Iterable[CheckSpec]) -> list[Path]:
    """Remove the snapshots under ``folders`` that none of ``checks`` names; the paths removed."""
    named = [
        snapshot_path(shown_path(spec), spec.id)
        for spec in checks
        if spec.compare is not None and spec.compare.to == "snapshot"
    ]
    removed = [path for folder in folders for path in unnamed(folder, named)]
    for path in removed:
        path.unlink()
    return removed
