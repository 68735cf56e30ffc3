"""A connection to one project: an address, a clock, a client, and how a request is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.api.declare import Call
from pytest_mixpanel.api.endpoint import Endpoint
from pytest_mixpanel.core.address import Address
from pytest_mixpanel.core.errors import QueryError, WorkspaceScopeError
from pytest_mixpanel.engine.importing.read import Progress
from pytest_mixpanel.server.app import Server
from pytest_mixpanel.server.projects import LOCAL_PROJECT_ID, LocalProject, open_project
from pytest_mixpanel.workspace.calls import address as address_of, check_write, request_of
from pytest_mixpanel.workspace.credentials import DATA_HOSTS, HOSTS, Credentials, credentials_from
from pytest_mixpanel.workspace.scope import choose_workspace, workspaces_of
from pytest_mixpanel.workspace.transport import InProcessTransport, decoded, send
from pytest_mixpanel.workspace.transport.stack import AS_USUAL, Travel, live_client

ORIGIN = "pytest-mixpanel"


class Connection:
    """What the surfaces of a workspace send their requests through."""

    def __init__(
        self,
        address: Address,
        client: httpx.Client,
        now: datetime,
        time_zone: str,
        project: LocalProject | None = None,
        hosts: Mapping[str, str] | None = None,
        pinned_workspace: int | None = None,
        allow_writes: bool = False,
    ) -> None:
        self.address, self.client, self.now, self.time_zone = address, client, now, time_zone
        self.local = project
        self.project_id = LOCAL_PROJECT_ID if address.is_local else address.name
        self.pinned_workspace, self.allow_writes = pinned_workspace, allow_writes
        self._resolved_workspace: int | None = None
        self._hosts = hosts or dict.fromkeys(("query", "export", "app"), "http://local.invalid")

    @property
    def today(self) -> date:
        """The clock's day in the project's time zone."""
        return self.now.astimezone(ZoneInfo(self.time_zone)).date()

    def fetch(
        self,
        endpoint: Endpoint,
        *,
        path: Mapping[str, str | int] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> httpx.Response:
        """Send one request; ``None`` values of ``query`` are left out."""
        given = {name: value for name, value in (query or {}).items() if value is not None}
        if endpoint.host != "app" and body is None:
            given.setdefault("project_id", self.project_id)
        request = self.client.build_request(
            endpoint.verb,
            self._hosts[endpoint.host] + endpoint.url(path),
            params={**given, "query_origin": ORIGIN},
            json=body,
        )
        return send(self.client, request)

    def ask(self, endpoint: Endpoint, *, shape: type | None = None, **request: Any) -> Any:
        """Send one request and decode its JSON, which must be of ``shape``, ``dict`` or ``list``."""
        return decoded(self.fetch(endpoint, **request), shape)

    def call(self, call: Call) -> Any:
        """Send a declared method; raises ``WritesRefusedError`` for a write where the session only reads."""
        check_write(self, call.declaration)
        endpoint = call.declaration.endpoint
        url = self._hosts[endpoint.host] + address_of(self, endpoint, dict(call.path))
        return decoded(send(self.client, request_of(self.client, url, call)))

    def resolve_workspace_id(self) -> int:
        """The pinned workspace, or the project's main one, asked once; ``WorkspaceScopeError`` without any.

        Sources that do not know (403, 404) are passed over.
        """
        if self.pinned_workspace is not None:
            return self.pinned_workspace
        if self._resolved_workspace is None:
            self._resolved_workspace = self._find_workspace()
        return self._resolved_workspace

    def _find_workspace(self) -> int:
        for endpoint in (endpoints.WORKSPACES, endpoints.METADATA):
            path = {"project_id": self.project_id} if endpoint.parameters else {}
            try:
                found = choose_workspace(workspaces_of(self.ask(endpoint, path=path), self.project_id))
            except QueryError as error:
                if error.status_code not in (403, 404):
                    raise
                continue
            if found is not None:
                return found
        raise WorkspaceScopeError(
            f"project {self.project_id} has no workspace that these credentials see",
            code="NO_WORKSPACES",
            details={"project_id": self.project_id},
        )


def connect(
    address: Address,
    *,
    region: str | None = None,
    now: datetime | None = None,
    time_zone: str | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
    workspace: int | None = None,
    allow_writes: bool | None = None,
    travel: Travel = AS_USUAL,
) -> Connection:
    """Connect to a project; raises ``ConfigError`` without credentials for a live one.

    ``now`` defaults to the clock a local project suggests, or to the time of day for a live one.
    ``allow_writes`` defaults to true for a local project and to false for a live one.
    """
    if address.is_local:
        project = open_project(address, time_zone, cache, progress)
        moment = _aware(now or project.now)
        client = httpx.Client(transport=InProcessTransport(Server(project.store, moment)))
        return Connection(
            address,
            client,
            moment,
            project.store.time_zone,
            project,
            pinned_workspace=workspace,
            allow_writes=allow_writes is not False,
        )
    credentials = credentials_from(region=region)
    client = live_client({"authorization": credentials.authorization()}, travel)
    return Connection(
        address,
        client,
        _aware(now or datetime.now(UTC)),
        time_zone or "UTC",
        hosts=_hosts(credentials),
        pinned_workspace=workspace,
        allow_writes=bool(allow_writes),
    )


def _hosts(credentials: Credentials) -> dict[str, str]:
    query = HOSTS[credentials.region]
    return {"query": query, "app": query, "export": DATA_HOSTS[credentials.region]}


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
