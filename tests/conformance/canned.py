"""An HTTP server with one answer a path, which keeps what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class Canned:
    """``answers`` by path: JSON, or bytes as they are; ``asked`` is what came, without who asked."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, list[str]], Any]] = field(default_factory=list)
    url: str = ""

    def receive(self, verb: str, target: str, body: bytes) -> tuple[int, bytes]:
        parts = urlsplit(target)
        path = unquote(parts.path).rstrip("/")
        query = parse_qs(parts.query, keep_blank_values=True)
        query.pop("query_origin", None)
        self.asked.append((verb, path, query, json.loads(body) if body else None))
        answer = self.answers.get(path, {})
        status, answer = answer if isinstance(answer, tuple) else (200, answer)
        return status, answer if isinstance(answer, bytes) else json.dumps(answer).encode()


@contextmanager
def canned_server() -> Iterator[Canned]:
    canned = Canned()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            status, content = canned.receive(self.command, self.path, body)
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer

        def log_message(self, *_: Any) -> None:
            """Nothing: the tests' output is theirs."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    canned.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield canned
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
