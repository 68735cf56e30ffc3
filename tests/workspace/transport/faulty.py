"""A real server on this machine that does what it is told, also wrong, and counts."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Manner = Callable[["Handler"], None]
"""How one request is answered."""


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Handler(BaseHTTPRequestHandler):
    """One connection; its server chooses the manner."""

    protocol_version = "HTTP/1.1"
    server: FaultyServer

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        manner = self.server.next_manner(Seen(self.command, self.path, dict(self.headers), body))
        try:
            manner(self)
        except OSError:  # the client left
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _handle

    def log_message(self, *_: object) -> None:
        pass

    def answer(
        self, content: bytes, status: int = 200, kind: str = "application/json", **headers: str
    ) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)


@dataclass
class Counts:
    seen: list[Seen] = field(default_factory=list)
    manners: list[Manner] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class FaultyServer(ThreadingHTTPServer):
    """Answers in the manners of ``then``, one after the other, the last of them for ever."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.counts = Counts()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def seen(self) -> list[Seen]:
        return self.counts.seen

    def then(self, *manners: Manner) -> None:
        self.counts.manners = list(manners)

    def next_manner(self, seen: Seen) -> Manner:
        with self.counts.lock:
            self.counts.seen.append(seen)
            manners = self.counts.manners
            return manners.pop(0) if len(manners) > 1 else manners[0]


@contextmanager
def running(*manners: Manner) -> Iterator[FaultyServer]:
    server = FaultyServer()
    server.then(*manners or (gives({}),))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def gives(document: Any, status: int = 200, **headers: str) -> Manner:
    return lambda handler: handler.answer(json.dumps(document).encode(), status, **headers)


def says(text: str, status: int = 200, kind: str = "text/html", **headers: str) -> Manner:
    return lambda handler: handler.answer(text.encode(), status, kind, **headers)


def resets(handler: Handler) -> None:
    """The connection is reset before there is an answer."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def breaks_off(handler: Handler) -> None:
    """The body ends before its announced length."""
    handler.send_response(200)
    handler.send_header("content-length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"series": {')
    handler.close_connection = True


def drips(seconds: float, pieces: int = 100) -> Manner:
    """The body comes, a character at a time."""

    def manner(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("content-length", str(pieces))
        handler.end_headers()
        for _ in range(pieces):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            if threading.Event().wait(seconds):
                return

    return manner


def is_silent(seconds: float) -> Manner:
    """Nothing comes for a while."""

    def manner(handler: Handler) -> None:
        threading.Event().wait(seconds)
        handler.answer(b"{}")

    return manner


def never_ends(handler: Handler) -> None:
    """JSON without an end."""
    handler.send_response(200)
    handler.send_header("transfer-encoding", "chunked")
    handler.end_headers()
    piece = b"[" + b"0," * 32_768
    while True:
        handler.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
