"""A small authorisation server on loopback: OAuth 2 with PKCE and dynamic registration, checked strictly.

It follows RFC 6749, RFC 7636 (S256) and RFC 7591 as far as a login needs them, on Mixpanel's paths, and
serves ``/api/app/me`` to the bearers of its tokens. It shares no code with the client.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

ME = {
    "status": "ok",
    "results": {
        "user_id": 5,
        "user_email": "ana@shop.test",
        "organizations": {"88": {"id": 88, "name": "Shop"}},
        "projects": {"7": {"name": "Shop prod", "organization_id": 88, "timezone": "Europe/Madrid"}},
        "workspaces": {},
    },
}


@dataclass
class Authority:
    """What the server knows; a test turns its switches."""

    url: str = ""
    clients: dict[str, dict[str, Any]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    access: set[str] = field(default_factory=set)
    refresh: set[str] = field(default_factory=set)
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    life: object = 3600
    rotates: bool = True
    refuses_login: bool = False
    refuses_clients: bool = False
    forges_state: bool = False
    token_status: int = 200
    token_text: str | None = None

    def register(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if self.refuses_clients:
            return 400, {"error": "invalid_client_metadata", "error_description": "no more clients"}
        if asked.get("token_endpoint_auth_method") != "none" or not asked.get("redirect_uris"):
            return 400, {"error": "invalid_client_metadata"}
        client = secrets.token_hex(8)
        self.clients[client] = asked
        return 201, {"client_id": client, **asked}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent; only a request in order is answered."""
        client = self.clients[asked["client_id"]]
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["redirect_uri"] in client["redirect_uris"]
        state = "forged" if self.forges_state else asked["state"]
        if self.refuses_login:
            said = {"error": "access_denied", "error_description": "<b>not you</b>", "state": state}
            return asked["redirect_uri"] + "?" + urlencode(said)
        code = secrets.token_hex(8)
        self.codes[code] = asked
        return asked["redirect_uri"] + "?" + urlencode({"code": code, "state": state})

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if form.get("client_id") not in self.clients:
            return 401, {"error": "invalid_client"}
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] not in self.refresh:
                return 400, {"error": "invalid_grant", "error_description": "it was taken back"}
            if self.rotates:
                self.refresh.remove(form["refresh_token"])
            return 200, self.granted(with_refresh=self.rotates)
        begun = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if begun is None or begun["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if not 43 <= len(form["code_verifier"]) <= 128 or begun["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant", "error_description": "the verifier does not fit"}
        return 200, self.granted(with_refresh=True)

    def granted(self, *, with_refresh: bool) -> dict[str, Any]:
        tokens = {
            "access_token": f"access-{secrets.token_hex(12)}",
            "token_type": "Bearer",
            "scope": "projects",
        }
        self.access.add(tokens["access_token"])
        if with_refresh:
            tokens["refresh_token"] = f"refresh-{secrets.token_hex(12)}"
            self.refresh.add(tokens["refresh_token"])
        return {**tokens, "expires_in": self.life}


@contextmanager
def authority() -> Iterator[Authority]:
    """The server, running."""
    known = Authority()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            known.requests.append((parts.path, asked))
            if parts.path == "/oauth/authorize/":
                self._answer(302, {}, location=known.authorize(asked))
            elif parts.path == "/api/app/me":
                bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
                self._answer(*((200, ME) if bearer in known.access else (401, {"error": "unknown token"})))
            else:
                self._answer(404, {"error": "nothing here"})

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["content-length"])).decode()
            if self.path == "/oauth/mcp/register/":
                asked: dict[str, Any] = json.loads(text)
                known.requests.append((self.path, asked))
                self._answer(*known.register(asked))
                return
            form = {name: values[0] for name, values in parse_qs(text).items()}
            known.requests.append((self.path, form))
            if known.token_text is not None or known.token_status != 200:
                self._send(known.token_status, (known.token_text or "").encode(), {})
                return
            self._answer(*known.token(form))

        def _answer(self, status: int, body: object, **headers: str) -> None:
            self._send(status, json.dumps(body).encode(), headers)

        def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Browser:
    """Follows an address as a browser does, in a thread of its own; keeps what the last page said."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.text = ""
        self._threads: list[threading.Thread] = []

    def open(self, address: str) -> bool:
        thread = threading.Thread(target=self._visit, args=(address,), daemon=True)
        self._threads.append(thread)
        thread.start()
        return True

    def _visit(self, address: str) -> None:
        try:
            response = httpx.get(address, follow_redirects=True, timeout=5, trust_env=False)
        except httpx.HTTPError:
            return
        self.status, self.text = response.status_code, response.text

    def wait(self) -> None:
        for thread in self._threads:
            thread.join(timeout=5)
