"""How a workspace is opened: from what was asked for to a connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_mixpanel.core.address import Address, parse_address
from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.server.members import ORGANIZATION_ID, PROJECT_ID, WORKSPACE, WORKSPACE_ID
from pytest_mixpanel.workspace.connection import Connection
from pytest_mixpanel.workspace.sessions.authorize import SessionAuth
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.model import LocalAccount, Project, Session, WorkspaceRef
from pytest_mixpanel.workspace.sessions.resolve import Asked, Resolved, resolve
from pytest_mixpanel.workspace.transport.client import Client
from pytest_mixpanel.workspace.transport.travel import AS_USUAL, Travel
from pytest_mixpanel.workspace.transport.whose import Whose

if TYPE_CHECKING:
    from pytest_mixpanel.engine.importing.report import Progress
    from pytest_mixpanel.workspace.transport.recording import Head


@frozen(kw_only=True)
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
        """Connect to what is meant: a recording, an address on this machine, else a live project."""
        if self.travel.replay is not None:
            return self._open_recording(self.travel.replay, asked)
        if (address := local_address(asked)) is not None:
            return self._open_local(address, asked)
        return self.open_session(resolve(asked, self.environment))

    def reopen(self, session: Session) -> Connection:
        """Connect as a session that was made elsewhere, a local one too."""
        account = session.account
        if not isinstance(account, LocalAccount):
            return self.open_session(Resolved.given(session))
        if account.address is None:
            raise ConfigError("the session of a recording is opened by Workspace(replay=…)")
        return self.open(Asked(project=account.address, workspace=session.workspace_id))

    def open_session(self, resolved: Resolved) -> Connection:
        """Connect to a live project."""
        now, writes = _aware(self.now or datetime.now(UTC)), bool(self.allow_writes)

        def make_client(auth: SessionAuth, time_zone: Callable[[], str]) -> Client:
            from pytest_mixpanel.workspace.transport.stack import live_client  # only this loads httpx

            def whose() -> Whose:
                return Whose(auth.session.project_id, time_zone())

            def head() -> Head:
                return _head(auth.session, now, time_zone())

            return live_client(auth, self.travel, whose, head=head, allow_writes=writes)

        return Connection(
            resolved,
            make_client,
            now,
            environment=self.environment,
            time_zone=self.time_zone,
            allow_writes=writes,
        )

    def _open_local(self, address: Address, asked: Asked) -> Connection:
        """Connect to a project on this machine; only this loads the engine."""
        from pytest_mixpanel.server.app import Server
        from pytest_mixpanel.server.projects import open_project
        from pytest_mixpanel.workspace.transport.local import LocalClient

        project = open_project(address, self.time_zone, self.cache, self.progress)
        now, zone = _aware(self.now or project.now), project.store.time_zone
        server = Server(project.store, now, project.entities, project.name, project.saved)
        resolved = local_session(project.name, zone, asked.workspace, LocalAccount(address=asked.project))

        def head() -> Head:
            return _head(resolved.session, now, zone, project.name)

        def make_client(*_: object) -> Client:
            if self.travel.record is None:
                return LocalClient(server)
            from pytest_mixpanel.workspace.transport.in_process import recording_client

            return recording_client(server, self.travel.record, head)

        return Connection(
            resolved,
            make_client,
            now,
            environment=self.environment,
            time_zone=zone,
            project=project,
            allow_writes=self.allow_writes is not False,
        )

    def _open_recording(self, path: Path, asked: Asked) -> Connection:
        """Answer from a recording; its project, clock and time zone are those of the run it was made in."""
        from pytest_mixpanel.workspace.transport.replay import Recording
        from pytest_mixpanel.workspace.transport.stack import replay_client

        recording = Recording.read(path)
        head, writes = recording.head, bool(self.allow_writes)
        if asked.project is not None and asked.project not in (head.project, head.name):
            raise ConfigError(
                f"{path} is a recording of project {head.name or head.project}, not of {asked.project}"
            )
        return Connection(
            replayed_session(head, asked.workspace),
            lambda *_: replay_client(recording, allow_writes=writes),
            _aware(self.now or datetime.fromisoformat(head.now)),
            environment=self.environment,
            time_zone=self.time_zone or head.time_zone,
            allow_writes=writes,
        )


def local_address(asked: Asked) -> Address | None:
    """The address, where it is on this machine; raises ``ProjectNotFoundError`` for one of nothing."""
    address = None if asked.project is None else parse_address(asked.project)
    return address if address is not None and address.is_local else None


def local_session(name: str, time_zone: str, workspace: int | None, account: LocalAccount) -> Resolved:
    """The session of a project on this machine: no account, one workspace."""
    if workspace not in (None, WORKSPACE_ID):
        raise ConfigError(f"workspace {workspace}: a local project has one workspace, {WORKSPACE_ID}")
    project = Project(str(PROJECT_ID), name, ORGANIZATION_ID, time_zone)
    pinned = None if workspace is None else WorkspaceRef(WORKSPACE_ID, WORKSPACE, True, project.id)
    origins = {"project": "argument project="} | ({"workspace": "argument workspace="} if pinned else {})
    return Resolved(Session(account=account, project=project, workspace=pinned), origins)


def replayed_session(head: Head, workspace: int | None = None) -> Resolved:
    """The session of a recording: no account, its project and workspace."""
    project = Project(head.project, head.name, timezone=head.time_zone)
    pinned = workspace if workspace is not None else head.workspace
    ref = None if pinned is None else WorkspaceRef(pinned, project_id=project.id)
    return Resolved(Session(account=LocalAccount(), project=project, workspace=ref), {"project": "recording"})


def _head(session: Session, now: datetime, time_zone: str, name: str | None = None) -> Head:
    """What a recording tells of its circumstances."""
    from pytest_mixpanel.workspace.transport.recording import Head

    return Head(session.project_id, now.isoformat(), time_zone, name, session.workspace_id)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
