"""Dashboards from templates, and dashboards for the cause of a change."""

from __future__ import annotations

import pytest

from pytest_mixpanel import QueryError, Workspace
from pytest_mixpanel.api.entities.blueprints import (
    BlueprintCard,
    BlueprintFinishParams,
    CreateRcaDashboardParams,
    RcaSourceData,
)
from pytest_mixpanel.api.entities.dashboards import CreateDashboardParams
from tests.workspace.entities.test_dashboards import cards, report, texts


def test_a_blueprint_is_chosen_configured_and_finished(ws: Workspace) -> None:
    templates = ws.list_blueprint_templates()
    assert [one.name for one in templates] == ["company_kpis", "conversion", "engagement"]
    assert ws.list_blueprint_templates(include_reports=True)[0].model_extra == {
        "reports": ["signup_event", "value_moment"]
    }
    board = ws.create_blueprint("conversion")
    assert (board.title, board.template_type) == ("Conversion", "conversion")
    config = ws.get_blueprint_config(board.id)
    assert set(config.variables) == {"first_step", "last_step"}
    assert set(config.variables.values()) <= set(ws.events())
    ws.update_blueprint_cohorts([{"id": 1}])

    home = ws.create_dashboard(CreateDashboardParams(title="Home"))
    saved = report(ws, home.id)
    done = ws.finalize_blueprint(
        BlueprintFinishParams(
            dashboard_id=board.id,
            cards=[
                BlueprintCard(card_type="text", markdown="How many buy"),
                BlueprintCard(card_type="report", bookmark_id=saved.id),
                BlueprintCard(card_type="report", name="Visits", params=ws.build_params("Login")),
            ],
        )
    )
    assert texts(done) == ["How many buy"]
    reports = [ws.get_bookmark(id).name for kind, id in cards(done) if kind == "report"]
    assert reports == ["Duplicate of Logins", "Visits"]


def test_templates_may_come_as_a_list_or_a_map() -> None:
    from tests.api.recording import recorded

    row = {"title_key": "t", "description_key": "d"}
    for answer in (
        {"results": {"templates": {"kpis": row}}},
        {"results": {"templates": [{**row, "name": "kpis"}]}},
        [{**row, "name": "kpis"}],
    ):
        assert [one.name for one in recorded(answer)[0].list_blueprint_templates()] == ["kpis"]


def test_what_is_no_blueprint_is_refused(ws: Workspace) -> None:
    with pytest.raises(QueryError, match="template_type: there are company_kpis"):
        ws.create_blueprint("kpis")
    plain = ws.create_dashboard(CreateDashboardParams(title="Home"))
    with pytest.raises(QueryError, match="was not made from a template"):
        ws.get_blueprint_config(plain.id)


def test_a_change_gets_a_dashboard_for_its_cause(ws: Workspace) -> None:
    source = RcaSourceData(source_type="anomaly", date="2026-03-02")
    board = ws.create_rca_dashboard(CreateRcaDashboardParams(rca_source_id=3, rca_source_data=source))
    assert (board.title, board.generation_type) == ("Root cause of anomaly 3", "rca")
    assert ws.get_dashboard(board.id) == board
