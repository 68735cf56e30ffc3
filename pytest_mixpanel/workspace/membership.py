"""Who asks and of what: the session of a workspace, what it may see, and switching it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.workspace.connection import Connection
from pytest_mixpanel.workspace.opening import Opening, local_address, local_session
from pytest_mixpanel.workspace.scope import workspaces_of
from pytest_mixpanel.workspace.sessions.model import Account, LocalAccount, Project, Session, WorkspaceRef
from pytest_mixpanel.workspace.sessions.resolve import Asked, Resolved
from pytest_mixpanel.workspace.sessions.switch import persist as persist_session, switched

if TYPE_CHECKING:
    from pytest_mixpanel.api.members import MeResponse, PublicWorkspace


class Membership:
    """The session's properties, ``use``, ``me``, ``projects``, ``workspaces``."""

    _connection: Connection
    _opening: Opening
    _discovered: dict[tuple[Any, ...], Any]

    @property
    def session(self) -> Session:
        """Account, project, and the pinned workspace where there is one."""
        return self._connection.session

    @property
    def account(self) -> Account:
        """Who asks."""
        return self.session.account

    @property
    def project(self) -> Project:
        """What is asked of."""
        return self.session.project

    @property
    def workspace(self) -> WorkspaceRef | None:
        """The pinned workspace; ``None`` where it is found when it is needed."""
        return self.session.workspace

    @property
    def origins(self) -> Mapping[str, str]:
        """Where account, project and workspace were said."""
        return self._connection.origins

    @property
    def api(self) -> Connection:
        """The connection itself, for requests that have no method."""
        return self._connection

    def use(
        self,
        *,
        account: str | None = None,
        project: str | int | None = None,
        workspace: int | None = None,
        target: str | None = None,
        persist: bool = False,
    ) -> Self:
        """Switch any axis; returns the workspace itself.

        The client and its connections stay, unless the project moves onto this machine or off it. What was
        discovered is forgotten. ``persist`` also makes the new session the active one of ``config.toml``.

        Raises ``ConfigError``, and changes nothing then; ``ParamValidationError`` for ``target=`` beside
        what it names.
        """
        named = None if project is None else str(project)
        asked = Asked(account=account, project=named, workspace=workspace, target=target)
        if asked == Asked() and not persist:
            return self
        if local_address(asked) is not None or (self._connection.local and asked.names_none_but_workspace):
            if persist:
                raise ConfigError("a local project has no account to remember it; leave out persist=True")
            self._use_local(asked)
        else:
            self._use_live(asked, persist=persist)
        self._discovered.clear()
        return self

    def _use_local(self, asked: Asked) -> None:
        if asked.project is not None:
            self._reconnect(self._opening.open(asked))
        elif (here := self._connection.local) is not None and isinstance(self.account, LocalAccount):
            zone = here.store.time_zone
            self._connection.switch(local_session(here.name, zone, asked.workspace, self.account))

    def _use_live(self, asked: Asked, *, persist: bool) -> None:
        environment = self._connection.environment
        resolved = switched(Resolved(self.session, self.origins), asked, environment)
        if persist:
            persist_session(resolved.session, environment)
        if self._connection.local is not None:
            self._reconnect(self._opening.open_session(resolved))
        else:
            self._connection.switch(resolved)

    def _reconnect(self, connection: Connection) -> None:
        self._connection.close()
        self._connection = connection

    def me(self, *, force_refresh: bool = False) -> MeResponse:
        """The user and everything they may see; kept for 24 hours, in memory and on disk by account.

        Raises ``ConfigError`` (``details``: ``status_code``, ``account_name``) where the service does not
        tell this account.
        """
        return self._connection.seen.me(force_refresh=force_refresh)

    def projects(self) -> list[Project]:
        """The projects this account may see, by name."""
        found = [
            Project(id, row.name, row.organization_id, row.timezone) for id, row in self.me().projects.items()
        ]
        return sorted(found, key=lambda project: str(project).lower())

    def workspaces(self, *, project_id: str | int | None = None) -> list[WorkspaceRef]:
        """The workspaces of a project, this one by default, by name."""
        wanted = self.project.id if project_id is None else str(project_id)
        found = [
            WorkspaceRef(row.id, row.name, row.is_default, str(row.project_id))
            for row in self.me().workspaces_of(wanted)
        ]
        return sorted(found, key=lambda workspace: str(workspace).lower())

    def list_workspaces(self) -> list[PublicWorkspace]:
        """The public workspaces of this project, as the service lists them."""
        from pytest_mixpanel.api.members import PublicWorkspace

        answer = self._connection.ask(endpoints.WORKSPACES, path={"project_id": self.project.id})
        return [PublicWorkspace.parse(row) for row in workspaces_of(answer, self.project.id)]

    def resolve_workspace_id(self) -> int:
        """The pinned workspace's id, else the one that holds all of the project's data.

        It is looked for in what ``me`` answered before, then asked for; found once, it is kept until the
        session changes. Raises ``WorkspaceScopeError`` where there is none.
        """
        return self._connection.resolve_workspace_id()
