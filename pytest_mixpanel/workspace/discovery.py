"""What is there to ask about: events, properties, values, the Lexicon."""

from __future__ import annotations

from typing import Any, Literal

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.api.discovery import LexiconSchema, TopEvent
from pytest_mixpanel.core.errors import EventNotFoundError, QueryError
from pytest_mixpanel.workspace.connection import Connection
from pytest_mixpanel.workspace.similar import similar_names

EntityType = Literal["event", "profile"]


class Discovery:
    """Discovery methods; answers are kept until ``clear_discovery_cache``."""

    _connection: Connection
    _discovered: dict[tuple[Any, ...], Any]

    def events(self) -> list[str]:
        """The names of all events, in alphabetical order."""
        return list(self._remembered(("events",), self._event_names))

    def _event_names(self) -> list[str]:
        query = {"type": "general", "limit": 5000, "from_date": "2000-01-01"}
        query["to_date"] = self._connection.today.isoformat()
        answer = self._connection.ask(endpoints.EVENT_NAMES, query=query)
        return sorted(map(str, answer)) if isinstance(answer, list) else []

    def properties(self, event: str) -> list[str]:
        """The names of an event's properties; raises ``EventNotFoundError`` with the closest names."""
        return list(self._remembered(("properties", event), lambda: self._property_names(event)))

    def _property_names(self, event: str) -> list[str]:
        try:
            return sorted(self._connection.ask(endpoints.TOP_PROPERTIES, query={"event": event}))
        except QueryError as error:
            if error.status_code != 400:
                raise
            raise EventNotFoundError(event, similar_names(event, self.events())) from error

    def property_values(self, property_name: str, *, event: str | None = None, limit: int = 100) -> list[str]:
        """The most frequent values of a property, as text."""
        query = {"name": property_name, "event": event, "limit": limit}
        key = ("values", property_name, event, limit)
        answer = self._remembered(key, lambda: self._connection.ask(endpoints.PROPERTY_VALUES, query=query))
        return [str(value) for value in answer]

    def top_events(
        self, *, type: Literal["general", "average", "unique"] = "general", limit: int | None = None
    ) -> list[TopEvent]:
        """Today's most active events, with their change against yesterday."""
        answer = self._connection.ask(endpoints.TOP_EVENTS, query={"type": type, "limit": limit})
        return [
            TopEvent(row["event"], int(row["amount"]), float(row["percent_change"]))
            for row in answer["events"]
        ]

    def lexicon_schemas(self, *, entity_type: EntityType | None = None) -> list[LexiconSchema]:
        """The entries of the Lexicon, by type and name."""
        return list(self._remembered(("schemas", entity_type), lambda: self._schemas(entity_type)))

    def _schemas(self, entity_type: EntityType | None) -> list[LexiconSchema]:
        endpoint = endpoints.SCHEMAS if entity_type is None else endpoints.SCHEMAS_OF_TYPE
        path = {"project_id": self._connection.project_id}
        if entity_type is not None:
            path["entity_type"] = entity_type
        rows = self._connection.ask(endpoint, path=path)["results"]
        return sorted(map(LexiconSchema.parse, rows), key=lambda schema: (schema.entity_type, schema.name))

    def clear_discovery_cache(self) -> None:
        """Forget what was discovered."""
        self._discovered.clear()

    def _remembered(self, key: tuple[Any, ...], ask: Any) -> Any:
        if key not in self._discovered:
            self._discovered[key] = ask()
        return self._discovered[key]
