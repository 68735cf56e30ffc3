"""Discovery: what is asked, what is remembered, and how rows are read."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from pytest_mixpanel import (
    BookmarkInfo,
    FunnelInfo,
    MixpanelHeadlessError,
    QueryError,
    ResponseValidationError,
    SavedCohort,
    Workspace,
)
from tests.api.recording import recorded
from tests.engine.events import event
from tests.workspace.local import over

COHORT = {"id": 3, "name": "Gold", "count": 12, "created": "2025-01-01", "is_visible": 0, "project_id": 4242}
REPORT = {
    "id": 9,
    "name": "Weekly",
    "type": "insights",
    "project_id": 4242,
    "created": "2025-01-01",
    "modified": "2025-01-02",
    "dashboard_id": 5,
    "unknown": True,
}


def test_saved_funnels_come_by_name() -> None:
    workspace, requests = recorded([{"funnel_id": 2, "name": "b"}, {"funnel_id": 1, "name": "a"}])
    assert workspace.funnels() == [FunnelInfo(1, "a"), FunnelInfo(2, "b")]
    assert requests[0].url.path == "/api/query/funnels/list"


def test_saved_cohorts_are_asked_for_with_an_empty_body() -> None:
    workspace, requests = recorded([COHORT])
    assert workspace.cohorts() == [SavedCohort(3, "Gold", 12, "", "2025-01-01", False)]
    assert (requests[0].method, requests[0].url.path, requests[0].content) == (
        "POST",
        "/api/query/cohorts/list",
        b"",
    )


@pytest.mark.parametrize("results", [{"results": [REPORT]}, [REPORT]], ids=["nested", "plain"])
def test_saved_reports_come_of_one_kind_or_all(results: Any) -> None:
    workspace, requests = recorded({"status": "ok", "results": results})
    (report,) = workspace.list_bookmarks("insights")
    assert isinstance(report, BookmarkInfo)
    assert (report.id, report.dashboard_id, report.workspace_id) == (9, 5, None)
    assert (
        dict(requests[0].url.params).items() >= {"v": "2", "type": "insights", "project_id": "4242"}.items()
    )


@pytest.mark.parametrize(
    ("ask", "answer", "told"),
    [
        (Workspace.funnels, [{"name": "a"}], "FunnelInfo of the answer lacks funnel_id"),
        (Workspace.cohorts, [{**COHORT, "count": None}], "SavedCohort of the answer lacks count"),
        (Workspace.cohorts, ["x"], "SavedCohort of the answer lacks id, name"),
        (Workspace.list_bookmarks, {"results": [{"id": 1}]}, "BookmarkInfo of the answer lacks name, type"),
        (Workspace.lexicon_schemas, {"results": [{"name": "A"}]}, "lacks entityType"),
    ],
)
def test_a_row_that_lacks_a_field_is_an_error_that_names_it(
    ask: Callable[[Workspace], Any], answer: Any, told: str
) -> None:
    workspace, _ = recorded(answer)
    with pytest.raises(ResponseValidationError, match=told):
        ask(workspace)


@pytest.mark.parametrize("ask", [Workspace.funnels, Workspace.cohorts, Workspace.lexicon_schemas])
def test_an_answer_of_another_shape_is_an_error(ask: Callable[[Workspace], Any]) -> None:
    workspace, _ = recorded("nothing")
    with pytest.raises(MixpanelHeadlessError, match=r"where (a list|an object) is due"):
        ask(workspace)


def test_what_was_discovered_is_asked_once_and_copied() -> None:
    workspace, requests = recorded([{"funnel_id": 1, "name": "a"}])
    workspace.funnels().clear()
    assert workspace.funnels() == [FunnelInfo(1, "a")]
    assert len(requests) == 1
    workspace.clear_discovery_cache()
    workspace.funnels()
    assert len(requests) == 2


def test_reports_and_top_events_are_asked_every_time() -> None:
    workspace, requests = recorded({"events": [], "results": []})
    for _ in range(2):
        workspace.list_bookmarks()
        workspace.top_events()
    assert len(requests) == 4


def test_events_are_remembered_by_their_arguments() -> None:
    workspace, requests = recorded(["b", "a"])
    assert workspace.events() == workspace.events() == ["a", "b"]
    assert workspace.events(limit=1, from_date="2025-01-01") == ["a", "b"]
    assert [request.url.params["limit"] for request in requests] == ["5000", "1"]
    assert [request.url.params["from_date"] for request in requests] == ["2000-01-01", "2025-01-01"]


def refusing(message: str) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.params["from_date"] == "2025-12-01":  # ninety days before the clock
            return httpx.Response(200, json=["a"])
        return httpx.Response(403, json={"error": message})

    return answer


def test_a_history_that_is_shorter_is_asked_for_once_more() -> None:
    workspace, requests = recorded(refusing("Date range exceeds 90 days into the past"))
    assert workspace.events() == ["a"]
    assert len(requests) == 2
    with pytest.raises(QueryError):
        workspace.events(from_date="2020-01-01")
    other, requests = recorded(refusing("Permission denied"))
    with pytest.raises(QueryError, match="Permission denied"):
        other.events()
    assert len(requests) == 1


CART = [
    event("Buy", "u", "2025-03-01T10:00", cart=[{"sku": "a1", "price": 5, "gift": True}]),
    event("Buy", "u", "2025-03-01T11:00", cart=[{"sku": "b2", "price": 7.5, "at": "2025-03-01T09:00:00"}]),
    event("Buy", "u", "2025-03-01T12:00", cart={"sku": 3, "note": None, "tags": ["x"]}),
    event("Buy", "u", "2025-03-01T13:00", cart="empty"),
]


def test_subproperties_are_the_keys_of_objects_with_their_types() -> None:
    values = [
        '[{"sku": "a1", "price": 5, "gift": true}]',
        '[{"sku": "b2", "price": 7.5, "at": "2025-03-01T09:00:00"}]',
        '{"sku": 3, "note": null, "tags": ["x"]}',
        "empty",
    ]
    workspace, _ = recorded(values)
    with pytest.warns(UserWarning, match="was never set|of several types") as warned:
        found = workspace.subproperties("cart", event="Buy")
    assert [(one.name, one.type) for one in found] == [
        ("at", "datetime"),
        ("gift", "boolean"),
        ("price", "number"),
        ("sku", "string"),
    ]
    assert found[2].sample_values == (5, 7.5)
    told = sorted(str(one.message) for one in warned)
    assert "'note' was never set" in told[0]
    assert "'sku' holds values of several types (number, string)" in told[1]


def test_a_local_project_knows_the_subproperties_of_its_lists() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = over(CART).subproperties("cart", event="Buy")
    assert {one.name: one.type for one in found} == {
        "at": "datetime",
        "gift": "boolean",
        "price": "number",
        "sku": "string",
    }


def test_a_local_project_lists_what_was_saved() -> None:
    with Workspace(project="demo") as demo:
        assert {report.type for report in demo.list_bookmarks()} <= {
            "insights",
            "funnels",
            "retention",
            "flows",
        }
        assert [funnel.funnel_id for funnel in demo.funnels()] == [
            report.id for report in sorted(demo.list_bookmarks("funnels"), key=lambda report: report.name)
        ]
        assert all(cohort.count >= 0 for cohort in demo.cohorts())
        (schema, *_) = demo.lexicon_schemas(entity_type="event")
        assert demo.lexicon_schema("event", schema.name) == schema
        with pytest.raises(QueryError, match="no schema of event 'Nothing'"):
            demo.lexicon_schema("event", "Nothing")
