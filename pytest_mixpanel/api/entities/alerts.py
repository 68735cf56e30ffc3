"""Alerts: conditions on saved reports, checked every so often, and who is told."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Literal

from pydantic import Field

from pytest_mixpanel.api.model import Entity, Params


class AlertFrequencyPreset(IntEnum):
    """Seconds between two checks."""

    HOURLY = 3_600
    DAILY = 86_400
    WEEKLY = 604_800


class AlertBookmark(Entity):
    id: int
    name: str | None = None
    type: str | None = None


class AlertCreator(Entity):
    id: int
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None


class AlertWorkspace(Entity):
    id: int
    name: str | None = None


class AlertProject(Entity):
    id: int
    name: str | None = None


class CustomAlert(Entity):
    """An alert; ``frequency`` in seconds, ``valid`` where its report still fits its condition."""

    id: int
    name: str
    bookmark: AlertBookmark | None = None
    condition: dict[str, Any] = Field(default_factory=dict)
    frequency: int = 0
    paused: bool = False
    subscriptions: list[dict[str, Any]] = Field(default_factory=list)
    notification_windows: dict[str, Any] | None = None
    creator: AlertCreator | None = None
    workspace: AlertWorkspace | None = None
    project: AlertProject | None = None
    created: str = ""
    modified: str = ""
    last_checked: str | None = None
    last_fired: str | None = None
    valid: bool = True
    results: dict[str, Any] | None = None


class CreateAlertParams(Params):
    """``condition`` is like ``{"keys": [{"header": "Login", "value": "Login"}], "op": "<", "value": 9}``."""

    bookmark_id: int
    name: str = Field(max_length=50)
    condition: dict[str, Any]
    frequency: int
    paused: bool
    subscriptions: list[dict[str, Any]]
    notification_windows: dict[str, Any] | None = None


class UpdateAlertParams(Params):
    name: str | None = Field(default=None, max_length=50)
    bookmark_id: int | None = None
    condition: dict[str, Any] | None = None
    frequency: int | None = None
    paused: bool | None = None
    subscriptions: list[dict[str, Any]] | None = None
    notification_windows: dict[str, Any] | None = None


class AlertCount(Entity):
    anomaly_alerts_count: int
    alert_limit: int
    is_below_limit: bool


class AlertHistoryPagination(Entity):
    next_cursor: str | None = None
    previous_cursor: str | None = None
    page_size: int = 20


class AlertHistoryResponse(Entity):
    """A page of what happened to an alert."""

    results: list[dict[str, Any]]
    pagination: AlertHistoryPagination | None = None


class AlertScreenshotResponse(Entity):
    signed_url: str


class ValidateAlertsForBookmarkParams(Params):
    """Would these alerts still work if their report had these params?"""

    alert_ids: list[int] = Field(min_length=1)
    bookmark_type: Literal["insights", "funnels"]
    bookmark_params: dict[str, Any]


class AlertValidation(Entity):
    alert_id: int
    alert_name: str
    valid: bool
    reason: str | None = None


class ValidateAlertsForBookmarkResponse(Entity):
    alert_validations: list[AlertValidation]
    invalid_count: int = 0
