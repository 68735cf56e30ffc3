"""Local projects: an address → the store behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pytest_mixpanel.core.address import Address
from pytest_mixpanel.engine.importing.open import open_source
from pytest_mixpanel.engine.importing.read import ImportReport, Progress
from pytest_mixpanel.engine.store.place import cache_folder
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.server.members import PROJECT_ID

LOCAL_PROJECT_ID = str(PROJECT_ID)
"""The number under which clients ask for a local project."""


@dataclass(frozen=True, slots=True)
class LocalProject:
    """A store with its name, the clock it suggests, and the report of its import where there was one."""

    name: str
    store: Store
    now: datetime
    report: ImportReport | None = None
    rejected_file: Path | None = None


def open_project(
    address: Address,
    time_zone: str | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> LocalProject:
    """Open the demo or exported events; raises ``ProjectNotFoundError`` and ``EventDataError``.

    The suggested clock of exported events is the end of the last hour they reach, so that an old export
    is judged as it was then.
    """
    if address.kind == "demo":
        from pytest_mixpanel.demo import NOW, open_demo

        variant: Any = address.name
        return LocalProject("demo", open_demo(variant, cache), NOW)
    opened = open_source(
        Path(address.name), (cache or cache_folder()) / "stores", time_zone or "UTC", progress
    )
    latest = datetime.fromtimestamp(int(opened.store.time.max()) / 1000, UTC)
    now = latest.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return LocalProject(Path(address.name).name, opened.store, now, opened.report, opened.rejected_file)
