"""Definitions of events and properties: what the Lexicon says of each, its history, an export of all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.api.declare import Surface, delete, get, patch, results

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.definitions import (
        BulkUpdateEventsParams,
        BulkUpdatePropertiesParams,
        EventDefinition,
        PropertyDefinition,
        UpdateEventDefinitionParams,
        UpdatePropertyDefinitionParams,
    )


ALL_OF_THE_LEXICON = ("All Events and Properties", "All User Profile Properties")


def resource_word(given: str | None) -> str | None:
    """``event``, ``events`` → ``Event``; ``user``, ``users``, ``people`` → ``User``; others as they are."""
    words = {"event": "Event", "events": "Event", "user": "User", "users": "User", "people": "User"}
    return words.get(given.lower(), given) if given is not None else None


def export_words(given: Sequence[str] | None) -> str:
    """The parts of an export as the query holds them: a JSON list."""
    return json.dumps(list(ALL_OF_THE_LEXICON if given is None else given))


def exported(document: Any) -> Any:
    """An export, or that it is under way: ``{"status": "pending", "message": …}``."""
    found = results(document)
    return {"status": "pending", "message": found} if isinstance(found, str) else found


def one_event(document: Any) -> Any:
    """The definition of an answer that may hold it in a list."""
    found = results(document)
    return found[0] if isinstance(found, list) and len(found) == 1 else found


class Definitions(Surface):
    """Definitions of events and properties."""

    @get("{S}/data-definitions/events/", names={"names": "name[]"})
    def get_event_definitions(self, *, names: list[str]) -> list[EventDefinition]:
        """The definitions of these events; names that are unknown are left out."""

    @patch("{S}/data-definitions/events/", names={"event_name": "name"}, read=one_event)
    def update_event_definition(
        self, event_name: str, params: UpdateEventDefinitionParams
    ) -> EventDefinition:
        """Describe an event, tag it, verify it, hide it or drop it."""

    @delete("{S}/data-definitions/events/", names={"event_name": "name"}, sends="body")
    def delete_event_definition(self, event_name: str) -> None:
        """Take an event out of the Lexicon; what was tracked stays."""

    @patch("{S}/data-definitions/events/")
    def bulk_update_event_definitions(self, params: BulkUpdateEventsParams) -> list[EventDefinition]:
        """Change several events at once."""

    @get(
        "{S}/data-definitions/properties/",
        names={"names": "name[]", "resource_type": "resourceType"},
        spelled={"resource_type": resource_word},
    )
    def get_property_definitions(
        self, *, names: list[str], resource_type: str | None = None
    ) -> list[PropertyDefinition]:
        """The definitions of these properties, of events, users (``event``, ``user``) or both."""

    @patch("{S}/data-definitions/properties/", names={"property_name": "name"})
    def update_property_definition(
        self, property_name: str, params: UpdatePropertyDefinitionParams
    ) -> PropertyDefinition:
        """Describe a property, mark it as sensitive, hide it or drop it."""

    @patch("{S}/data-definitions/properties/")
    def bulk_update_property_definitions(
        self, params: BulkUpdatePropertiesParams
    ) -> list[PropertyDefinition]:
        """Change several properties at once."""

    @get(
        "{S}/data-definitions/export/",
        names={"export_types": "export_type"},
        spelled={"export_types": export_words},
        read=exported,
    )
    def export_lexicon(self, *, export_types: list[str] | None = None) -> dict[str, Any]:
        """The whole Lexicon, or these parts of it; ``{"status": "pending", …}`` where it is sent later."""

    @get("{S}/data-definitions/events/{event_name}/history/")
    def get_event_history(self, event_name: str) -> list[dict[str, Any]]:
        """What was changed in an event's definition, by whom and when."""

    @get("{S}/data-definitions/properties/{property_name}/history/")
    def get_property_history(self, property_name: str, entity_type: str) -> list[dict[str, Any]]:
        """What was changed in a property's definition; ``entity_type`` is ``event``, ``user``, ``group``."""

    @get("{S}/data-definitions/events/tracking-metadata/")
    def get_tracking_metadata(self, event_name: str) -> dict[str, Any]:
        """Since when and from where an event comes."""
