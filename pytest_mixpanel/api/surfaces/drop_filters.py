"""Drop filters: events that are discarded before they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_mixpanel.api.declare import Surface, delete, get, patch, post

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.drop_filters import (
        CreateDropFilterParams,
        DropFilter,
        DropFilterLimitsResponse,
        UpdateDropFilterParams,
    )


class DropFilters(Surface):
    """Drop filters. Every change answers with the whole list."""

    @get("{S}/data-definitions/events/drop-filters/")
    def list_drop_filters(self) -> list[DropFilter]:
        """All drop filters."""

    @post("{S}/data-definitions/events/drop-filters/")
    def create_drop_filter(self, params: CreateDropFilterParams) -> list[DropFilter]:
        """Discard such events from now on."""

    @patch("{S}/data-definitions/events/drop-filters/")
    def update_drop_filter(self, params: UpdateDropFilterParams) -> list[DropFilter]:
        """Change a drop filter, or switch it off (``active=False``)."""

    @delete("{S}/data-definitions/events/drop-filters/", names={"drop_filter_id": "id"}, sends="body")
    def delete_drop_filter(self, drop_filter_id: int) -> list[DropFilter]:
        """Discard such events no longer."""

    @get("{S}/data-definitions/events/drop-filters/limits/")
    def get_drop_filter_limits(self) -> DropFilterLimitsResponse:
        """How many drop filters the project may have."""
