"""How a workspace is opened: from what was asked for to a connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from pytest_mixpanel.core.address import Address, parse_address
from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.engine.importing.read import Progress
from pytest_mixpanel.server.app import Server
from pytest_mixpanel.server.members import ORGANIZATION_ID, WORKSPACE, WORKSPACE_ID
from pytest_mixpanel.server.projects import LOCAL_PROJECT_ID, open_project
from pytest_mixpanel.workspace.connection import Connection
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.model import LocalAccount, Project, Session, WorkspaceRef
from pytest_mixpanel.workspace.sessions.resolve import Asked, Resolved, resolve
from pytest_mixpanel.workspace.transport import InProcessTransport
from pytest_mixpanel.workspace.transport.stack import AS_USUAL, Travel, live_client


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a workspace was opened with, besides the session: it stays when the session changes.

    ``now`` defaults to the clock a local project suggests, or to the time of day for a live one.
    ``allow_writes`` defaults to true for a local project and to false for a live one.
    """

    now: datetime | None = None
    time_zone: str | None = None
    cache: Path | None = None
    progress: Progress | None = None
    allow_writes: bool | None = None
    travel: Travel = AS_USUAL
    environment: Environment = field(default_factory=Environment)

    def open(self, asked: Asked) -> Connection:
        """Connect to what is meant: an address on this machine, else a live project."""
        if (address := local_address(asked)) is not None:
            return self._open_local(address, asked.workspace)
        return self.open_session(resolve(asked, self.environment))

    def open_session(self, resolved: Resolved) -> Connection:
        """Connect to a live project."""
        return Connection(
            resolved,
            lambda auth: live_client(auth, self.travel),
            _aware(self.now or datetime.now(UTC)),
            environment=self.environment,
            time_zone=self.time_zone,
            allow_writes=bool(self.allow_writes),
        )

    def _open_local(self, address: Address, workspace: int | None) -> Connection:
        """Connect to a project on this machine."""
        project = open_project(address, self.time_zone, self.cache, self.progress)
        now, zone = _aware(self.now or project.now), project.store.time_zone
        transport = InProcessTransport(Server(project.store, now, name=project.name))
        return Connection(
            local_session(project.name, zone, workspace),
            lambda auth: httpx.Client(transport=transport, auth=auth),
            now,
            environment=self.environment,
            time_zone=zone,
            project=project,
            allow_writes=self.allow_writes is not False,
        )


def local_address(asked: Asked) -> Address | None:
    """The address, where it is on this machine; raises ``ProjectNotFoundError`` for one of nothing."""
    address = None if asked.project is None else parse_address(asked.project)
    return address if address is not None and address.is_local else None


def local_session(name: str, time_zone: str, workspace: int | None = None) -> Resolved:
    """The session of a project on this machine: no account, one workspace."""
    if workspace not in (None, WORKSPACE_ID):
        raise ConfigError(f"workspace {workspace}: a local project has one workspace, {WORKSPACE_ID}")
    project = Project(LOCAL_PROJECT_ID, name, ORGANIZATION_ID, time_zone)
    pinned = None if workspace is None else WorkspaceRef(WORKSPACE_ID, WORKSPACE, True, project.id)
    origins = {"project": "argument project="} | ({"workspace": "argument workspace="} if pinned else {})
    return Resolved(Session(account=LocalAccount(), project=project, workspace=pinned), origins)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
