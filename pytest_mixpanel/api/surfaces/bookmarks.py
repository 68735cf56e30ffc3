"""Bookmarks: saved reports, their params and their history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.api.declare import delete, get, page, patch, post, results
from pytest_mixpanel.api.surfaces.dashboards import Dashboards
from pytest_mixpanel.core.errors import BookmarkValidationError, ParamValidationError, ValidationError

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.bookmarks import (
        Bookmark,
        BookmarkHistoryResponse,
        BookmarkType,
        BulkUpdateBookmarkEntry,
        CreateBookmarkParams,
        UpdateBookmarkParams,
    )


def _rows(document: Any) -> Any:
    """The rows of a list that is wrapped once or twice."""
    return results(results(document))


class Bookmarks(Dashboards):
    @get("{S}/bookmarks", names={"bookmark_type": "type"}, query={"v": "2"}, read=_rows)
    def list_bookmarks_v2(
        self, *, bookmark_type: BookmarkType | None = None, ids: list[int] | None = None
    ) -> list[Bookmark]:
        """The saved reports with their params, of one type, or those of the ids."""

    def create_bookmark(self, params: CreateBookmarkParams) -> Bookmark:
        """Save a report and put a copy of it on ``params.dashboard_id``.

        Raises ``ParamValidationError`` without a dashboard and ``BookmarkValidationError`` for params that no
        engine could answer, before any request.
        """
        if params.dashboard_id is None:
            raise ParamValidationError(
                "CreateBookmarkParams: dashboard_id: a report is saved on a dashboard; name one "
                "(create_dashboard makes it)"
            )
        _check_report(params.bookmark_type, params.params)
        made = self._create_bookmark(params)
        self.add_report_to_dashboard(params.dashboard_id, made.id)
        return made

    @post("{S}/bookmarks", body={"v": 2})
    def _create_bookmark(self, params: CreateBookmarkParams) -> Bookmark:
        """The first of the two requests."""

    @get("{S}/bookmarks/{bookmark_id}", query={"v": "2"})
    def get_bookmark(self, bookmark_id: int) -> Bookmark:
        """One saved report."""

    @patch("{S}/bookmarks/{bookmark_id}", body={"v": 2})
    def update_bookmark(self, bookmark_id: int, params: UpdateBookmarkParams) -> Bookmark:
        """Change a report."""

    @delete("{S}/bookmarks/{bookmark_id}")
    def delete_bookmark(self, bookmark_id: int) -> None:
        """Delete a report."""

    @post("{S}/bookmarks/bulk-delete", names={"ids": "bookmark_ids"})
    def bulk_delete_bookmarks(self, ids: list[int]) -> None:
        """Delete the reports of these ids."""

    @post("{S}/bookmarks/bulk-update", names={"entries": "bookmarks"})
    def bulk_update_bookmarks(self, entries: list[BulkUpdateBookmarkEntry]) -> None:
        """Change several reports, each by its id."""

    @get("{S}/bookmarks/{bookmark_id}/linked-dashboard-ids")
    def bookmark_linked_dashboard_ids(self, bookmark_id: int) -> list[int]:
        """The ids of the dashboards that a report is linked to."""

    @get("{S}/bookmarks/{bookmark_id}/history", read=page)
    def get_bookmark_history(
        self, bookmark_id: int, *, cursor: str | None = None, page_size: int | None = None
    ) -> BookmarkHistoryResponse:
        """What happened to a report, the latest first, page by page."""


def _check_report(kind: str, params: Mapping[str, Any]) -> None:
    """Raise ``BookmarkValidationError`` for params without what every report of its type has."""
    if kind == "flows":
        place, found = "steps", params.get("steps")
    elif kind == "user":
        return
    else:
        sections = params.get("sections")
        place, found = "sections.show", sections.get("show") if isinstance(sections, Mapping) else None
    if not (isinstance(found, list) and found):
        raise BookmarkValidationError(
            [
                ValidationError(
                    place, f"a report of {kind} shows something: a list with an entry", "REPORT_EMPTY"
                )
            ]
        )
