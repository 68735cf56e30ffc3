"""Schema enforcement: what becomes of events that are not as their schema says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_mixpanel.api.declare import Surface, delete, get, patch, post, put

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.schema_enforcement import (
        InitSchemaEnforcementParams,
        ReplaceSchemaEnforcementParams,
        SchemaEnforcementConfig,
        UpdateSchemaEnforcementParams,
    )


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
