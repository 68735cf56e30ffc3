"""Requests that never leave the process: they are handed to a server over local events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from pytest_mixpanel.server.messages import Request

if TYPE_CHECKING:
    from pytest_mixpanel.server.app import Server


class InProcessTransport(httpx.BaseTransport):
    """Hands every request to a server in this process."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        kind = request.headers.get("content-type", "")
        origin = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
        received = Request.read(request.method, path, query, request.read(), kind, origin)
        response = self._server.handle(received)
        headers = {"content-type": response.content_type}
        content = response.content if response.parts is None else response.parts
        return httpx.Response(response.status, headers=headers, content=content)
