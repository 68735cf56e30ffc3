"""What is on a dashboard: cards of text and of reports.

A dashboard's row keeps ``contents`` as ``{"text": {id: card}, "report": {id: {}}}``. The id of a report's
card is that of a saved report of its own: putting a report on a dashboard copies it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pytest_mixpanel.server.entities.asked import Asked, Kind
from pytest_mixpanel.server.entities.layout import Card, append_row, arranged, empty_layout, rows_of, take_out
from pytest_mixpanel.server.entities.store import Row
from pytest_mixpanel.server.members import PROJECT_ID
from pytest_mixpanel.server.messages import BadRequest

DASHBOARD = Kind("dashboards", "dashboard", authored=True)
BOOKMARK = Kind("bookmarks", "report", authored=True)
NEW_REPORT = {
    "project_id": PROJECT_ID, "can_view": True, "can_share": True, "can_update_basic": True,
    "unique_view_count": 0, "total_view_count": 0,
}  # fmt: skip
REMOVED = "removed_contents"
"""Where a dashboard keeps the cards that were taken off; no answer shows it."""
Action = Mapping[str, Any]


def empty() -> Row:
    """A dashboard without cards."""
    return {"contents": {"text": {}, "report": {}}, REMOVED: {}, "layout": empty_layout()}


def shown(asked: Asked, board: Row) -> Row:
    """A dashboard as it is answered: with its reports as they are now."""
    reports = {id: BOOKMARK.one(asked, id) for id in board["contents"]["report"] if _lives(asked, id)}
    kept = {name: value for name, value in board.items() if name != REMOVED}
    return {**kept, "contents": {**board["contents"], "report": reports}}


def boards_with(asked: Asked, report: Row) -> list[int]:
    """The ids of the dashboards that a report is on, by itself or as a copy."""
    copies = [row["id"] for row in BOOKMARK.all(asked) if row.get("source_bookmark_id") == report["id"]]
    own = set(map(str, [report["id"], *copies]))
    return [board["id"] for board in DASHBOARD.all(asked) if own & set(board["contents"]["report"])]


def act(asked: Asked, board: Row, action: Any) -> None:
    """Do what ``content`` of a change says, to ``board`` in place."""
    name = action.get("action") if isinstance(action, Mapping) else None
    if not isinstance(name, str) or name not in ACTIONS:
        raise BadRequest(f"content: action should be one of {', '.join(ACTIONS)}")
    ACTIONS[name](asked, board, action)


def arrange(board: Row, wanted: Any) -> None:
    """Replace the rows of a dashboard."""
    cards = [(kind, int(id)) for kind, held in board["contents"].items() for id in held]
    board["layout"] = arranged(wanted, cards)


def add_cards(asked: Asked, board: Row, cards: Sequence[Action]) -> None:
    """Make cards and append them as one row."""
    append_row(board["layout"], [_made(asked, board, card) for card in cards])


def copy_cards(asked: Asked, source: Row, board: Row) -> None:
    """Append copies of all cards of another dashboard, row by row."""
    for row in rows_of(source["layout"]):
        add_cards(asked, board, [_again(source, card) for card in row])


def remove_reports(asked: Asked, board: Row) -> None:
    """Delete the reports that live on a dashboard alone: its cards."""
    for id in board["contents"]["report"]:
        if _lives(asked, id):
            BOOKMARK.remove(asked, id)


def _create(asked: Asked, board: Row, action: Action) -> None:
    add_cards(asked, board, [action])


def _duplicate(asked: Asked, board: Row, action: Action) -> None:
    add_cards(asked, board, [_again(board, _held(board, action))])


def _update(asked: Asked, board: Row, action: Action) -> None:
    kind, id = _held(board, action)
    changes = _params(action)
    if kind == "text":
        board["contents"]["text"][str(id)].update(changes)
    else:
        BOOKMARK.change(asked, id, {key: changes[key] for key in ("name", "description") if key in changes})


def _move(asked: Asked, board: Row, action: Action) -> None:
    """A row of its own, at the end."""
    card = _held(board, action)
    take_out(board["layout"], card)
    append_row(board["layout"], [card])


def _delete(asked: Asked, board: Row, action: Action) -> None:
    kind, id = card = _held(board, action)
    take_out(board["layout"], card)
    board[REMOVED][f"{kind} {id}"] = board["contents"][kind].pop(str(id))
    if kind == "report" and _lives(asked, id):
        BOOKMARK.change(asked, id, {"deleted": True})


def _undelete(asked: Asked, board: Row, action: Action) -> None:
    kind, id = card = _named(action)
    if f"{kind} {id}" not in board[REMOVED]:
        raise BadRequest(f"dashboard {board['id']} had no {kind} {id}", 404)
    board["contents"][kind][str(id)] = board[REMOVED].pop(f"{kind} {id}")
    append_row(board["layout"], [card])
    if kind == "report" and _lives(asked, id):
        BOOKMARK.change(asked, id, {"deleted": False})


ACTIONS: dict[str, Callable[[Asked, Row, Action], None]] = {
    "create": _create,
    "delete": _delete,
    "update": _update,
    "move": _move,
    "duplicate": _duplicate,
    "undelete": _undelete,
}


def _made(asked: Asked, board: Row, card: Action) -> Card:
    """Make a card's content."""
    kind, params = card.get("content_type"), _params(card)
    if kind == "text":
        if not isinstance(params.get("markdown"), str):
            raise BadRequest("content_params: a text has markdown")
        id = asked.entities.number("text_cards")
        board["contents"]["text"][str(id)] = {"id": id, "markdown": params["markdown"]}
        return "text", id
    if kind != "report":
        raise BadRequest(f"content_type: should be text or report, not {kind!r}")
    report = BOOKMARK.add(asked, {**NEW_REPORT, **_report(asked, params), "dashboard_id": board["id"]})
    board["contents"]["report"][str(report["id"])] = {}
    return "report", report["id"]


