"""Custom events: one name for several events."""

from __future__ import annotations

from typing import Any

from pydantic import Field, field_validator

from pytest_mixpanel.api.declare import Surface, delete, get, patch, post, results
from pytest_mixpanel.api.entities.definitions import (
    EventDefinition,
    UpdateEventDefinitionParams,
    one_event,
)
from pytest_mixpanel.api.model import Entity, Params
from pytest_mixpanel.core.errors import MixpanelHeadlessError


class CustomEventAlternative(Entity):
    """An event that counts as the custom event."""

    event: str = Field(min_length=1)


class CustomEvent(Entity):
    """A custom event and the events that count as it."""

    id: int
    name: str
    alternatives: list[CustomEventAlternative] = Field(default_factory=list)


class CreateCustomEventParams(Params):
    """A new custom event: its name, and the names of the events that count as it."""

    name: str = Field(min_length=1)
    alternatives: list[str] = Field(min_length=1)

    @field_validator("alternatives")
    @classmethod
    def _are_names(cls, names: list[str]) -> list[str]:
        if any(not name.strip() for name in names):
            raise ValueError("an event's name is empty")
        if len(set(names)) < len(names):
            raise ValueError("an event is named twice")
        return names

    def wire(self) -> dict[str, Any]:
        return {"name": self.name, "alternatives": [{"event": name} for name in self.alternatives]}


def custom_event(document: Any) -> Any:
    """The custom event of an answer, with or without an envelope."""
    found = results(document)
    return found.get("custom_event", found) if isinstance(found, dict) else found


class CustomEvents(Surface):
    """Custom events."""

    @get("{S}/data-definitions/events/", query={"custom_event": "true"})
    def list_custom_events(self) -> list[EventDefinition]:
        """The definitions of all custom events."""

    @post("{S}/custom_events/", encoding="form", read=custom_event)
    def create_custom_event(self, params: CreateCustomEventParams) -> CustomEvent:
        """Make a custom event."""

    def update_custom_event(
        self, custom_event_id: int, params: UpdateEventDefinitionParams
    ) -> EventDefinition:
        """Change the definition of a custom event.

        Raises ``MixpanelHeadlessError`` with code ``UPDATE_TARGET_MISMATCH`` where the service changed
        another one.
        """
        changed = self._update_custom_event(custom_event_id, params)
        if changed.custom_event_id not in (None, custom_event_id):
            raise MixpanelHeadlessError(
                f"the service changed custom event {changed.custom_event_id} instead of {custom_event_id}",
                code="UPDATE_TARGET_MISMATCH",
                details={"asked": custom_event_id, "changed": changed.custom_event_id},
            )
        return changed

    @patch(
        "{S}/data-definitions/events/",
        names={"custom_event_id": "customEventId"},
        read=one_event,
        of="update_custom_event",
    )
    def _update_custom_event(
        self, custom_event_id: int, params: UpdateEventDefinitionParams
    ) -> EventDefinition:
        """Change the definition of a custom event."""

    @delete("{S}/data-definitions/events/", names={"custom_event_id": "customEventId"}, sends="body")
    def delete_custom_event(self, custom_event_id: int) -> None:
        """Delete a custom event; the events that counted as it stay."""
