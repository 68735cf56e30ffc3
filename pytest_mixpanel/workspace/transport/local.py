"""Requests that never leave the process: they are handed to a server over local events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.server.messages import Request, Response

if TYPE_CHECKING:
    from pytest_mixpanel.server.app import Server


class LocalClient:
    """A client of a server in this process: what it sends is encoded as on a wire, and decoded again."""

    def __init__(self, server: Server) -> None:
        self._server, self.is_closed = server, False

    def build_request(
        self,
        method: str,
        url: str,
        *,
        content: bytes | None = None,
        data: Mapping[str, Any] | None = None,
        json: Any | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> LocalRequest:
        kind = (headers or {}).get("content-type", "")
        if json is not None:
            content, kind = _json(json), "application/json"
        elif data is not None:
            content, kind = _form(data).encode(), "application/x-www-form-urlencoded"
        query = f"?{_form(params)}" if params else ""
        return LocalRequest(method, LocalAddress(urlsplit(url + query)), content or b"", kind)

    def send(self, request: LocalRequest, *, stream: bool = False, auth: object = None) -> LocalResponse:
        return LocalResponse(request, handed(self._server, request))

    def close(self) -> None:
        self.is_closed = True


@frozen
class LocalAddress:
    """Where a request is meant to go."""

    parts: SplitResult

    @property
    def host(self) -> str:
        return self.parts.hostname or ""

    @property
    def path(self) -> str:
        return unquote(self.parts.path)

    @property
    def params(self) -> Mapping[str, str]:
        return dict(parse_qsl(self.parts.query, keep_blank_values=True))

    def __str__(self) -> str:
        return self.parts.geturl()


@frozen
class LocalRequest:
    """A request as a client builds it."""

    method: str
    url: LocalAddress
    content: bytes
    content_type: str

    def read(self) -> bytes:
        return self.content


class LocalResponse:
    """A server's answer as a client gives it: its parts are made when they are read."""

    def __init__(self, request: LocalRequest, response: Response) -> None:
        self.request, self.status_code = request, response.status
        self.headers = {"content-type": response.content_type}
        self._content = response.content
        self._parts = response.parts

    @property
    def content(self) -> bytes:
        return self.read()

    @property
    def text(self) -> str:
        return self.read().decode("utf-8", "replace")

    def json(self) -> Any:
        return json.loads(self.read())

    def read(self) -> bytes:
        self._content += b"".join(self._parts or ())
        self._parts = None
        return self._content

    def iter_bytes(self) -> Iterator[bytes]:
        return iter([self._content]) if self._parts is None else self._parts

    def close(self) -> None:
        self._parts = None


def handed(server: Server, request: LocalRequest) -> Response:
    """What a server answers to a request."""
    parts = request.url.parts
    origin = f"{parts.scheme}://{parts.netloc}"
    return server.handle(
        Request.read(request.method, parts.path, parts.query, request.content, request.content_type, origin)
    )


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _form(fields: Mapping[str, Any]) -> str:
    """Fields as a query or a form has them: a list is its values one after the other."""
    pairs = [
        (name, _text(one))
        for name, value in fields.items()
        for one in (value if isinstance(value, (list, tuple)) else (value,))
    ]
    return urlencode(pairs)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
