"""How requests travel: over HTTPS to Mixpanel, or in process to a server over local events.

Nothing else in the client knows the difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from pytest_mixpanel.core.errors import (
    APIError,
    AuthenticationError,
    MixpanelHeadlessError,
    QueryError,
    RateLimitError,
    ServerError,
)
from pytest_mixpanel.server.app import Server
from pytest_mixpanel.server.messages import Request

LONGEST_TEXT = 200
REFUSED = {403: "Permission denied", 404: "Resource not found", 422: "Unprocessable entity"}


class InProcessTransport(httpx.BaseTransport):
    """Hands every request to a server in this process."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        kind = request.headers.get("content-type", "")
        response = self._server.handle(Request.read(request.method, path, query, request.read(), kind))
        headers = {"content-type": response.content_type}
        return httpx.Response(response.status, headers=headers, content=response.content)


def send(client: httpx.Client, request: httpx.Request) -> httpx.Response:
    """Send a request and return a good response; anything else is one of the package's errors.

    Raises ``AuthenticationError`` (401), ``RateLimitError`` (429), ``ServerError`` (5xx), ``QueryError``
    (other 4xx), and ``MixpanelHeadlessError`` with code ``HTTP_ERROR`` when there was no response.
    """
    try:
        response = client.send(request)
    except httpx.HTTPError as error:
        raise MixpanelHeadlessError(
            f"no answer from {request.url.host}: {error or type(error).__name__}", code="HTTP_ERROR"
        ) from error
    if response.status_code >= 400:
        raise _refusal(request, response)
    return response


def decoded(response: httpx.Response) -> Any:
    """The JSON of a response; raises ``MixpanelHeadlessError`` (``INVALID_RESPONSE``) for other content."""
    try:
        return response.json()
    except ValueError as error:
        said = response.text[:LONGEST_TEXT]
        raise MixpanelHeadlessError(
            f"{response.request.url.path} answered something that is not JSON: {said!r}",
            code="INVALID_RESPONSE",
        ) from error


def _refusal(request: httpx.Request, response: httpx.Response) -> APIError:
    status, body = response.status_code, _body(response)
    said = _said(body)
    facts: dict[str, Any] = {
        "status_code": status,
        "response_body": body,
        "request_method": request.method,
        "request_url": str(request.url.copy_with(query=None)),
    }
    if status == 401:
        return AuthenticationError(
            "the credentials were not accepted: check the username, the secret and the project", **facts
        )
    if status == 429:
        after = response.headers.get("retry-after", "")
        wait = min(int(after), 3600) if after.isdecimal() else None
        hint = f" Retry after {wait} seconds." if wait is not None else ""
        return RateLimitError(f"{said or 'rate limit exceeded'}.{hint}", retry_after=wait, **facts)
    if status >= 500:
        return ServerError(f"Server error: {said or status}", **facts)
    return QueryError(said or REFUSED.get(status, "Request failed"), **facts)


def _body(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return response.text[:500]


def _said(body: Any) -> str | None:
    """What the server says of its refusal."""
    if isinstance(body, Mapping):
        error = body.get("error")
        if error and str(error).strip():
            return str(error)
        message = body.get("message")
        return message if isinstance(message, str) and message.strip() else None
    return str(body)[:LONGEST_TEXT] or None
