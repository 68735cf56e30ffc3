"""The life of a saved report."""

from __future__ import annotations

import pytest

from pytest_mixpanel import BookmarkValidationError, ParamValidationError, QueryError, Workspace
from pytest_mixpanel.api.entities.bookmarks import (
    BulkUpdateBookmarkEntry,
    CreateBookmarkParams,
    UpdateBookmarkParams,
)
from pytest_mixpanel.api.entities.dashboards import CreateDashboardParams
from tests.api.recording import recorded
from tests.workspace.entities.test_dashboards import report


@pytest.fixture
def home(ws: Workspace) -> int:
    return ws.create_dashboard(CreateDashboardParams(title="Home")).id


def test_a_report_is_saved_found_changed_and_deleted(ws: Workspace, home: int) -> None:
    saved = report(ws, home)
    assert (saved.name, saved.bookmark_type, saved.dashboard_id) == ("Logins", "insights", home)
    assert ws.get_bookmark(saved.id) == saved
    assert saved in ws.list_bookmarks_v2()
    assert ws.list_bookmarks_v2(ids=[saved.id]) == [saved]
    assert ws.list_bookmarks_v2(bookmark_type="funnels") == []

    changed = ws.update_bookmark(saved.id, UpdateBookmarkParams(name="Visits", description="by day"))
    assert (changed.name, changed.description, changed.params) == ("Visits", "by day", saved.params)

    ws.update_bookmark(saved.id, UpdateBookmarkParams(deleted=True))
    assert saved.id not in [one.id for one in ws.list_bookmarks_v2()]
    ws.update_bookmark(saved.id, UpdateBookmarkParams(deleted=False))
    assert saved.id in [one.id for one in ws.list_bookmarks_v2()]

    ws.delete_bookmark(saved.id)
    with pytest.raises(QueryError, match=f"there is no report {saved.id}"):
        ws.get_bookmark(saved.id)


def test_what_happened_to_a_report_is_told_page_by_page(ws: Workspace, home: int) -> None:
    saved = report(ws, home)
    for name in ("one", "two", "three"):
        ws.update_bookmark(saved.id, UpdateBookmarkParams(name=name))
    first = ws.get_bookmark_history(saved.id, page_size=2)
    assert [entry["changes"].get("name") for entry in first.results] == ["three", "two"]
    assert first.pagination is not None
    rest = ws.get_bookmark_history(saved.id, page_size=2, cursor=first.pagination.next_cursor)
    assert [entry["action"] for entry in rest.results] == ["updated", "created"]
    assert rest.pagination is not None
    assert (rest.pagination.next_cursor, rest.pagination.previous_cursor) == (None, "1")


def test_several_are_changed_and_deleted_at_once_all_or_none(ws: Workspace, home: int) -> None:
    ids = [report(ws, home, name).id for name in ("a", "b")]
    entries = [BulkUpdateBookmarkEntry(id=id, description="new") for id in ids]
    ws.bulk_update_bookmarks(entries)
    assert [ws.get_bookmark(id).description for id in ids] == ["new", "new"]
    with pytest.raises(QueryError, match="there is no report 99"):
        ws.bulk_update_bookmarks(
            [BulkUpdateBookmarkEntry(id=ids[0], name="x"), BulkUpdateBookmarkEntry(id=99)]
        )
    assert ws.get_bookmark(ids[0]).name == "a"
    ws.bulk_delete_bookmarks(ids)
    assert not set(ids) & {one.id for one in ws.list_bookmarks_v2()}


def test_a_report_without_a_dashboard_or_content_is_refused_before_any_request() -> None:
    ws, requests = recorded({})
    params = {"sections": {"show": [{}]}}
    with pytest.raises(ParamValidationError, match="dashboard_id: a report is saved on a dashboard"):
        ws.create_bookmark(CreateBookmarkParams(name="x", bookmark_type="insights", params=params))
    for kind, empty in (
        ("funnels", {"sections": {"show": []}}),
        ("flows", {}),
        ("insights", {"sections": 1}),
    ):
        with pytest.raises(BookmarkValidationError, match=f"a report of {kind} shows something"):
            ws.create_bookmark(
                CreateBookmarkParams(name="x", bookmark_type=kind, params=empty, dashboard_id=1)  # type: ignore[arg-type]  # drawn from the literals
            )
    assert requests == []
