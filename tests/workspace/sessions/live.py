"""A live workspace whose requests are answered by a function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from pytest_mixpanel import Workspace

Answer = Callable[[httpx.Request], httpx.Response]


def answered_by(answer: Answer, **arguments: Any) -> tuple[Workspace, list[httpx.Request]]:
    """A workspace and the requests it sent."""
    workspace, sent = Workspace(**arguments), list[httpx.Request]()

    def handle(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return answer(request)

    connection = workspace._connection
    connection._client = httpx.Client(transport=httpx.MockTransport(handle), auth=connection._auth)
    return workspace, sent
