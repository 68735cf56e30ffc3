"""Small projects for tests, written as tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pytest_mixpanel.engine.importing.read import store_of_events
from pytest_mixpanel.engine.store import Store


def event(name: str, user: str, moment: str, /, **properties: Any) -> dict[str, Any]:
    """An exported event; ``moment`` is ISO 8601, UTC where it says no zone."""
    at = datetime.fromisoformat(moment)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return {
        "event": name,
        "properties": {"time": int(at.timestamp() * 1000), "distinct_id": user, **properties},
    }


def project(events: Iterable[dict[str, Any]], time_zone: str = "UTC", **more: Any) -> Store:
    """A store of these events."""
    return store_of_events(events, time_zone=time_zone, **more)
