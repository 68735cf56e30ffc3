"""A connection to one project: a session, a clock, a client, and how a request is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pytest_mixpanel.api.declare import Call
from pytest_mixpanel.api.endpoint import Endpoint
from pytest_mixpanel.core.errors import AuthenticationError
from pytest_mixpanel.workspace.calls import address as address_of, check_write, put_file, request_of
from pytest_mixpanel.workspace.seen import Seen
from pytest_mixpanel.workspace.sessions.authorize import SessionAuth
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.hosts import LOCAL, base_url
from pytest_mixpanel.workspace.sessions.model import Session
from pytest_mixpanel.workspace.sessions.resolve import Resolved
from pytest_mixpanel.workspace.transport import decoded, send
from pytest_mixpanel.workspace.transport.client import Client, Request, Response

if TYPE_CHECKING:
    from pytest_mixpanel.server.projects import LocalProject

ORIGIN = "pytest-mixpanel"
UTC = "UTC"


class Connection:
    """What the surfaces of a workspace send their requests through.

    ``session`` is who asks and of what; ``origins`` tells by axis where that was said. ``client`` is made
    when it is first needed, and again after ``close``; it carries the session's headers by itself
    (``client.send(request, auth=None)`` for a request that should not).
    """

    def __init__(
        self,
        resolved: Resolved,
        make_client: Callable[[SessionAuth, Callable[[], str]], Client],
        now: datetime,
        *,
        environment: Environment,
        time_zone: str | None = None,
        project: LocalProject | None = None,
        allow_writes: bool = False,
    ) -> None:
        self.now, self.local, self.allow_writes, self.environment = now, project, allow_writes, environment
        self._auth = SessionAuth(resolved.session, environment)
        self._make_client, self._resolved, self._time_zone = make_client, resolved, time_zone
        self._client: Client | None = None
        self.seen = Seen(self)

    @property
    def client(self) -> Client:
        if self._client is None:
            self._client = self._make_client(self._auth, lambda: self.time_zone)
        return self._client

    @property
    def session(self) -> Session:
        return self._resolved.session

    @property
    def origins(self) -> Mapping[str, str]:
        return self._resolved.origins

    @property
    def project_id(self) -> str:
        return self.session.project_id

    @property
    def pinned_workspace(self) -> int | None:
        return self.session.workspace_id

    @property
    def time_zone(self) -> str:
        """The time zone that was said, else the project's where it is known, else UTC."""
        return self._time_zone or self.session.project.timezone or self.seen.time_zone() or UTC

    @property
    def knows_time_zone(self) -> bool:
        """Whether the time zone is the project's, and not the last resort."""
        return bool(self._time_zone or self.session.project.timezone or self.seen.time_zone())

    @property
    def today(self) -> date:
        """The clock's day in the project's time zone."""
        return self.now.astimezone(ZoneInfo(self.time_zone)).date()

    def switch(self, resolved: Resolved) -> None:
        """Ask as another session from now on; the client and its connections stay."""
        self._resolved, self._auth.session = resolved, resolved.session
        self.seen = Seen(self)

    def close(self) -> None:
        """Close the client, if there is one; may be called again."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def resolve_workspace_id(self) -> int:
        """The pinned workspace, or the project's main one; raises ``WorkspaceScopeError`` without any."""
        return self.seen.workspace_id()

    def fetch(
        self,
        endpoint: Endpoint,
        *,
        path: Mapping[str, str | int] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        stream: bool = False,
    ) -> Response:
        """Send one request; ``None`` values of ``query`` are left out.

        With ``stream`` the answer is still to be read and closed.
        """
        given = {name: value for name, value in (query or {}).items() if value is not None}
        if endpoint.host != "app" and body is None:
            given.setdefault("project_id", self.project_id)
        if endpoint.host == "query" and self.pinned_workspace is not None:
            given.setdefault("workspace_id", self.pinned_workspace)
        request = self.client.build_request(
            endpoint.verb,
            self._base(endpoint) + endpoint.url(path),
            params=given if endpoint.host == "export" else {**given, "query_origin": ORIGIN},
            json=body,
        )
        return self._sent(request, stream=stream)

    def ask(self, endpoint: Endpoint, *, shape: type | None = None, **request: Any) -> Any:
        """Send one request and decode its JSON, which must be of ``shape``, ``dict`` or ``list``."""
        return decoded(self.fetch(endpoint, **request), shape)

    def call(self, call: Call) -> Any:
        """Send a declared method; raises ``WritesRefusedError`` for a write where the session only reads."""
        check_write(self, call.declaration)
        endpoint = call.declaration.endpoint
        url = self._base(endpoint) + address_of(self, endpoint, dict(call.path))
        response = self._sent(request_of(self.client, url, call))
        return response.content if call.declaration.answers == "bytes" else decoded(response)

    def upload(self, url: str, content: bytes, content_type: str) -> None:
        """Put a file where a signed address says; ``UPLOAD_ERROR`` where that fails."""
        put_file(self.client, url, content, content_type)

    def _sent(self, request: Request, *, stream: bool = False) -> Response:
        """Send a request; where the credentials are refused, the error says whose and from where."""
        try:
            return send(self.client, request, stream=stream)
        except AuthenticationError as error:
            name, origin = self.session.account.name, self.origins.get("account", "")
            error.amend(f" (account {name!r}{', from ' + origin if origin else ''})", account_name=name)
            raise

    def _base(self, endpoint: Endpoint) -> str:
        """Where the endpoint's family is, for this session's region."""
        return LOCAL if self.local else base_url(endpoint.host, self.session.region, self.environment)
