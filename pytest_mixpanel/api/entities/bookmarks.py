"""Bookmarks: saved reports, their params and their history."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from pytest_mixpanel.api.model import Authored, Entity, Params

ReportType = Literal["insights", "funnels", "retention", "flows", "user"]
BookmarkType = Literal["insights", "funnels", "retention", "flows", "launch-analysis"]
"""What saved reports can be listed by."""


class BookmarkMetadata(Entity):
    table_display_mode: str | None = None
    compare_enabled: bool | None = None
    compare_filters: list[Any] | None = None
    retention_calculation_type: str | None = None
    event_name: str | None = None
    funnel_conversion_window: int | None = None
    funnel_breakdown_limit: int | None = None


class Bookmark(Authored):
    """A saved report; ``params`` is what the query engines are asked."""

    id: int
    name: str
    bookmark_type: str = Field(validation_alias="type", serialization_alias="type")
    project_id: int | None = None
    description: str | None = None
    icon: str | None = None
    params: dict[str, Any] | None = None
    dashboard_id: int | None = None
    include_in_dashboard: bool | None = None
    is_default: bool | None = None
    created: datetime | None = None
    modified: datetime | None = None
    metadata: BookmarkMetadata | None = None
    is_visibility_restricted: bool | None = None
    is_modification_restricted: bool | None = None
    can_update_basic: bool | None = None
    can_view: bool | None = None
    can_share: bool | None = None
    generation_type: str | None = None
    original_type: str | None = None
    unique_view_count: int | None = None
    total_view_count: int | None = None


class CreateBookmarkParams(Params):
    """``dashboard_id`` is where the report is shown; the service wants one."""

    name: str
    bookmark_type: ReportType = Field(validation_alias="type", serialization_alias="type")
    params: dict[str, Any]
    description: str | None = None
    icon: str | None = None
    dashboard_id: int | None = None
    is_visibility_restricted: bool | None = None
    is_modification_restricted: bool | None = None


class UpdateBookmarkParams(Params):
    """``deleted=True`` hides the report without deleting it."""

    name: str | None = None
    params: dict[str, Any] | None = None
    description: str | None = None
    icon: str | None = None
    dashboard_id: int | None = None
    is_visibility_restricted: bool | None = None
    is_modification_restricted: bool | None = None
    deleted: bool | None = None


class BulkUpdateBookmarkEntry(Params):
    id: int
    name: str | None = None
    params: dict[str, Any] | None = None
    description: str | None = None
    icon: str | None = None
    is_visibility_restricted: bool | None = None
    is_modification_restricted: bool | None = None


class BookmarkHistoryPagination(Entity):
    next_cursor: str | None = None
    previous_cursor: str | None = None
    page_size: int = 0


class BookmarkHistoryResponse(Entity):
    """A page of what happened to a report; ``pagination.next_cursor`` is the ``cursor`` of the next."""

    results: list[Any]
    pagination: BookmarkHistoryPagination | None = None
