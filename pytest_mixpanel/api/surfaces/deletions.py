"""Deletion requests: tracked events that should go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_mixpanel.api.declare import Surface, delete, get, post

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.deletions import (
        CreateDeletionRequestParams,
        EventDeletionRequest,
        PreviewDeletionFiltersParams,
    )


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
