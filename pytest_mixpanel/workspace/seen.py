"""What a session may see: the answer to ``me``, and the workspace that is meant where none is named."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.core.errors import APIError, ConfigError, QueryError, WorkspaceScopeError
from pytest_mixpanel.workspace.scope import choose_workspace, workspaces_of
from pytest_mixpanel.workspace.sessions.model import Account, LocalAccount
from pytest_mixpanel.workspace.sessions.remembered import keep, recall

if TYPE_CHECKING:
    from pytest_mixpanel.api.members import MeResponse
    from pytest_mixpanel.workspace.connection import Connection

UNKNOWN_THERE = (403, 404)
"""Statuses of a source that does not know; the next one is asked."""


class Seen:
    """Asked once for a session, and kept as long as it lasts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._me: MeResponse | None = None
        self._workspace_id: int | None = None

    def me(self, *, force_refresh: bool = False) -> MeResponse:
        """The user and all they may see; raises ``ConfigError`` where the service does not tell it."""
        kept = None if force_refresh else self.remembered()
        self._me = kept if kept is not None else self._asked()
        return self._me

    def remembered(self) -> MeResponse | None:
        """What was answered less than a day ago, in memory or on disk; never asks."""
        account = self._connection.session.account
        if self._me is None and not isinstance(account, LocalAccount):
            self._me = recall(self._connection.environment.me_file(account.name), account, time.time())
        return self._me

    def time_zone(self) -> str | None:
        """The project's time zone, as far as it was told before; never asks."""
        me = self.remembered()
        project = me.projects.get(self._connection.project_id) if me else None
        return project.timezone if project else None

    def _asked(self) -> MeResponse:
        from pytest_mixpanel.api.members import MeResponse

        connection = self._connection
        account = connection.session.account
        try:
            answer = MeResponse.parse(connection.ask(endpoints.ME))
        except APIError as error:
            if error.status_code not in (401, 403):
                raise
            raise ConfigError(
                _not_told(account, error.status_code, connection.origins.get("account", "")),
                details={"status_code": error.status_code, "account_name": account.name},
            ) from error
        if isinstance(account, LocalAccount):
            return answer
        return keep(connection.environment.me_file(account.name), account, answer, time.time())

    def workspace_id(self) -> int:
        """The pinned workspace, else the one found before, else the project's main one.

        It is looked for in what ``me`` answered before, then asked for. Raises ``WorkspaceScopeError``.
        """
        if self._connection.pinned_workspace is not None:
            return self._connection.pinned_workspace
        if self._workspace_id is None:
            self._workspace_id = self._found_workspace()
        return self._workspace_id

    def _found_workspace(self) -> int:
        sources: tuple[Callable[[], Sequence[Mapping[str, Any]]], ...] = (
            self._remembered_workspaces,
            lambda: self._listed(endpoints.WORKSPACES, {"project_id": self._connection.project_id}),
            lambda: self._listed(endpoints.METADATA, {}),
        )
        for look in sources:
            try:
                found = choose_workspace(look())
            except QueryError as error:
                if error.status_code not in UNKNOWN_THERE:
                    raise
                continue
            if found is not None:
                return found
        session = self._connection.session
        raise WorkspaceScopeError(
            f"project {session.project_id} has no workspace that account {session.account.name!r} sees; "
            "name one with Workspace(workspace=…) or MP_WORKSPACE_ID",
            details={"project_id": session.project_id},
        )

    def _remembered_workspaces(self) -> list[Mapping[str, Any]]:
        me = self.remembered()
        rows = me.workspaces_of(self._connection.project_id) if me else []
        return [row.to_dict() for row in rows]

    def _listed(self, endpoint: Any, path: Mapping[str, str]) -> list[Mapping[str, Any]]:
        return workspaces_of(self._connection.ask(endpoint, path=path), self._connection.project_id)


def _not_told(account: Account, status: int, origin: str) -> str:
    who = f"account {account.name!r}" + (f" (from {origin})" if origin else "")
    if status == 401:
        return f"{who}: the service did not accept its credentials"
    if account.type == "service_account":
        return f"{who}: a service account needs the user-details scope to be told what it may see"
    return f"{who}: it may not be told what it may see; log in again"
