"""Custom events: one name for several events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_mixpanel.api.declare import Surface, delete, get, patch, post, results
from pytest_mixpanel.api.surfaces.definitions import one_event
from pytest_mixpanel.core.errors import MixpanelHeadlessError

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.custom_events import (
        CreateCustomEventParams,
        CustomEvent,
        EventDefinition,
        UpdateEventDefinitionParams,
    )


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
