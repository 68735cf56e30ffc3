"""Deletion requests: tracked events that should go."""

from __future__ import annotations

from typing import Any

from pydantic import field_validator

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
