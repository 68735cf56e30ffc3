"""A server on this machine that keeps what it is asked and gives canned answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Canned:
    """``asked``: verb, path, query and body of every request; ``answers``: what is given, by path's end."""

    address: str
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def taken(self) -> list[dict[str, Any]]:
        """The requests since this was last looked at."""
        asked, self.asked = self.asked, []
        return asked


@contextmanager
def canned() -> Iterator[Canned]:
    """A server of canned answers, for as long as the block lasts."""
    service = Canned("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            url = urlsplit(self.path)
            body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"null")
            query = {name: value for name, value in parse_qsl(url.query) if name != "query_origin"}
            service.asked.append(
                {
                    "verb": "POST",
                    "path": url.path.rstrip("/"),
                    "query": query,
                    "body": body,
                    "authorization": self.headers.get("authorization"),
                }
            )
            name = url.path.rstrip("/").rsplit("/api/query", 1)[-1]
            answer = service.answers[name]
            written = json.dumps(answer(body) if callable(answer) else answer).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
