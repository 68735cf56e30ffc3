"""Alerts: conditions on saved reports, checked every so often, and who is told."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Literal

from pydantic import Field

from pytest_mixpanel.api.declare import Surface, delete, get, page, patch, post
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


class Alerts(Surface):
    @get("{S}/alerts/custom/")
    def list_alerts(
        self, *, bookmark_id: int | None = None, skip_user_filter: bool | None = None
    ) -> list[CustomAlert]:
        """The alerts, of one report; everybody's where ``skip_user_filter``."""

    @post("{S}/alerts/custom/")
    def create_alert(self, params: CreateAlertParams) -> CustomAlert:
        """Make an alert on a saved report."""

    @get("{S}/alerts/custom/{alert_id}/")
    def get_alert(self, alert_id: int) -> CustomAlert:
        """One alert."""

    @patch("{S}/alerts/custom/{alert_id}/")
    def update_alert(self, alert_id: int, params: UpdateAlertParams) -> CustomAlert:
        """Change an alert."""

    @delete("{S}/alerts/custom/{alert_id}/")
    def delete_alert(self, alert_id: int) -> None:
        """Delete an alert."""

    @post("{S}/alerts/custom/bulk-delete/", names={"ids": "alert_ids"})
    def bulk_delete_alerts(self, ids: list[int]) -> None:
        """Delete the alerts of these ids."""

    @get("{S}/alerts/custom/alert-count/", names={"alert_type": "type"})
    def get_alert_count(self, *, alert_type: str | None = None) -> AlertCount:
        """How many alerts there are and how many the plan allows."""

    @get("{S}/alerts/custom/{alert_id}/history/", read=page)
    def get_alert_history(
        self,
        alert_id: int,
        *,
        page_size: int | None = None,
        next_cursor: str | None = None,
        previous_cursor: str | None = None,
    ) -> AlertHistoryResponse:
        """What happened to an alert, the latest first, page by page."""

    @post("{S}/alerts/custom/test/")
    def test_alert(self, params: CreateAlertParams) -> dict[str, Any]:
        """Send an alert's message as a test, without making the alert."""

    @get("{S}/alerts/custom/screenshot/")
    def get_alert_screenshot_url(self, gcs_key: str) -> AlertScreenshotResponse:
        """Where the picture of a fired alert can be fetched."""

    @post("{S}/alerts/custom/validate-alerts-for-bookmark/", writes=False)
    def validate_alerts_for_bookmark(
        self, params: ValidateAlertsForBookmarkParams
    ) -> ValidateAlertsForBookmarkResponse:
        """Which alerts would no longer fit their report if it had these params."""
