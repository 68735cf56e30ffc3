"""Dashboards: boards of cards, each a report or a text, laid out in rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from pytest_mixpanel.api.model import Authored, OpenParams, Params


class Dashboard(Authored):
    """A board; ``layout`` places what ``contents`` holds."""

    id: int
    title: str
    description: str | None = None
    is_private: bool = False
    is_restricted: bool = False
    created: datetime | None = None
    modified: datetime | None = None
    is_favorited: bool = False
    pinned_date: str | None = None
    layout_version: Any = None
    unique_view_count: int | None = None
    total_view_count: int | None = None
    filters: list[Any] | None = None
    breakdowns: list[Any] | None = None
    time_filter: Any = None
    generation_type: str | None = None
    parent_dashboard_id: int | None = None
    child_dashboards: list[Any] | None = None
    can_update_basic: bool = False
    can_share: bool = False
    can_view: bool = False
    can_update_restricted: bool = False
    can_update_visibility: bool = False
    is_superadmin: bool = False
    allow_staff_override: bool = False
    can_pin: bool = False
    is_shared_with_project: bool = False
    creator: str | None = None
    ancestors: list[Any] = Field(default_factory=list)
    layout: Any = None
    contents: Any = None
    num_active_public_links: int | None = None
    new_content: Any = None
    template_type: str | None = None


class DashboardRowContent(Params):
    """A card to be made: ``{"markdown": …}``, ``{"source_bookmark_id": …}`` or ``{"bookmark": {…}}``."""

    content_type: Literal["text", "report"]
    content_params: dict[str, Any]


class DashboardRow(Params):
    """One to four cards, side by side."""

    contents: list[DashboardRowContent]


class CreateDashboardParams(Params):
    """``duplicate`` is the id of a dashboard to copy with its cards."""

    title: str
    description: str | None = None
    is_private: bool | None = None
    is_restricted: bool | None = None
    filters: list[Any] | None = None
    breakdowns: list[Any] | None = None
    time_filter: Any = None
    duplicate: int | None = None
    rows: list[DashboardRow] | None = None


class UpdateDashboardParams(Params):
    """``content`` is one action on a card, ``layout`` the new rows; ``time_filter={}`` removes it."""

    title: str | None = None
    description: str | None = None
    is_private: bool | None = None
    is_restricted: bool | None = None
    filters: list[Any] | None = None
    breakdowns: list[Any] | None = None
    time_filter: Any = None
    layout: Any = None
    content: Any = None


class UpdateTextCardParams(OpenParams):
    markdown: str | None = None


class UpdateReportLinkParams(OpenParams):
    link_type: str = Field(validation_alias="type", serialization_alias="type")
