"""Where the browser returns to after a login: one request to this machine, told apart from any other."""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from urllib.parse import parse_qs, urlsplit

from pytest_mixpanel.core.errors import OAuthError
from pytest_mixpanel.core.masking import mask
from pytest_mixpanel.core.secret import Secret

PORTS = (19284, 19285, 19286, 19287)
PATH = "/callback"
LONGEST_TEXT = 200
PATIENCE_SECONDS = 5.0
"""What a connection may take to say its request."""

PAGE = "<!doctype html><meta charset=utf-8><title>pytest-mixpanel</title><p>{text}</p>"


class Callback:
    """Waits on the first free port for the browser to return."""

    def __init__(self, state: Secret, ports: Sequence[int] = PORTS) -> None:
        self._state = state
        self._server = _bound(ports, self)
        self.code: Secret | None = None
        self.problem: OAuthError | None = None

    @property
    def address(self) -> str:
        return f"http://localhost:{self._server.server_address[1]}{PATH}"

    def wait(self, seconds: float) -> Secret:
        """The code that the login ended with.

        Raises ``OAuthError``: ``OAUTH_TIMEOUT``, ``OAUTH_STATE_MISMATCH`` for a return from another login,
        ``OAUTH_AUTH_DENIED`` where it was refused.
        """
        end = time.monotonic() + seconds
        while self.code is None and self.problem is None:
            left = end - time.monotonic()
            if left <= 0:
                raise OAuthError(
                    f"nobody returned from the login within {seconds:.0f} s; try again", code="OAUTH_TIMEOUT"
                )
            self._server.timeout = left
            self._server.handle_request()
        if self.problem is not None:
            raise self.problem
        assert self.code is not None
        return self.code

    def close(self) -> None:
        self._server.server_close()

    def take(self, target: str) -> tuple[int, str]:
        """Read the address the browser came to; returns a status and what the page says."""
        parts = urlsplit(target)
        if parts.path != PATH:
            return 404, "There is nothing here."
        said = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if not hmac.compare_digest(said.pop("state", "").encode(), self._state.get_secret_value().encode()):
            self.problem = OAuthError(
                "the browser returned from another login than the one begun here; try again",
                code="OAUTH_STATE_MISMATCH",
            )
            return 400, "This is not the login that was begun. You can close this page and try again."
        if "error" in said:
            told = mask(": ".join(said[key] for key in ("error", "error_description") if key in said))
            self.problem = OAuthError(
                f"the login was refused: {told[:LONGEST_TEXT]}", code="OAUTH_AUTH_DENIED"
            )
            return 200, "The login was refused. You can close this page."
        if not said.get("code"):
            self.problem = OAuthError("the login ended without a code; try again", code="OAUTH_TOKEN_ERROR")
            return 400, "The login ended without a code. You can close this page and try again."
        self.code = Secret(said.pop("code"))
        return 200, "You are logged in. You can close this page."


def _bound(ports: Sequence[int], callback: Callback) -> TCPServer:
    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE_SECONDS

        def do_GET(self) -> None:
            status, text = callback.take(self.path)
            page = PAGE.format(text=text).encode()
            self.send_response(status)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(page)))
            self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: object) -> None:
            """The address holds the code; nothing of it is written down."""

    class Server(TCPServer):
        # Past connections do not hold the port; on Windows the same option would share it with others.
        allow_reuse_address = os.name == "posix"

        def handle_error(self, request: object, client_address: object) -> None:
            """A connection that breaks off is no concern of the login's."""

    for port in ports:
        try:
            return Server(("127.0.0.1", port), Handler)
        except OSError:
            continue
    raise OAuthError(
        f"none of the ports {', '.join(map(str, ports))} is free for the browser to return to",
        code="OAUTH_PORT_ERROR",
    )
