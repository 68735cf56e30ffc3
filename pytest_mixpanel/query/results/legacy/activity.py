"""What named users did."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.results.legacy.base import Tabular

if TYPE_CHECKING:
    import pandas as pd

OWN_COLUMNS = ("event", "time", "distinct_id")
USER_PROPERTIES = ("distinct_id", "$distinct_id")

_HELD = {*OWN_COLUMNS, *USER_PROPERTIES}


@frozen
class UserEvent:
    """An event of a user; ``time`` is aware, UTC."""

    event: str
    time: datetime
    properties: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return {"event": self.event, "time": self.time.isoformat(), "properties": dict(self.properties)}


@dataclass(frozen=True, repr=False)
class ActivityFeedResult(Tabular):
    """Events in the order of the service: ``df`` has ``event, time, distinct_id`` and every property.

    A property that is called like one of these columns has none of its own.
    """

    distinct_ids: list[str]
    from_date: str | None
    to_date: str | None
    events: list[UserEvent] = field(default_factory=list)
    sentinel_event: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON, and ``event_count``."""
        return {
            "distinct_ids": list(self.distinct_ids),
            "from_date": self.from_date,
            "to_date": self.to_date,
            "event_count": len(self.events),
            "events": [event.to_dict() for event in self.events],
            "sentinel_event": self.sentinel_event,
        }

    def _frame(self) -> pd.DataFrame:
        import pandas as pd

        rows = [
            {
                **{name: value for name, value in event.properties.items() if name not in _HELD},
                "event": event.event,
                "time": event.time,
                "distinct_id": _user(event),
            }
            for event in self.events
        ]
        own = dict.fromkeys(name for row in rows for name in row if name not in OWN_COLUMNS)
        return pd.DataFrame(rows, columns=[*OWN_COLUMNS, *own])


def _user(event: UserEvent) -> Any:
    return next((event.properties[name] for name in USER_PROPERTIES if name in event.properties), "")
