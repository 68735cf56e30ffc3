"""The HTTP API as a function: what cannot be read is a 4xx that names the parameter."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pytest_mixpanel.core.address import parse_address
from pytest_mixpanel.core.errors import EventDataError
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.inputs.filters import Filter
from pytest_mixpanel.server.app import Server
from pytest_mixpanel.server.entities.store import EntityStore
from pytest_mixpanel.server.messages import Request
from pytest_mixpanel.server.projects import open_project
from tests.engine.events import event, project

SERVER = Server(
    project(
        [event("Login", "u", "2025-03-01T10:00", platform="Web"), event("Signup", "u", "2025-03-01T09:00")]
    ),
    datetime(2025, 3, 2, tzinfo=UTC),
)


def get(path: str, **query: str) -> tuple[int, Any]:
    response = SERVER.handle(Request("GET", path, query))
    return response.status, json.loads(response.content)


def test_names_and_values_are_bare_lists() -> None:
    assert get("/api/query/events/names") == (200, ["Login", "Signup"])
    assert get("/api/query/events/properties/values", name="platform", event="Login") == (200, ["Web"])
    assert get("/api/query/events/properties/top", event="Login") == (200, {"platform": {"count": 1}})


def test_a_trailing_slash_is_accepted() -> None:
    assert get("/api/query/events/names/")[0] == 200


@pytest.mark.parametrize(
    ("path", "query", "said"),
    [
        ("/api/query/events/properties/top", {}, "event: missing"),
        ("/api/query/events/properties/top", {"event": "Logout"}, "there is no event 'Logout'"),
        ("/api/query/events/names", {"limit": "many"}, "limit: should be a whole number"),
        ("/api/2.0/export", {"from_date": "March", "to_date": "2025-03-01"}, "from_date: should be a day"),
        (
            "/api/2.0/export",
            {"from_date": "2025-03-01", "to_date": "2025-03-01", "event": "Login"},
            "JSON list",
        ),
    ],
)
def test_a_bad_parameter_is_named(path: str, query: dict[str, str], said: str) -> None:
    status, body = get(path, **query)
    assert status == 400
    assert said in body["error"]


def test_a_query_that_names_nothing_saved_does_not_wait_for_what_a_project_begins_with() -> None:
    begun: list[EntityStore] = []
    server = Server(SERVER.store, SERVER.now, EntityStore(begin=begun.append))
    days: Any = {"from_date": "2025-03-01", "to_date": "2025-03-02", "today": SERVER.now.date()}
    params = build_params("Login", **days)
    assert server.handle(Request("POST", "/api/query/insights", {}, {"bookmark": params})).status == 200
    assert begun == []
    named = build_params(
        "Login",
        where=Filter.in_cohort(1),
        from_date="2025-03-01",
        to_date="2025-03-02",
        today=SERVER.now.date(),
    )
    refused = server.handle(Request("POST", "/api/query/insights", {}, {"bookmark": named}))
    assert (refused.status, len(begun)) == (400, 1)


def test_params_that_cannot_be_read_are_refused_with_their_place() -> None:
    response = SERVER.handle(Request("POST", "/api/query/insights", {}, {"bookmark": {"sections": {}}}))
    assert response.status == 400
    assert "$.sections.show" in json.loads(response.content)["error"]
    assert SERVER.handle(Request("POST", "/api/query/insights", {}, None)).status == 400


def test_another_path_is_not_found() -> None:
    assert get("/api/query/nowhere")[0] == 404
    assert SERVER.handle(Request("DELETE", "/api/query/events/names")).status == 404


def test_export_is_lines_by_time_in_seconds() -> None:
    days = {"from_date": "2025-03-01", "to_date": "2025-03-01"}
    response = SERVER.handle(Request("GET", "/api/2.0/export", days))
    assert response.parts is not None
    rows = [json.loads(line) for line in b"".join(response.parts).splitlines()]
    assert [row["event"] for row in rows] == ["Signup", "Login"]
    assert rows[1]["properties"] == {"time": 1740823200, "distinct_id": "u", "platform": "Web"}


def test_flows_have_a_path_of_their_own() -> None:
    params = {
        "steps": [{"event": "Signup", "forward": 1, "reverse": 0, "property_filter_params_list": []}],
        "date_range": {"type": "between", "from_date": "2025-03-01", "to_date": "2025-03-01"},
        "flows_merge_type": "list",
        "count_type": "unique",
        "cardinality_threshold": 3,
        "conversion_window": {"unit": "day", "value": 7},
    }
    body = {"bookmark": params, "project_id": 1, "query_type": "flows_top_paths"}
    answered = json.loads(SERVER.handle(Request("POST", "/api/query/arb_funnels", {}, body)).content)
    assert [step["event"] for step in answered["flows"][0]["flowSteps"]] == ["Signup", "Login"]
    refused = SERVER.handle(Request("POST", "/api/query/arb_funnels", {}, {"bookmark": {"steps": []}}))
    assert refused.status == 400
    assert "a flow needs an anchor" in json.loads(refused.content)["error"]


def test_where_the_demo_cannot_be_written_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        EventDataError, match=r"the demo could not be written to .*file/cache: .*MIXPANEL_CACHE"
    ):
        open_project(parse_address("demo"), cache=tmp_path / "file" / "cache")
