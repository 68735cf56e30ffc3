"""``Workspace``: one project, everything that can be asked of it."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pytest_mixpanel.api.entities import Entities
from pytest_mixpanel.core.address import parse_address
from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.engine.importing.read import ImportReport, Progress
from pytest_mixpanel.workspace.connection import connect
from pytest_mixpanel.workspace.discovery import Discovery
from pytest_mixpanel.workspace.export import Export
from pytest_mixpanel.workspace.queries import Queries
from pytest_mixpanel.workspace.users import Users


class Workspace(Discovery, Queries, Users, Export, Entities):
    """A client of one project.

    ``project`` is an address: ``demo``, a project number (live; a service account from ``MP_USERNAME`` and
    ``MP_SECRET``), or the path of exported events. Without it ``MP_PROJECT_ID`` is read. ``now`` is the
    clock; a local project suggests its own. ``workspace`` pins a workspace. What changes the project is
    refused unless ``allow_writes`` is true, as it is by default for local projects. Use it as a context
    manager, or call ``close``.

    Raises ``ConfigError`` without a project or credentials, ``ProjectNotFoundError`` for an address that
    names nothing, ``EventDataError`` for a file that is no export.
    """

    def __init__(
        self,
        *,
        project: str | int | None = None,
        region: str | None = None,
        now: datetime | None = None,
        time_zone: str | None = None,
        cache: Path | None = None,
        progress: Progress | None = None,
        workspace: int | None = None,
        allow_writes: bool | None = None,
    ) -> None:
        named = str(project) if project is not None else os.environ.get("MP_PROJECT_ID")
        if not named:
            raise ConfigError(
                "no project: say Workspace(project='demo'), a project's number or the path of exported "
                "events, or set MP_PROJECT_ID; on the command line it is --mixpanel-project"
            )
        address = parse_address(named)
        self._connection = connect(
            address,
            region=region,
            now=now,
            time_zone=time_zone,
            cache=cache,
            progress=progress,
            workspace=workspace,
            allow_writes=allow_writes,
        )
        self._discovered: dict[tuple[Any, ...], Any] = {}

    @property
    def project(self) -> str:
        """The project's name or number."""
        local = self._connection.local
        return local.name if local else self._connection.project_id

    @property
    def now(self) -> datetime:
        """The clock of every question."""
        return self._connection.now

    @property
    def timezone(self) -> str:
        """The project's time zone, an IANA name."""
        return self._connection.time_zone

    @property
    def import_report(self) -> ImportReport | None:
        """What became of the lines of exported events; ``None`` for other projects."""
        local = self._connection.local
        return local.report if local else None

    @property
    def rejected_file(self) -> Path | None:
        """Where the rejected lines of exported events are kept, with their reasons; ``None`` without any."""
        local = self._connection.local
        return local.rejected_file if local else None

    def data_range(self) -> tuple[date, date] | None:
        """The first and last day with events, where the data is local; ``None`` where it is not."""
        local = self._connection.local
        if local is None:
            return None
        from pytest_mixpanel.engine.discovery import span

        found = span(local.store)
        return (date.fromisoformat(found[0]), date.fromisoformat(found[1])) if found else None

    def close(self) -> None:
        """Close the connection; may be called again."""
        self._connection.client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Workspace {self.project} {self.timezone} as of {self.now:%Y-%m-%d %H:%M}>"
