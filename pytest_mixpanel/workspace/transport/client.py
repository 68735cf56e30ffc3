"""What a connection needs of a client: httpx has it, and so has a server in this process.

Of httpx alone there are the layers and the wire. They are loaded where a client of a service is made, so that
a project on this machine is not kept waiting for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol


class Address(Protocol):
    """A URL, which ``str`` gives whole; ``path`` is decoded, and so are ``params``."""

    @property
    def host(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def params(self) -> Mapping[str, str]: ...


class Request(Protocol):
    """A request that was built, with its body."""

    @property
    def method(self) -> str: ...
    @property
    def url(self) -> Address: ...
    def read(self) -> bytes: ...


class Response(Protocol):
    """An answer; where it is streamed it is still to be read, and then closed."""

    @property
    def request(self) -> Request: ...
    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def content(self) -> bytes: ...
    @property
    def text(self) -> str: ...
    def json(self) -> Any: ...
    def read(self) -> bytes: ...
    def iter_bytes(self) -> Iterator[bytes]: ...
    def close(self) -> None: ...


class Client(Protocol):
    """Builds requests, sends them, and is closed in the end; it sends only what it has built."""

    @property
    def is_closed(self) -> bool: ...

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
    ) -> Request: ...

    def send(self, request: Any, *, stream: bool = False, auth: Any = None) -> Response: ...
    def close(self) -> None: ...
