"""A workspace whose requests are kept instead of sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from pytest_mixpanel import Workspace
from pytest_mixpanel.core.secret import Secret
from pytest_mixpanel.workspace.connection import Connection
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.model import Project, ServiceAccount, Session, WorkspaceRef
from pytest_mixpanel.workspace.sessions.resolve import Resolved

Answer = Callable[[httpx.Request], httpx.Response]
PROJECT, PINNED, RESOLVED = 4242, 77, 5
ACCOUNT = ServiceAccount(name="shop", region="us", username="etl", secret=Secret("canary-29e4"))


def recorded(
    answer: Any, *, pinned: int | None = None, allow_writes: bool = True
) -> tuple[Workspace, list[httpx.Request]]:
    """A workspace of a live project, and the requests it will have sent.

    ``answer`` is the JSON of every response, or a function of the request; the project's list of workspaces
    is always answered.
    """
    requests: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/workspaces/public"):
            return httpx.Response(200, json={"results": [{"id": RESOLVED, "name": "All Project Data"}]})
        request.read()
        requests.append(request)
        return answer(request) if callable(answer) else httpx.Response(200, json=answer)

    workspace = Workspace.__new__(Workspace)
    session = Session(
        account=ACCOUNT,
        project=Project(str(PROJECT)),
        workspace=None if pinned is None else WorkspaceRef(pinned),
    )
    workspace._connection = Connection(
        Resolved.given(session),
        lambda auth, _: httpx.Client(transport=httpx.MockTransport(respond), auth=auth),
        datetime(2026, 3, 1, tzinfo=UTC),
        environment=Environment({"MP_API_BASE_URL": "https://mixpanel.test"}),
        allow_writes=allow_writes,
    )
    workspace._discovered = {}
    return workspace, requests
