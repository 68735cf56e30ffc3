"""How a declared method is sent: the session's scope in its path, no write where the session allows none."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, Protocol

from pytest_mixpanel.api.declare import Call, Declaration
from pytest_mixpanel.api.endpoint import Endpoint
from pytest_mixpanel.core.errors import MixpanelHeadlessError, WritesRefusedError
from pytest_mixpanel.workspace.transport.answers import failure
from pytest_mixpanel.workspace.transport.client import Client, Request

SWITCH = "Workspace(allow_writes=True) or --mixpanel-allow-writes"


class Scope(Protocol):
    """What of a connection decides about a call: the project, the pinned workspace, may it write."""

    allow_writes: bool

    @property
    def project_id(self) -> str: ...

    @property
    def pinned_workspace(self) -> int | None: ...

    def resolve_workspace_id(self) -> int: ...


def check_write(scope: Scope, declaration: Declaration) -> None:
    """Raise ``WritesRefusedError`` for a method that changes the project, where the session allows none."""
    if declaration.writes and not scope.allow_writes:
        raise WritesRefusedError(
            f"{declaration.name} changes project {scope.project_id} and this session only reads; "
            f"allow it with {SWITCH}",
            details={"method": declaration.name, "project_id": scope.project_id},
        )


def address(scope: Scope, endpoint: Endpoint, path: dict[str, str | int]) -> str:
    """The path of a call: ``{S}`` is the pinned workspace or else the project; ``{W}`` needs a workspace."""
    pinned = endpoint.scope == "S" and scope.pinned_workspace is not None
    filled: dict[str, str | int] = {"project_id": scope.project_id, **path}
    if pinned:
        filled["workspace_id"] = scope.pinned_workspace or 0
    elif endpoint.scope == "W":
        filled["workspace_id"] = scope.resolve_workspace_id()
    return endpoint.url(filled, pinned=pinned)


def request_of(client: Client, url: str, call: Call) -> Request:
    """The request of a call, in its encoding."""
    fields: dict[str, Any] = {}
    if call.body is not None and call.declaration.encoding == "form":
        fields["data"] = {name: _field(value) for name, value in call.body.items()}
    elif call.body is not None:
        fields["json"] = call.body
    return client.build_request(
        call.declaration.endpoint.verb, url, params=dict(call.query) or None, **fields
    )


def put_file(client: Client, url: str, content: bytes, content_type: str) -> None:
    """Put a file at a signed address: no credentials, no headers of the session.

    Raises ``MixpanelHeadlessError`` with code ``UPLOAD_ERROR``; the address, which is a secret, is not told.
    """
    request = client.build_request("PUT", url, content=content, headers={"content-type": content_type})
    try:
        response = client.send(request, auth=None)
    except failure() as error:
        raise MixpanelHeadlessError(
            f"the file could not be uploaded to {request.url.host}: {type(error).__name__}",
            code="UPLOAD_ERROR",
        ) from error
    if not HTTPStatus.OK <= response.status_code < HTTPStatus.MULTIPLE_CHOICES:
        raise MixpanelHeadlessError(
            f"the file was not accepted by {request.url.host}: status {response.status_code}",
            code="UPLOAD_ERROR",
            details={"status_code": response.status_code},
        )


def _field(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
