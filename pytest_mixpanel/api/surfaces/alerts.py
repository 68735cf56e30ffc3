"""Alerts: conditions on saved reports, checked every so often, and who is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_mixpanel.api.declare import Surface, delete, get, page, patch, post

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.alerts import (
        AlertCount,
        AlertHistoryResponse,
        AlertScreenshotResponse,
        CreateAlertParams,
        CustomAlert,
        UpdateAlertParams,
        ValidateAlertsForBookmarkParams,
        ValidateAlertsForBookmarkResponse,
    )


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
