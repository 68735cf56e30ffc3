"""What is there to ask about: events, properties, values, saved funnels, cohorts and reports, the Lexicon."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.core.errors import EventNotFoundError, QueryError
from pytest_mixpanel.workspace.connection import Connection
from pytest_mixpanel.workspace.expressions import most_days

if TYPE_CHECKING:  # a method loads the type of its answer when it is called
    from pytest_mixpanel.api.discovery import (
        BookmarkInfo,
        BookmarkType,
        FunnelInfo,
        LexiconSchema,
        SavedCohort,
        SubPropertyInfo,
        TopEvent,
    )

EntityType = Literal["event", "profile"]
BEGINNING = "2000-01-01"
MOST_NAMES = 5_000


class Discovery:
    """Discovery methods; but for top events and reports, answers are kept until ``clear_discovery_cache``."""

    _connection: Connection
    _discovered: dict[tuple[Any, ...], Any]

    def events(
        self, *, limit: int | None = None, from_date: str | None = None, to_date: str | None = None
    ) -> list[str]:
        """The names of all events, in alphabetical order; the most frequent ones where ``limit`` is given."""
        key = ("events", limit, from_date, to_date)
        return list(self._remembered(key, lambda: self._event_names(limit, from_date, to_date)))

    def _event_names(self, limit: int | None, from_date: str | None, to_date: str | None) -> list[str]:
        query = {
            "type": "general",
            "limit": MOST_NAMES if limit is None else limit,
            "from_date": from_date or BEGINNING,
            "to_date": to_date or self._connection.today.isoformat(),
        }
        try:
            answer = self._connection.ask(endpoints.EVENT_NAMES, query=query)
        except QueryError as error:
            most = most_days(error) if error.status_code == 403 and from_date is None else None
            if most is None:
                raise
            query["from_date"] = (self._connection.today - timedelta(days=most)).isoformat()
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
            from pytest_mixpanel.workspace.similar import similar_names

            raise EventNotFoundError(event, similar_names(event, self.events())) from error

    def property_values(self, property_name: str, *, event: str | None = None, limit: int = 100) -> list[str]:
        """The most frequent values of a property, as text."""
        query = {"name": property_name, "event": event, "limit": limit}
        key = ("values", property_name, event, limit)
        answer = self._remembered(key, lambda: self._connection.ask(endpoints.PROPERTY_VALUES, query=query))
        return [str(value) for value in answer]

    def subproperties(
        self, property_name: str, *, event: str | None = None, sample_size: int = 50
    ) -> list[SubPropertyInfo]:
        """What the objects of a property hold: keys, types and examples, read from a sample of its values.

        Warns of a key whose values are of several types, which counts as text, or never set.
        """
        from pytest_mixpanel.workspace.subproperties import read_subproperties

        return read_subproperties(self.property_values(property_name, event=event, limit=sample_size))

    def top_events(
        self, *, type: Literal["general", "average", "unique"] = "general", limit: int | None = None
    ) -> list[TopEvent]:
        """Today's most active events, with their change against yesterday."""
        from pytest_mixpanel.api.discovery import TopEvent

        answer = self._connection.ask(endpoints.TOP_EVENTS, shape=dict, query={"type": type, "limit": limit})
        return [
            TopEvent(row["event"], int(row["amount"]), float(row["percent_change"]))
            for row in answer.get("events") or []
        ]

    def funnels(self) -> list[FunnelInfo]:
        """The saved funnels, by name."""
        return list(self._remembered(("funnels",), self._saved_funnels))

    def _saved_funnels(self) -> list[FunnelInfo]:
        from pytest_mixpanel.api.discovery import FunnelInfo

        rows = self._connection.ask(endpoints.FUNNELS, shape=list)
        return sorted(map(FunnelInfo.parse, rows), key=lambda funnel: funnel.name)

    def cohorts(self) -> list[SavedCohort]:
        """The saved cohorts, by name."""
        return list(self._remembered(("cohorts",), self._saved_cohorts))

    def _saved_cohorts(self) -> list[SavedCohort]:
        from pytest_mixpanel.api.discovery import SavedCohort

        rows = self._connection.ask(endpoints.COHORTS, shape=list)
        return sorted(map(SavedCohort.parse, rows), key=lambda cohort: cohort.name)

    def list_bookmarks(self, bookmark_type: BookmarkType | None = None) -> list[BookmarkInfo]:
        """The saved reports, of one kind or of all."""
        from pytest_mixpanel.api.discovery import BookmarkInfo

        project = self._connection.project_id
        query = {"v": "2", "type": bookmark_type, "project_id": project}
        answer = self._connection.ask(
            endpoints.BOOKMARKS, shape=dict, path={"project_id": project}, query=query
        )
        found = answer.get("results")
        rows = found.get("results") if isinstance(found, dict) else found
        return [BookmarkInfo.parse(row) for row in rows or []]

    def lexicon_schemas(self, *, entity_type: EntityType | None = None) -> list[LexiconSchema]:
        """The entries of the Lexicon, by type and name."""
        return list(self._remembered(("schemas", entity_type), lambda: self._schemas(entity_type)))

    def _schemas(self, entity_type: EntityType | None) -> list[LexiconSchema]:
        from pytest_mixpanel.api.discovery import LexiconSchema

        endpoint = endpoints.SCHEMAS if entity_type is None else endpoints.SCHEMAS_OF_TYPE
        path = {"project_id": self._connection.project_id}
        if entity_type is not None:
            path["entity_type"] = entity_type
        rows = self._connection.ask(endpoint, shape=dict, path=path).get("results") or []
        return sorted(map(LexiconSchema.parse, rows), key=lambda schema: (schema.entity_type, schema.name))

    def lexicon_schema(self, entity_type: EntityType, name: str) -> LexiconSchema:
        """One entry of the Lexicon; raises ``QueryError`` (404) where there is none of that name."""
        key = ("schema", entity_type, name)
        schema: LexiconSchema = self._remembered(key, lambda: self._schema(entity_type, name))
        return schema

    def _schema(self, entity_type: EntityType, name: str) -> LexiconSchema:
        from pytest_mixpanel.api.discovery import LexiconSchema

        path = {"project_id": self._connection.project_id, "entity_type": entity_type}
        query = {"entity_name": name}
        answer = self._connection.ask(endpoints.SCHEMAS_OF_TYPE, shape=dict, path=path, query=query)
        found = answer.get("results")
        if isinstance(found, dict) and "schemaJson" not in found:  # the service leaves out what was asked for
            found = {"entityType": entity_type, "name": name, "schemaJson": found}
        return LexiconSchema.parse(found)

    def clear_discovery_cache(self) -> None:
        """Forget what was discovered."""
        self._discovered.clear()

    def _remembered(self, key: tuple[Any, ...], ask: Any) -> Any:
        if key not in self._discovered:
            self._discovered[key] = ask()
        return self._discovered[key]
