"""Raw events, one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.core.errors import MixpanelHeadlessError
from pytest_mixpanel.workspace.connection import Connection


class Export:
    """Raw export."""

    _connection: Connection

    def stream_events(
        self,
        *,
        from_date: str,
        to_date: str,
        events: Sequence[str] | None = None,
        where: str | None = None,
        limit: int | None = None,
        raw: bool = False,
    ) -> Iterator[dict[str, Any]]:
        """The events of these days, both included, in the order of the service.

        ``raw`` gives them as exported; else each is ``event_name, event_time`` (aware, UTC),
        ``distinct_id, insert_id, properties``.
        """
        query = {
            "from_date": from_date,
            "to_date": to_date,
            "event": json.dumps(list(events)) if events is not None else None,
            "where": where,
            "limit": limit,
        }
        response = self._connection.fetch(endpoints.EXPORT, query=query)
        for line in response.text.split("\n"):
            if line.strip():
                record = _decoded(line)
                yield record if raw else _readable(record)


def _decoded(line: str) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads(line)
    except ValueError as error:
        raise MixpanelHeadlessError(
            f"the export breaks off in the middle of a line: {line[:80]!r}", code="INVALID_RESPONSE"
        ) from error
    return record


def _readable(record: dict[str, Any]) -> dict[str, Any]:
    properties = dict(record["properties"])
    moment = datetime.fromtimestamp(properties.pop("time"), UTC)
    return {
        "event_name": record["event"],
        "event_time": moment,
        "distinct_id": properties.pop("distinct_id", ""),
        "insert_id": properties.pop("$insert_id", None) or str(uuid4()),
        "properties": properties,
    }
