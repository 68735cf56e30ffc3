"""Custom properties: formulas over other properties, saved in the project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_mixpanel.api.declare import Surface, delete, get, post, put

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.custom_properties import (
        CreateCustomPropertyParams,
        CustomProperty,
        UpdateCustomPropertyParams,
    )


class CustomProperties(Surface):
    """Custom properties, saved in the project."""

    @get("{S}/custom_properties/")
    def list_custom_properties(self) -> list[CustomProperty]:
        """All custom properties."""

    @post("{S}/custom_properties/")
    def create_custom_property(self, params: CreateCustomPropertyParams) -> CustomProperty:
        """Save a custom property."""

    @get("{S}/custom_properties/{property_id}/")
    def get_custom_property(self, property_id: str) -> CustomProperty:
        """One custom property."""

    @put("{S}/custom_properties/{property_id}/")
    def update_custom_property(self, property_id: str, params: UpdateCustomPropertyParams) -> CustomProperty:
        """Change a custom property; what is not given stays."""

    @delete("{S}/custom_properties/{property_id}/")
    def delete_custom_property(self, property_id: str) -> None:
        """Delete a custom property; queries that refer to it fail from now on."""

    @post("{S}/custom_properties/validate/", writes=False)
    def validate_custom_property(self, params: CreateCustomPropertyParams) -> dict[str, Any]:
        """Whether a custom property could be saved; nothing is."""
