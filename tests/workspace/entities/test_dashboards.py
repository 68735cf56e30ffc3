"""The life of a dashboard, its cards and its rows."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mixpanel import QueryError, Workspace
from pytest_mixpanel.api.entities.bookmarks import Bookmark, CreateBookmarkParams
from pytest_mixpanel.api.entities.dashboards import (
    CreateDashboardParams,
    Dashboard,
    DashboardRow,
    DashboardRowContent,
    UpdateDashboardParams,
    UpdateReportLinkParams,
    UpdateTextCardParams,
)


def text(markdown: str) -> DashboardRowContent:
    return DashboardRowContent(content_type="text", content_params={"markdown": markdown})


def texts(board: Dashboard) -> list[str]:
    """The texts of a board, row by row."""
    return [board.contents["text"][str(id)]["markdown"] for kind, id in cards(board) if kind == "text"]


def cards(board: Dashboard) -> list[tuple[str, int]]:
    cells = [cell for name in board.layout["order"] for cell in board.layout["rows"][name]["cells"]]
    return [(cell["content_type"], cell["content_id"]) for cell in cells]


def widths(board: Dashboard) -> list[list[int]]:
    rows = [board.layout["rows"][name]["cells"] for name in board.layout["order"]]
    return [[cell["width"] for cell in cells] for cells in rows]


def report(ws: Workspace, dashboard_id: int, name: str = "Logins") -> Bookmark:
    params = ws.build_params("Login", last=7)
    return ws.create_bookmark(
        CreateBookmarkParams(name=name, bookmark_type="insights", params=params, dashboard_id=dashboard_id)
    )


def test_a_dashboard_is_made_found_changed_and_deleted(ws: Workspace) -> None:
    made = ws.create_dashboard(CreateDashboardParams(title="Growth", description="weekly"))
    other = ws.create_dashboard(CreateDashboardParams(title="Ops"))
    assert (made.title, made.description, made.can_view) == ("Growth", "weekly", True)
    assert made.created is not None
    assert made.created.tzinfo is not None
    assert ws.get_dashboard(made.id) == made
    assert ws.list_dashboards() == [made, other]
    assert ws.list_dashboards(ids=[other.id]) == [other]

    changed = ws.update_dashboard(made.id, UpdateDashboardParams(title="Growth, weekly"))
    assert (changed.title, changed.description) == ("Growth, weekly", "weekly")
    assert changed.last_modified_by_name == made.creator_name

    ws.delete_dashboard(made.id)
    assert [one.id for one in ws.list_dashboards()] == [other.id]
    with pytest.raises(QueryError, match="there is no dashboard 1"):
        ws.get_dashboard(made.id)
    assert ws.create_dashboard(CreateDashboardParams(title="New")).id not in (made.id, other.id)


def test_a_time_filter_is_set_and_removed(ws: Workspace) -> None:
    month = {"dateRange": {"type": "in the last", "window": {"unit": "day", "value": 30}}}
    board = ws.create_dashboard(CreateDashboardParams(title="Growth", time_filter=month))
    assert board.time_filter == month
    assert ws.update_dashboard(board.id, UpdateDashboardParams(time_filter={})).time_filter is None


def test_favourites_and_pins(ws: Workspace) -> None:
    id = ws.create_dashboard(CreateDashboardParams(title="Growth")).id
    ws.favorite_dashboard(id)
    ws.pin_dashboard(id)
    board = ws.get_dashboard(id)
    assert board.is_favorited
    assert board.pinned_date
    ws.unfavorite_dashboard(id)
    ws.unpin_dashboard(id)
    board = ws.get_dashboard(id)
    assert (board.is_favorited, board.pinned_date) == (False, None)


def test_several_are_deleted_by_explicit_ids_all_or_none(ws: Workspace) -> None:
    ids = [ws.create_dashboard(CreateDashboardParams(title=name)).id for name in "abc"]
    with pytest.raises(QueryError, match="there is no dashboard 99"):
        ws.bulk_delete_dashboards([ids[0], 99])
    assert [one.id for one in ws.list_dashboards()] == ids
    with pytest.raises(QueryError, match="should be the ids"):
        ws.bulk_delete_dashboards([])
    ws.bulk_delete_dashboards(ids[:2])
    assert [one.id for one in ws.list_dashboards()] == ids[2:]


def test_cards_stand_in_rows_that_share_the_width(ws: Workspace) -> None:
    rows = [DashboardRow(contents=[text("a"), text("b"), text("c")]), DashboardRow(contents=[text("d")])]
    board = ws.create_dashboard(CreateDashboardParams(title="Growth", rows=rows))
    assert texts(board) == ["a", "b", "c", "d"]
    assert widths(board) == [[4, 4, 4], [12]]

    copy = ws.create_dashboard(CreateDashboardParams(title="Copy", duplicate=board.id))
    assert (texts(copy), widths(copy)) == (texts(board), widths(board))
    assert not set(cards(copy)) & set(cards(board))

    card = cards(board)[1][1]
    ws.update_text_card(board.id, card, UpdateTextCardParams(markdown="B"))
    assert texts(ws.get_dashboard(board.id)) == ["a", "B", "c", "d"]
    assert texts(ws.get_dashboard(copy.id)) == ["a", "b", "c", "d"]


def act(ws: Workspace, board: Dashboard, action: str, card: tuple[str, int], **more: Any) -> Dashboard:
    content = {"action": action, "content_type": card[0], "content_id": card[1], **more}
    return ws.update_dashboard(board.id, UpdateDashboardParams(content=content))


def test_a_card_is_taken_off_brought_back_moved_and_copied(ws: Workspace) -> None:
    rows = [DashboardRow(contents=[text("a"), text("b")]), DashboardRow(contents=[text("c")])]
    board = ws.create_dashboard(CreateDashboardParams(title="Growth", rows=rows))
    first = cards(board)[0]

    board = act(ws, board, "delete", first)
    assert (texts(board), widths(board)) == (["b", "c"], [[12], [12]])
    board = act(ws, board, "undelete", first)
    assert texts(board) == ["b", "c", "a"]
    board = act(ws, board, "move", cards(board)[0])
    assert texts(board) == ["c", "a", "b"]
    board = act(ws, board, "duplicate", first)
    assert texts(board) == ["c", "a", "b", "a"]
    board = act(ws, board, "update", first, content_params={"markdown": "A"})
    assert texts(board) == ["c", "A", "b", "a"]
    with pytest.raises(QueryError, match="holds no text 99"):
        act(ws, board, "delete", ("text", 99))
    with pytest.raises(QueryError, match="action should be one of create, delete"):
        act(ws, board, "burn", first)


def test_rows_can_be_arranged_anew_and_no_card_is_lost(ws: Workspace) -> None:
    rows = [DashboardRow(contents=[text("a"), text("b")]), DashboardRow(contents=[text("c")])]
    board = ws.create_dashboard(CreateDashboardParams(title="Growth", rows=rows))
    named = {name: [dict(cell) for cell in row["cells"]] for name, row in board.layout["rows"].items()}
    first, second = board.layout["order"]
    named[first][0]["width"], named[first][1]["width"] = 3, 9

    def wanted(**rows: list[dict[str, Any]]) -> UpdateDashboardParams:
        listed = [{"id": name, "height": 0, "cells": cells} for name, cells in rows.items()]
        return UpdateDashboardParams(layout={"rows_order": [second, first], "rows": listed})

    board = ws.update_dashboard(board.id, wanted(**named))
    assert (texts(board), widths(board)) == (["c", "a", "b"], [[12], [3, 9]])
    with pytest.raises(QueryError, match="widths are 12 in all"):
        ws.update_dashboard(board.id, wanted(**{**named, second: named[first][:1]}))
    with pytest.raises(QueryError, match="place each card"):
        ws.update_dashboard(board.id, wanted(**{**named, second: [{**named[first][0], "width": 12}]}))
    with pytest.raises(QueryError, match="rows_order and rows, and nothing else"):
        ws.update_dashboard(board.id, UpdateDashboardParams(layout=board.layout))
    assert ws.get_dashboard(board.id) == board


def test_a_report_on_a_dashboard_is_a_report_of_its_own(ws: Workspace) -> None:
    home, board = (ws.create_dashboard(CreateDashboardParams(title=name)) for name in ("Home", "Growth"))
    saved = report(ws, home.id)
    board = ws.add_report_to_dashboard(board.id, saved.id)
    (_, card), *_ = cards(board)
    copy = ws.get_bookmark(card)
    assert card != saved.id
    assert (copy.name, copy.params, copy.dashboard_id) == ("Duplicate of Logins", saved.params, board.id)
    assert board.contents["report"][str(card)]["name"] == "Duplicate of Logins"
    assert ws.get_bookmark_dashboard_ids(saved.id) == [home.id, board.id]
    assert ws.bookmark_linked_dashboard_ids(card) == [board.id]

    ws.update_report_link(board.id, card, UpdateReportLinkParams(link_type="copy"))
    with pytest.raises(QueryError, match=rf"holds no report {saved.id}; it holds: {card}"):
        ws.remove_report_from_dashboard(board.id, saved.id)
    assert cards(ws.remove_report_from_dashboard(board.id, card)) == []
    assert ws.get_bookmark_dashboard_ids(saved.id) == [home.id]
    ws.delete_dashboard(home.id)
    assert ws.get_bookmark(saved.id).name == "Logins"


def test_a_report_can_be_written_on_a_dashboard_as_json_text(ws: Workspace) -> None:
    board = ws.create_dashboard(CreateDashboardParams(title="Growth"))
    whole = {"name": "Logins", "type": "insights", "params": '{"sections": {"show": []}}'}
    action = {"action": "create", "content_type": "report", "content_params": {"bookmark": whole}}
    board = ws.update_dashboard(board.id, UpdateDashboardParams(content=action))
    assert ws.get_bookmark(cards(board)[0][1]).params == {"sections": {"show": []}}
    action["content_params"] = {"bookmark": {**whole, "params": "{"}}
    with pytest.raises(QueryError, match="is no JSON"):
        ws.update_dashboard(board.id, UpdateDashboardParams(content=action))
    assert ws.get_dashboard_erf(board.id) == {"dashboard_id": board.id, "experiments": []}
