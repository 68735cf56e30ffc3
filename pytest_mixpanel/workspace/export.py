"""Raw events, one at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.workspace.connection import Connection
from pytest_mixpanel.workspace.expressions import ranged

if TYPE_CHECKING:
    from pytest_mixpanel.workspace.lines import Streamed
    from pytest_mixpanel.workspace.transport.client import Response

MOST_EVENTS = 100_000
"""The largest ``limit``."""


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
        time_in_ms: bool = False,
        progress: Callable[[Streamed], None] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """The events of these days, both included, in the order of the service, each once.

        ``raw`` gives them as exported; else each is ``event_name, event_time`` (aware, UTC),
        ``distinct_id, insert_id, properties``. Times come in seconds unless ``time_in_ms``. ``where`` is a
        segmentation expression. When the connection breaks it is taken up again; ``progress`` hears of every
        line. Eight bytes a line stay in memory.

        Raises ``ParamValidationError`` for a ``limit`` outside 1 to 100,000, ``DateRangeTooLargeError`` where
        the service refuses the range for its length.
        """
        from pytest_mixpanel.workspace.lines import stream_lines

        _check_limit(limit)
        query = {
            "from_date": from_date,
            "to_date": to_date,
            "event": json.dumps(list(events)) if events else None,
            "where": where,
            "limit": limit,
            "time_in_ms": "true" if time_in_ms else None,
        }

        def ask() -> Response:
            with ranged(from_date, to_date):
                return self._connection.fetch(endpoints.EXPORT, query=query, stream=True)

        records = stream_lines(ask, progress)
        return records if raw else (_readable(record, 1000 if time_in_ms else 1) for record in records)


def _check_limit(limit: int | None) -> None:
    if limit is None or 1 <= limit <= MOST_EVENTS:
        return
    code = "WR2_LIMIT_TOO_SMALL" if limit < 1 else "WR3_LIMIT_TOO_LARGE"
    raise ParamValidationError(f"limit: should be 1 to {MOST_EVENTS:,}, not {limit:,}", code=code)


def _readable(record: dict[str, Any], per_second: int) -> dict[str, Any]:
    properties = dict(record.get("properties") or {})
    moment = datetime.fromtimestamp(properties.pop("time", 0) / per_second, UTC)
    return {
        "event_name": record.get("event", ""),
        "event_time": moment,
        "distinct_id": properties.pop("distinct_id", ""),
        "insert_id": properties.pop("$insert_id", None) or str(uuid4()),
        "properties": properties,
    }