def _report(asked: Asked, params: Action) -> Row:
    """A report to be saved: a copy of another, or one that is given whole, its params as JSON text."""
    if "source_bookmark_id" in params:
        source = BOOKMARK.one(asked, params["source_bookmark_id"])
        kept: Row = {
            key: source[key] for key in ("type", "original_type", "params", "description") if key in source
        }
        return {**kept, "name": f"Duplicate of {source['name']}", "source_bookmark_id": source["id"]}
    given = params.get("bookmark")
    if not isinstance(given, Mapping) or not {"name", "type", "params"} <= set(given):
        raise BadRequest(
            "content_params: a report has source_bookmark_id, or bookmark with name, type, params"
        )
    try:
        written = given["params"]
        inner = json.loads(written) if isinstance(written, str) else written
    except ValueError as error:
        raise BadRequest(f"content_params.bookmark.params: is no JSON: {error}") from error
    if not (isinstance(inner, dict) and isinstance(given["name"], str) and isinstance(given["type"], str)):
        raise BadRequest("content_params.bookmark: name and type are texts, params an object")
    described = {"description": str(given["description"])} if given.get("description") else {}
    kind = given["type"]
    return {"name": given["name"], "type": kind, "original_type": kind, "params": inner, **described}


def _again(board: Row, card: Card) -> Action:
    """What makes a copy of a card."""
    kind, id = card
    source = {"source_bookmark_id": id} if kind == "report" else board["contents"]["text"][str(id)]
    return {"content_type": kind, "content_params": source}


def _held(board: Row, action: Action) -> Card:
    """The card an action names; refuses one that is not on the dashboard."""
    kind, id = _named(action)
    if str(id) not in board["contents"][kind]:
        there = ", ".join(board["contents"][kind]) or "none"
        raise BadRequest(f"dashboard {board['id']} holds no {kind} {id}; it holds: {there}", 404)
    return kind, id


def _named(action: Action) -> Card:
    kind, id = action.get("content_type"), action.get("content_id")
    if kind not in ("text", "report") or not isinstance(id, int):
        raise BadRequest("content: should name a card by content_type (text or report) and content_id")
    return kind, id


def _params(action: Action) -> Mapping[str, Any]:
    params = action.get("content_params") or {}
    if not isinstance(params, Mapping):
        raise BadRequest("content_params: should be an object")
    return params


def _lives(asked: Asked, id: str | int) -> bool:
    return str(id) in asked.entities.collection(BOOKMARK.collection).rows
