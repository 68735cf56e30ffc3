"""Local projects: an address → the store behind it."""

from __future__ import annotations

import hashlib
from dataclasses import field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pytest_mixpanel.core.address import Address
from pytest_mixpanel.core.errors import EventDataError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.place import cache_folder
from pytest_mixpanel.engine.importing.open import open_source
from pytest_mixpanel.engine.importing.report import ImportReport, Progress
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.parse.node import NOTHING_SAVED, Saved
from pytest_mixpanel.server.entities.store import EntityStore
from pytest_mixpanel.server.members import PROJECT_ID

LOCAL_PROJECT_ID = str(PROJECT_ID)
"""The number under which clients ask for a local project."""


@frozen
class LocalProject:
    """A store with its name, the clock it suggests, and the report of its import where there was one.

    ``entities`` are what was made in the project.
    """

    name: str
    store: Store
    now: datetime
    report: ImportReport | None = None
    rejected_file: Path | None = None
    entities: EntityStore = field(default_factory=EntityStore)
    saved: Saved = NOTHING_SAVED


def open_project(
    address: Address,
    time_zone: str | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> LocalProject:
    """Open the demo or exported events; raises ``ProjectNotFoundError`` and ``EventDataError``.

    The suggested clock of exported events is the end of the last hour they reach, so that an old export
    is judged as it was then. What is made in the demo lasts as long as the process; what is made in another
    project is kept in ``entities/`` of the cache, under the project's path.
    """
    if address.kind == "demo":
        from pytest_mixpanel.demo import NOW, open_demo

        variant: Any = address.name
        try:
            store = open_demo(variant, cache)
        except OSError as error:
            raise EventDataError(
                f"the demo could not be written to {cache or cache_folder()}: {error.strerror}; "
                "name another folder in MIXPANEL_CACHE"
            ) from error
        return LocalProject(
            "demo", store, NOW, entities=EntityStore(begin=lambda new: _begin_demo(new, store))
        )
    opened = open_source(Path(address.name), (cache or cache_folder()) / "stores", time_zone, progress)
    latest = datetime.fromtimestamp(opened.last / 1000, UTC)
    now = latest.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    source = Path(address.name).resolve()
    entities = EntityStore(_entities_file(source, cache or cache_folder()))
    found = opened.store, now, opened.report, opened.rejected_file
    return LocalProject(source.name, *found, entities, opened.saved)


def _entities_file(source: Path, cache: Path) -> Path:
    """Where what is made in a project is kept: it stays when the events are exported anew."""
    digest = hashlib.sha256(str(source).encode()).hexdigest()[:16]
    return cache / "entities" / f"{source.name}-{digest}.json"


def _begin_demo(entities: EntityStore, store: Store) -> None:
    from pytest_mixpanel.demo.entities import deeds
    from pytest_mixpanel.server.entities.serving import perform

    for moment, call in deeds():
        perform(call, entities, store, moment)
