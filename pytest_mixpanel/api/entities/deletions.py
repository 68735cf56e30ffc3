"""Deletion requests: tracked events that should go."""

from __future__ import annotations

from typing import Any

from pydantic import field_validator

from pytest_mixpanel.api.declare import Surface, delete, get, post
from pytest_mixpanel.api.model import CamelEntity, CamelParams


class EventDeletionRequest(CamelEntity):
    """A request; ``status`` is ``Submitted``, ``Processing``, ``Completed`` or ``Failed``."""

    id: int
    event_name: str
    from_date: str
    to_date: str
    status: str
    deleted_events_count: int
    created: str
    requesting_user: dict[str, Any]
    display_name: str | None = None
    filters: dict[str, Any] | None = None

    @field_validator("filters", mode="before")
    @classmethod
    def _as_object(cls, filters: Any) -> Any:
        """An empty list is no filters; others are kept as ``{"items": […]}``."""
        if isinstance(filters, list):
            return {"items": filters} if filters else None
        return filters


class CreateDeletionRequestParams(CamelParams):
    """The events to delete: their name, and a range of days within the last 180."""

    from_date: str
    to_date: str
    event_name: str
    filters: dict[str, Any] | None = None


class PreviewDeletionFiltersParams(CamelParams):
    """The events that a request would delete."""

    event_name: str
    from_date: str
    to_date: str
    filters: dict[str, Any] | None = None


class DeletionRequests(Surface):
    """Deletion requests. Every change answers with the whole list."""

    @get("{S}/data-definitions/events/deletion-requests/")
    def list_deletion_requests(self) -> list[EventDeletionRequest]:
        """All requests."""

    @post("{S}/data-definitions/events/deletion-requests/")
    def create_deletion_request(self, params: CreateDeletionRequestParams) -> list[EventDeletionRequest]:
        """Delete events: at once for queries, after seven days for good."""

    @delete("{S}/data-definitions/events/deletion-requests/", names={"request_id": "id"}, sends="body")
    def cancel_deletion_request(self, request_id: int) -> list[EventDeletionRequest]:
        """Withdraw a request that has not begun."""

    @post("{S}/data-definitions/events/deletion-requests/preview-filters/", writes=False)
    def preview_deletion_filters(self, params: PreviewDeletionFiltersParams) -> list[dict[str, Any]]:
        """What a request would delete; nothing is."""
