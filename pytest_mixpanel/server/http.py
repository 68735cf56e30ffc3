"""The server over HTTP: an ASGI application that hands every request to ``Server.handle``."""

from __future__ import annotations

import zlib

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request as HttpRequest
from starlette.responses import Response as HttpResponse, StreamingResponse
from starlette.routing import Route

from pytest_mixpanel.server.access import Access
from pytest_mixpanel.server.app import Server
from pytest_mixpanel.server.entities.lookup_tables import UPLOAD_PATH
from pytest_mixpanel.server.messages import BadRequest, Request, Response

VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
MOST_BYTES = 32 << 20
"""The largest body, unpacked; the service takes 10 MB of events at once."""

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]", "::1")
SMALLEST_PACKED = 1_400


def application(server: Server, access: Access | None, *, most_bytes: int = MOST_BYTES) -> Starlette:
    """An ASGI application; without ``access`` it answers anyone who calls it by a name of this machine.

    The name is checked so that no page of the web reaches an open server through a name of its own.
    """

    async def answer(request: HttpRequest) -> HttpResponse:
        signed = request.url.path.startswith(UPLOAD_PATH)  # such an address is a credential itself
        if access is not None and not signed and not access.admits(request.headers.get("authorization", "")):
            return _sent(Response.error("Invalid service account credentials", 401))
        try:
            content = await _content(request, most_bytes)
            if content is None:
                return _sent(Response.error(f"the body has more than {most_bytes} bytes", 413))
            received = Request.read(
                request.method,
                request.scope.get("raw_path", request.url.path.encode()).decode("latin-1"),
                request.url.query,
                content,
                request.headers.get("content-type", ""),
                f"{request.url.scheme}://{request.url.netloc}",
            )
        except BadRequest as error:
            return _sent(Response.error(str(error), error.status))
        return _sent(await run_in_threadpool(server.handle, received))

    middleware = [Middleware(GZipMiddleware, minimum_size=SMALLEST_PACKED, compresslevel=5)]
    if access is None:
        middleware.insert(
            0, Middleware(TrustedHostMiddleware, allowed_hosts=LOOPBACK_NAMES, www_redirect=False)
        )
    return Starlette(
        routes=[Route("/{path:path}", answer, methods=VERBS)],
        middleware=middleware,
        exception_handlers={Exception: _failed},
    )


async def _failed(_: HttpRequest, __: Exception) -> HttpResponse:
    """What a mistake of ours looks like outside; the traceback is the log's."""
    return _sent(Response.error("the server failed; its log says why", 500))


async def _content(request: HttpRequest, most: int) -> bytes | None:
    """The body, unpacked; ``None`` where it is larger than ``most``."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    content = b"".join(parts)
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding == "gzip":
        return _unpacked(content, most)
    if encoding != "identity":
        raise BadRequest(f"content-encoding {encoding!r}: send the body as it is, or gzip")
    return content


def _unpacked(content: bytes, most: int) -> bytes | None:
    """A gzip body; never more than ``most`` bytes are unpacked."""
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacker.decompress(content, most + 1)
    except zlib.error as error:
        raise BadRequest(f"the body is no gzip: {error}") from error
    if len(unpacked) > most:
        return None
    if not unpacker.eof:
        raise BadRequest("the body is no gzip: it breaks off")
    return unpacked


def _sent(response: Response) -> HttpResponse:
    headers = {"www-authenticate": 'Basic realm="Mixpanel"'} if response.status == 401 else None
    if response.parts is not None:
        return StreamingResponse(response.parts, response.status, headers, response.content_type)
    return HttpResponse(response.content, response.status, headers, response.content_type)
