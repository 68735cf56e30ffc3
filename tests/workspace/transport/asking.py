"""Clients of which the tests see what reaches the wire."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

BASE = "https://mixpanel.com"
Answer = Callable[[httpx.Request], httpx.Response]


class Wire(httpx.BaseTransport):
    """Answers every request in one manner, and counts."""

    def __init__(self, answer: Answer | Any = None) -> None:
        self.asked: list[httpx.Request] = []
        self._answer = answer if callable(answer) else lambda _: httpx.Response(200, json=answer or {"n": 1})

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        response: httpx.Response = self._answer(request)
        return response


def ask(
    layer: httpx.BaseTransport, path: str, body: Any = None, verb: str | None = None, **query: Any
) -> Any:
    """Send one request through a layer; the answer's JSON."""
    client = httpx.Client(transport=layer)
    request = client.build_request(
        verb or ("GET" if body is None else "POST"), f"{BASE}/api/{path}", params=query or None, json=body
    )
    return client.send(request).json()
