"""Schema enforcement: what becomes of events that are not as their schema says."""

from __future__ import annotations

from typing import Any

from pytest_mixpanel.api.declare import Surface, delete, get, patch, post, put
from pytest_mixpanel.api.model import CamelEntity, CamelParams


class SchemaEnforcementConfig(CamelEntity):
    """The rule (``Warn and Accept``, ``Warn and Hide``, ``Warn and Drop``) and what it is for."""

    id: int | None = None
    last_modified: str | None = None
    last_modified_by: dict[str, Any] | None = None
    rule_event: str | None = None
    notification_emails: list[str] | None = None
    events: list[dict[str, Any]] | None = None
    common_properties: list[dict[str, Any]] | None = None
    user_properties: list[dict[str, Any]] | None = None
    initialized_by: dict[str, Any] | None = None
    initialized_from: str | None = None
    initialized_to: str | None = None
    state: str | None = None


class InitSchemaEnforcementParams(CamelParams):
    """The rule to begin with."""

    rule_event: str


class UpdateSchemaEnforcementParams(CamelParams):
    """What to change; ``properties`` are the names of an event's properties."""

    notification_emails: list[str] | None = None
    rule_event: str | None = None
    events: list[str] | None = None
    properties: dict[str, list[str]] | None = None


class ReplaceSchemaEnforcementParams(CamelParams):
    """The whole configuration."""

    common_properties: list[dict[str, Any]]
    user_properties: list[dict[str, Any]]
    events: list[dict[str, Any]]
    rule_event: str
    notification_emails: list[str]
    schema_id: int | None = None


class SchemaEnforcement(Surface):
    """Schema enforcement."""

    @get("{S}/data-definitions/schema/")
    def get_schema_enforcement(self, *, fields: str | None = None) -> SchemaEnforcementConfig:
        """The configuration, or these ``fields`` of it (names as on the wire, by commas).

        Raises ``QueryError`` (404) where there is none.
        """

    @post("{S}/data-definitions/schema/")
    def init_schema_enforcement(self, params: InitSchemaEnforcementParams) -> dict[str, Any]:
        """Begin to enforce."""

    @patch("{S}/data-definitions/schema/")
    def update_schema_enforcement(self, params: UpdateSchemaEnforcementParams) -> dict[str, Any]:
        """Change parts of the configuration."""

    @put("{S}/data-definitions/schema/")
    def replace_schema_enforcement(self, params: ReplaceSchemaEnforcementParams) -> dict[str, Any]:
        """Replace the configuration whole."""

    @delete("{S}/data-definitions/schema/")
    def delete_schema_enforcement(self) -> dict[str, Any]:
        """Enforce no longer."""
