"""An HTTP server on the loopback interface that cuts its answers where it is told."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from pytest_mixpanel import Workspace
from pytest_mixpanel.workspace.sessions.environment import Environment

Framing = Literal["chunked", "length", "close"]


@dataclass(frozen=True)
class Answer:
    """A body, and after how many of its bytes the connection ends; ``reset`` ends it with a RST."""

    body: bytes
    cut: int | None = None
    framing: Framing = "chunked"
    reset: bool = False
    packed: bool = False
    piece: int = 7


@dataclass
class CuttingServer:
    """Gives the answers in turn, the last one again and again; ``asked`` are the requests' first lines."""

    answers: Sequence[Answer]
    asked: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    url: str = ""

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        head, body = _request(connection)
        answer = self.answers[min(len(self.asked), len(self.answers) - 1)]
        self.asked.append(head.splitlines()[0])
        self.bodies.append(body)
        content = gzip.compress(answer.body) if answer.packed else answer.body
        headers = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\n"
        if answer.packed:
            headers += "content-encoding: gzip\r\n"
        if answer.framing == "chunked":
            headers += "transfer-encoding: chunked\r\n"
        elif answer.framing == "length":
            headers += f"content-length: {len(content)}\r\n"
        connection.sendall(f"{headers}\r\n".encode())
        sent = content[: answer.cut]
        if answer.framing == "chunked":
            for start in range(0, len(sent), answer.piece):
                part = sent[start : start + answer.piece]
                connection.sendall(b"%x\r\n%s\r\n" % (len(part), part))
            if answer.cut is None:
                connection.sendall(b"0\r\n\r\n")
        else:
            connection.sendall(sent)
        if answer.reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _request(connection: socket.socket) -> tuple[str, bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65_536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.splitlines()
            if line.lower().startswith(b"content-length")
        ),
        0,
    )
    while len(body) < length:
        body += connection.recv(65_536)
    return head.decode(), body


@contextmanager
def cutting(*answers: Answer) -> Iterator[tuple[CuttingServer, Workspace]]:
    """The server, and a workspace of a live project that asks it."""
    server = CuttingServer(answers)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=server.serve, args=(listener,), daemon=True)
        thread.start()
        environment = Environment(
            {
                "MP_API_BASE_URL": server.url,
                "MP_USERNAME": "svc",
                "MP_SECRET": "canary-5541",
                "MP_PROJECT_ID": "7",
                "MP_REGION": "us",
            }
        )
        with Workspace(environment=environment) as workspace:
            yield server, workspace
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)
