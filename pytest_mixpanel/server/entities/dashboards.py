"""Dashboards; what is on them is in ``cards``."""

from __future__ import annotations

from typing import Any

from pytest_mixpanel.api.entities.dashboards import (
    CreateDashboardParams,
    UpdateDashboardParams,
    UpdateReportLinkParams,
    UpdateTextCardParams,
)
from pytest_mixpanel.api.surfaces.dashboards import Dashboards
from pytest_mixpanel.server.entities import cards
from pytest_mixpanel.server.entities.asked import Asked, Routes
from pytest_mixpanel.server.entities.cards import DASHBOARD
from pytest_mixpanel.server.entities.store import Row
from pytest_mixpanel.server.messages import BadRequest

RIGHTS = (
    "can_update_basic",
    "can_share",
    "can_view",
    "can_update_restricted",
    "can_update_visibility",
    "can_pin",
)


def make(asked: Asked, fields: Row) -> Row:
    """A new dashboard, without cards."""
    rights = dict.fromkeys(RIGHTS, True)
    plain = {"is_private": False, "is_restricted": False, "is_favorited": False, "pinned_date": None}
    return DASHBOARD.add(asked, {**plain, **rights, **cards.empty(), **fields})


def keep(asked: Asked, board: Row) -> Row:
    """Store a dashboard whose cards have changed, and show it."""
    parts = {name: board[name] for name in ("contents", "layout", cards.REMOVED)}
    return cards.shown(asked, DASHBOARD.change(asked, board["id"], parts))


def listed(asked: Asked) -> list[Row]:
    return [cards.shown(asked, board) for board in DASHBOARD.found(asked, asked.ids("ids"))]


def create(asked: Asked) -> Row:
    given = asked.read(CreateDashboardParams)
    rows, source = given.pop("rows", []), given.pop("duplicate", None)
    copied = DASHBOARD.one(asked, source) if source is not None else None
    board = make(asked, given)
    if copied:
        cards.copy_cards(asked, copied, board)
    for row in rows:
        cards.add_cards(asked, board, row["contents"])
    return keep(asked, board)


def get(asked: Asked) -> Row:
    return cards.shown(asked, _board(asked))


def update(asked: Asked) -> Row:
    changes = asked.read(UpdateDashboardParams)
    action, layout = changes.pop("content", None), changes.pop("layout", None)
    if changes.get("time_filter") == {}:
        changes["time_filter"] = None
    board = DASHBOARD.change(asked, asked.path["dashboard_id"], changes) if changes else _board(asked)
    if action is not None:
        cards.act(asked, board, action)
    if layout is not None:
        cards.arrange(board, layout)
    return keep(asked, board) if (action, layout) != (None, None) else cards.shown(asked, board)


def delete(asked: Asked) -> None:
    _delete(asked, asked.path["dashboard_id"])


def delete_all(asked: Asked) -> Row:
    for id in asked.listed_ids("dashboard_ids", DASHBOARD):
        _delete(asked, id)
    return {}


def favorite(asked: Asked) -> Row:
    return _marked(asked, is_favorited=True)


def unfavorite(asked: Asked) -> None:
    _marked(asked, is_favorited=False)


def pin(asked: Asked) -> Row:
    return _marked(asked, pinned_date=asked.moment)


def unpin(asked: Asked) -> None:
    _marked(asked, pinned_date=None)


def update_text(asked: Asked) -> Row:
    return _update_card(asked, "text", "text_card_id", asked.read(UpdateTextCardParams))


def update_link(asked: Asked) -> Row:
    return _update_card(asked, "report", "report_link_id", asked.read(UpdateReportLinkParams))


def results(asked: Asked) -> Row:
    """A local project computes no experiment results."""
    return {"dashboard_id": _board(asked)["id"], "experiments": []}


def _board(asked: Asked) -> Row:
    return DASHBOARD.one(asked, asked.path["dashboard_id"])


def _delete(asked: Asked, id: str | int) -> None:
    cards.remove_reports(asked, DASHBOARD.one(asked, id))
    DASHBOARD.remove(asked, id)


def _marked(asked: Asked, **marks: Any) -> Row:
    DASHBOARD.change(asked, asked.path["dashboard_id"], marks)
    return {}


def _update_card(asked: Asked, kind: str, parameter: str, changes: Row) -> Row:
    board, id = _board(asked), asked.path[parameter]
    if id not in board["contents"][kind]:
        raise BadRequest(f"dashboard {board['id']} holds no {kind} {id}", 404)
    board["contents"][kind][id].update(changes)
    keep(asked, board)
    return {}


ROUTES: Routes = {
    Dashboards.list_dashboards: listed,
    Dashboards.create_dashboard: create,
    Dashboards.get_dashboard: get,
    Dashboards.update_dashboard: update,
    Dashboards.delete_dashboard: delete,
    Dashboards.bulk_delete_dashboards: delete_all,
    Dashboards.favorite_dashboard: favorite,
    Dashboards.unfavorite_dashboard: unfavorite,
    Dashboards.pin_dashboard: pin,
    Dashboards.unpin_dashboard: unpin,
    Dashboards.update_text_card: update_text,
    Dashboards.update_report_link: update_link,
    Dashboards.get_dashboard_erf: results,
}
