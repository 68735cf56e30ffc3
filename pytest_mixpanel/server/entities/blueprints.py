"""Dashboards from templates, and for the cause of a change. The templates are few and of our own making."""

from __future__ import annotations

from typing import Any

from pytest_mixpanel.api.entities.blueprints import BlueprintFinishParams, CreateRcaDashboardParams
from pytest_mixpanel.api.surfaces.blueprints import Blueprints
from pytest_mixpanel.engine.discovery.names import event_names
from pytest_mixpanel.server.entities import cards
from pytest_mixpanel.server.entities.asked import Asked, Routes
from pytest_mixpanel.server.entities.cards import BOOKMARK, DASHBOARD
from pytest_mixpanel.server.entities.dashboards import keep, make
from pytest_mixpanel.server.entities.store import Row
from pytest_mixpanel.server.messages import BadRequest

TEMPLATES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "company_kpis": ("Company KPIs", "Who comes, who stays, what they do", ("signup_event", "value_moment")),
    "conversion": ("Conversion", "From the first step to the last", ("first_step", "last_step")),
    "engagement": ("Engagement", "How much of the product is used", ("value_moment",)),
}
"""Title, description and placeholders, by name."""
COHORTS = "blueprint_cohorts"


def templates(asked: Asked) -> Row:
    with_reports = asked.query.get("include_reports") == "true"
    return {"templates": {name: _template(name, with_reports) for name in TEMPLATES}}


def create(asked: Asked) -> Row:
    name = asked.body.get("template_type")
    if not isinstance(name, str) or name not in TEMPLATES:
        raise BadRequest(f"template_type: there are {', '.join(TEMPLATES)}")
    title, description, _ = TEMPLATES[name]
    fields = {
        "title": title,
        "description": description,
        "template_type": name,
        "generation_type": "blueprint",
    }
    return cards.shown(asked, make(asked, fields))


def config(asked: Asked) -> Row:
    board = DASHBOARD.one(asked, asked.path["dashboard_id"])
    if board.get("template_type") not in TEMPLATES:
        raise BadRequest(f"dashboard {board['id']} was not made from a template", 404)
    events = event_names(asked.events, 100) or [""]
    placeholders = TEMPLATES[board["template_type"]][2]
    return {"variables": {name: events[n % len(events)] for n, name in enumerate(placeholders)}}


def set_cohorts(asked: Asked) -> Row:
    asked.entities.collection(COHORTS).rows["all"] = {"cohorts": asked.objects("cohorts")}
    return {}


def finish(asked: Asked) -> Row:
    given = asked.read(BlueprintFinishParams)
    board = DASHBOARD.one(asked, given["dashboard_id"])
    for card in given["cards"]:
        cards.add_cards(asked, board, [_card(asked, card)])
    return keep(asked, board)


def look_for_cause(asked: Asked) -> Row:
    given = asked.read(CreateRcaDashboardParams)
    source = f"{given['rca_source_data']['type']} {given['rca_source_id']}"
    fields = {"title": f"Root cause of {source}", "generation_type": "rca", **given}
    return cards.shown(asked, make(asked, fields))


def _template(name: str, with_reports: bool) -> Row:
    title, description, placeholders = TEMPLATES[name]
    row = {"title_key": title, "description_key": description, "number_of_reports": len(placeholders)}
    return {**row, "reports": list(placeholders)} if with_reports else row


def _card(asked: Asked, card: Row) -> dict[str, Any]:
    """A blueprint's card as a dashboard's."""
    if card["type"] == "text":
        return {"content_type": "text", "content_params": {"markdown": card.get("markdown", "")}}
    if "bookmark_id" in card:
        id = BOOKMARK.one(asked, card["bookmark_id"])["id"]
        return {"content_type": "report", "content_params": {"source_bookmark_id": id}}
    report = {"name": card.get("name", "Report"), "type": "insights", "params": card.get("params", {})}
    return {"content_type": "report", "content_params": {"bookmark": report}}


ROUTES: Routes = {
    Blueprints.list_blueprint_templates: templates,
    Blueprints.create_blueprint: create,
    Blueprints.get_blueprint_config: config,
    Blueprints.update_blueprint_cohorts: set_cohorts,
    Blueprints.finalize_blueprint: finish,
    Blueprints.create_rca_dashboard: look_for_cause,
}
