"""A workspace over a few events, in process."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pytest_mixpanel import Workspace
from pytest_mixpanel.engine.store import Store
from pytest_mixpanel.server.app import Server
from pytest_mixpanel.server.members import PROJECT_ID
from pytest_mixpanel.workspace.connection import Connection
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.model import LocalAccount, Project, Session
from pytest_mixpanel.workspace.sessions.resolve import Resolved
from pytest_mixpanel.workspace.transport.local import LocalClient
from tests.engine.events import project


def over(events: Iterable[dict[str, Any]] | Store, now: str = "2025-06-30", zone: str = "UTC") -> Workspace:
    """A workspace of these events, seen at ``now`` (UTC)."""
    store = events if isinstance(events, Store) else project(events, zone)
    moment = datetime.fromisoformat(now)
    return through(Server(store, moment if moment.tzinfo else moment.replace(tzinfo=UTC)))


def through(server: Server) -> Workspace:
    """A workspace of a server in this process."""
    local = Project(str(PROJECT_ID), "local", timezone=server.store.time_zone)
    workspace = Workspace.__new__(Workspace)
    workspace._connection = Connection(
        Resolved.given(Session(account=LocalAccount(), project=local)),
        lambda *_: LocalClient(server),
        server.now,
        environment=Environment({}),
        allow_writes=True,
    )
    workspace._discovered = {}
    return workspace
