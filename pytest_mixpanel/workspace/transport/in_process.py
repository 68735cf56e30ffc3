"""A server in this process below the layers of a client: what is recorded of it is what was sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from pytest_mixpanel.workspace.transport.local import LocalAddress, LocalRequest, handed
from pytest_mixpanel.workspace.transport.stack import recorded

if TYPE_CHECKING:
    from pytest_mixpanel.server.app import Server
    from pytest_mixpanel.workspace.transport.recording import Draft, Head


class InProcessTransport(httpx.BaseTransport):
    """Hands every request to a server in this process."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        address, kind = LocalAddress(urlsplit(str(request.url))), request.headers.get("content-type", "")
        response = handed(self._server, LocalRequest(request.method, address, request.read(), kind))
        headers = {"content-type": response.content_type}
        content = response.content if response.parts is None else response.parts
        return httpx.Response(response.status, headers=headers, content=content)


def recording_client(server: Server, record: Path | Draft, head: Callable[[], Head]) -> httpx.Client:
    """A client of a project on this machine that is recorded: nothing is bounded, kept or retried."""
    return httpx.Client(transport=recorded(InProcessTransport(server), record, head))
