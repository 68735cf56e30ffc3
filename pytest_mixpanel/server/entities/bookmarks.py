"""Saved reports and what happened to them."""

from __future__ import annotations

from pytest_mixpanel.api.entities.bookmarks import (
    BulkUpdateBookmarkEntry,
    CreateBookmarkParams,
    UpdateBookmarkParams,
)
from pytest_mixpanel.api.surfaces.bookmarks import Bookmarks
from pytest_mixpanel.server.entities.asked import Asked, Routes, page_size, paged
from pytest_mixpanel.server.entities.cards import BOOKMARK, DASHBOARD, NEW_REPORT, boards_with
from pytest_mixpanel.server.entities.store import Row
from pytest_mixpanel.server.messages import BadRequest


def listed(asked: Asked) -> Row:
    kind = asked.query.get("type")
    rows = BOOKMARK.found(asked, asked.ids("ids"))
    return {"results": [row for row in rows if not row.get("deleted") and kind in (None, row["type"])]}


def create(asked: Asked) -> Row:
    given = asked.read(CreateBookmarkParams)
    if "dashboard_id" not in given:
        raise BadRequest("dashboard_id: a report is saved on a dashboard")
    DASHBOARD.one(asked, given["dashboard_id"])
    return BOOKMARK.add(asked, {**NEW_REPORT, **given, "original_type": given["type"]})


def get(asked: Asked) -> Row:
    return BOOKMARK.one(asked, asked.path["bookmark_id"])


def update(asked: Asked) -> Row:
    return BOOKMARK.change(asked, asked.path["bookmark_id"], asked.read(UpdateBookmarkParams))


def delete(asked: Asked) -> None:
    BOOKMARK.remove(asked, asked.path["bookmark_id"])


def delete_all(asked: Asked) -> Row:
    for id in asked.listed_ids("bookmark_ids", BOOKMARK):
        BOOKMARK.remove(asked, id)
    return {}


def update_all(asked: Asked) -> Row:
    for entry in asked.each("bookmarks", BulkUpdateBookmarkEntry):
        BOOKMARK.change(asked, entry.pop("id"), entry)
    return {}


def dashboards(asked: Asked) -> list[int]:
    return boards_with(asked, BOOKMARK.one(asked, asked.path["bookmark_id"]))


def history(asked: Asked) -> Row:
    entries = BOOKMARK.history(asked, asked.path["bookmark_id"])
    return paged(entries, asked.query.get("cursor"), page_size(asked, 20))


ROUTES: Routes = {
    Bookmarks.list_bookmarks_v2: listed,
    Bookmarks._create_bookmark: create,
    Bookmarks.get_bookmark: get,
    Bookmarks.update_bookmark: update,
    Bookmarks.delete_bookmark: delete,
    Bookmarks.bulk_delete_bookmarks: delete_all,
    Bookmarks.bulk_update_bookmarks: update_all,
    Bookmarks.bookmark_linked_dashboard_ids: dashboards,
    Bookmarks.get_bookmark_dashboard_ids: dashboards,
    Bookmarks.get_bookmark_history: history,
}
