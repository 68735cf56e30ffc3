"""Dashboards: boards of cards, each a report or a text, laid out in rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_mixpanel.api.declare import Surface, delete, get, patch, post

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.dashboards import (
        CreateDashboardParams,
        Dashboard,
        UpdateDashboardParams,
        UpdateReportLinkParams,
        UpdateTextCardParams,
    )


class Dashboards(Surface):
    @get("{S}/dashboards")
    def list_dashboards(self, *, ids: list[int] | None = None) -> list[Dashboard]:
        """The project's dashboards, or those of the ids."""

    @post("{S}/dashboards")
    def create_dashboard(self, params: CreateDashboardParams) -> Dashboard:
        """Make a dashboard: empty, of rows of cards, or as a copy of another."""

    @get("{S}/dashboards/{dashboard_id}")
    def get_dashboard(self, dashboard_id: int) -> Dashboard:
        """One dashboard with its layout and contents."""

    @patch("{S}/dashboards/{dashboard_id}")
    def update_dashboard(self, dashboard_id: int, params: UpdateDashboardParams) -> Dashboard:
        """Change a dashboard's texts, filters, layout, or one of its cards."""

    @delete("{S}/dashboards/{dashboard_id}")
    def delete_dashboard(self, dashboard_id: int) -> None:
        """Delete a dashboard with its cards."""

    @post("{S}/dashboards/bulk-delete", names={"ids": "dashboard_ids"})
    def bulk_delete_dashboards(self, ids: list[int]) -> None:
        """Delete the dashboards of these ids."""

    @post("{S}/dashboards/{dashboard_id}/favorites")
    def favorite_dashboard(self, dashboard_id: int) -> None:
        """Mark a dashboard as a favourite."""

    @delete("{S}/dashboards/{dashboard_id}/favorites")
    def unfavorite_dashboard(self, dashboard_id: int) -> None:
        """Take a dashboard from the favourites."""

    @post("{S}/dashboards/{dashboard_id}/pin")
    def pin_dashboard(self, dashboard_id: int) -> None:
        """Pin a dashboard for the project."""

    @delete("{S}/dashboards/{dashboard_id}/pin")
    def unpin_dashboard(self, dashboard_id: int) -> None:
        """Unpin a dashboard."""

    def add_report_to_dashboard(self, dashboard_id: int, bookmark_id: int) -> Dashboard:
        """Put a copy of a saved report on a dashboard; the card is a report of its own, with its own id."""
        source = {"source_bookmark_id": bookmark_id}
        return self._act_on_report(dashboard_id, {"action": "create", "content_params": source})

    def remove_report_from_dashboard(self, dashboard_id: int, bookmark_id: int) -> Dashboard:
        """Take a report from a dashboard; ``bookmark_id`` is the card's."""
        return self._act_on_report(dashboard_id, {"action": "delete", "content_id": bookmark_id})

    def _act_on_report(self, dashboard_id: int, action: dict[str, Any]) -> Dashboard:
        from pytest_mixpanel.api.entities.dashboards import UpdateDashboardParams

        content = {"content_type": "report", **action}
        return self.update_dashboard(dashboard_id, UpdateDashboardParams(content=content))

    @patch("{S}/dashboards/{dashboard_id}/text-cards/{text_card_id}")
    def update_text_card(self, dashboard_id: int, text_card_id: int, params: UpdateTextCardParams) -> None:
        """Change the text of a card."""

    @patch("{S}/dashboards/{dashboard_id}/report-links/{report_link_id}")
    def update_report_link(
        self, dashboard_id: int, report_link_id: int, params: UpdateReportLinkParams
    ) -> None:
        """Change how a report's card is linked to its report."""

    @get("{S}/dashboards/bookmarks/{bookmark_id}/dashboard-ids")
    def get_bookmark_dashboard_ids(self, bookmark_id: int) -> list[int]:
        """The ids of the dashboards that a report is on."""

    @get("{S}/dashboards/{dashboard_id}/erf")
    def get_dashboard_erf(self, dashboard_id: int) -> dict[str, Any]:
        """The experiment results that a dashboard refers to, as the service tells them."""
