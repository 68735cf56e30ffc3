"""Saved reports of a local project: they answer what their params answer when they are asked directly."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mixpanel import CreateBookmarkParams, CreateDashboardParams, QueryError, Workspace
from tests.engine.events import event, project
from tests.workspace.local import over

MARCH = {"from_date": "2025-03-01", "to_date": "2025-03-03"}
EVENTS = [
    event("View", "u1", "2025-03-01T10:00", country="ES"),
    event("Buy", "u1", "2025-03-01T10:05"),
    event("View", "u2", "2025-03-01T11:00", country="FR"),
    event("View", "u3", "2025-03-02T11:00", country="ES"),
    event("Buy", "u3", "2025-03-04T11:00"),
    event("View", "u1", "2025-03-03T09:00", country="ES"),
]
PROFILES = [{"$distinct_id": "u1", "plan": "gold"}, {"$distinct_id": "u2", "plan": "free"}]


@pytest.fixture(scope="module")
def shop() -> Workspace:
    return over(project(EVENTS, profiles=PROFILES), now="2025-03-20")


def saved(shop: Workspace, kind: Any, params: dict[str, Any]) -> int:
    """The id of a new report."""
    board = shop.create_dashboard(CreateDashboardParams(title="Board"))
    report = CreateBookmarkParams(name="Report", bookmark_type=kind, params=params, dashboard_id=board.id)
    return shop.create_bookmark(report).id


@pytest.fixture(scope="module")
def funnel(shop: Workspace) -> int:
    return saved(shop, "funnels", shop.build_funnel_params(["View", "Buy"], conversion_window=7, **MARCH))


def test_a_saved_insight_answers_as_it_was_asked(shop: Workspace) -> None:
    number = saved(shop, "insights", shop.build_params("View", **MARCH))
    report = shop.query_saved_report(number)
    assert report.report_type == "insights"
    assert report.df["count"].tolist() == shop.query("View", **MARCH).df["count"].tolist() == [2, 1, 1]
    assert (report.from_date[:10], report.to_date[:10]) == ("2025-03-01", "2025-03-03")


def test_a_saved_funnel_is_asked_for_other_days(shop: Workspace, funnel: int) -> None:
    report = shop.query_saved_report(funnel, bookmark_type="funnels", **MARCH)
    assert report.report_type == "funnel"
    assert {day: [step["count"] for step in found["steps"]] for day, found in report.series.items()} == {
        "2025-03-01": [2, 1],
        "2025-03-02": [1, 1],
        "2025-03-03": [1, 0],
    }
    assert report.series["2025-03-01"]["analysis"] == {
        "completion": 1,
        "starting_amount": 2,
        "steps": 2,
        "worst": 1,
    }
    assert list(report.df["series"]) == [report.series]
    of_late = shop.query_saved_report(funnel, bookmark_type="funnels")
    assert (of_late.from_date, of_late.to_date) == ("2025-02-18", "2025-03-20")


def test_a_funnel_is_summed_over_its_days(shop: Workspace, funnel: int) -> None:
    found = shop.funnel(funnel, **MARCH)
    assert [(step.event, step.count) for step in found.steps] == [("View", 4), ("Buy", 2)]
    assert found.conversion_rate == 0.5
    assert found.df.to_dict("list") == {
        "step": [1, 2],
        "event": ["View", "Buy"],
        "count": [4, 2],
        "conversion_rate": [1.0, 0.5],
    }
    weekly = shop.funnel(funnel, unit="week", **MARCH)
    assert [step.count for step in weekly.steps] == [4, 2]  # u1 enters in both weeks


@pytest.mark.parametrize("on", ["country", 'properties["country"]', 'user["plan"]'])
def test_a_funnel_by_segment_counts_what_it_is_overall(shop: Workspace, funnel: int, on: str) -> None:
    assert [step.count for step in shop.funnel(funnel, on=on, **MARCH).steps] == [4, 2]


def test_the_segments_of_a_funnel_are_in_its_answer(shop: Workspace, funnel: int) -> None:
    from pytest_mixpanel.api import endpoints

    query = {"funnel_id": funnel, "on": "country", **MARCH}
    data = shop._connection.ask(endpoints.FUNNEL, query=query)["data"]
    first = {segment: [step["count"] for step in steps] for segment, steps in data["2025-03-01"].items()}
    assert first == {"$overall": [2, 1], "ES": [1, 1], "FR": [1, 0]}


def test_a_segment_that_is_no_property_is_refused(shop: Workspace, funnel: int) -> None:
    with pytest.raises(QueryError, match="on: write properties"):
        shop.funnel(funnel, on='properties["a"] + 1', **MARCH)


def test_saved_retention_is_by_date(shop: Workspace) -> None:
    number = saved(
        shop, "retention", shop.build_retention_params("View", "Buy", retention_unit="day", **MARCH)
    )
    report = shop.query_saved_report(number, bookmark_type="retention")
    assert report.report_type == "retention"
    assert report.series["2025-03-01"]["first"] == 2
    assert report.series["2025-03-01"]["counts"][0] == 1
    assert report.series["2025-03-02"]["counts"][:3] == [0, 0, 1]
    assert (report.from_date, report.to_date) == ("2025-03-01", "2025-03-03")


def test_saved_flows_have_their_steps(shop: Workspace) -> None:
    number = saved(shop, "flows", shop.build_flow_params("View", forward=1, **MARCH))
    flows = shop.query_saved_flows(number)
    assert flows.computed_at
    assert {node["event"] for node in flows.steps[0]["nodes"]} == {"View"}
    assert list(flows.df) == ["nodes"]
    assert shop.query_saved_report(number, bookmark_type="flows").series["steps"] == flows.steps


def test_what_was_not_saved_is_not_found(shop: Workspace) -> None:
    for ask in (
        lambda: shop.query_saved_report(999),
        lambda: shop.query_saved_flows(999),
        lambda: shop.funnel(999, **MARCH),
        lambda: shop.query_saved_report(999, bookmark_type="retention"),
    ):
        with pytest.raises(QueryError, match="there is no report 999") as error:
            ask()
        assert error.value.status_code == 404


def test_a_funnel_of_another_report_is_refused(shop: Workspace) -> None:
    number = saved(shop, "insights", shop.build_params("View", **MARCH))
    with pytest.raises(QueryError, match=f"funnel_id: report {number} is no funnel"):
        shop.funnel(number, **MARCH)


def test_a_new_funnel_and_cohort_are_discovered(shop: Workspace, funnel: int) -> None:
    assert funnel in [found.funnel_id for found in shop.funnels()]
    assert funnel in [report.id for report in shop.list_bookmarks("funnels")]
