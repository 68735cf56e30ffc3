"""What is made in a project: ids, transactions, files, threads."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pytest_mixpanel import EventDataError, QueryError, Workspace
from pytest_mixpanel.api.entities.annotations import CreateAnnotationParams
from pytest_mixpanel.api.entities.dashboards import CreateDashboardParams, UpdateDashboardParams
from pytest_mixpanel.server.entities.store import Collection, EntityStore


def test_ids_are_never_given_twice() -> None:
    store = EntityStore()
    assert [store.number("a"), store.number("a"), store.number("b")] == [1, 2, 1]
    assert store.uuid("c") != store.uuid("c")


def test_new_stores_give_the_same_ids_in_the_same_order() -> None:
    one, other = EntityStore(), EntityStore()
    assert [one.uuid("c"), one.uuid("c")] == [other.uuid("c"), other.uuid("c")]


def test_of_a_change_that_fails_nothing_stays(tmp_path: Path) -> None:
    store = EntityStore(tmp_path / "entities.json")
    with store.transaction(writes=True):
        store.collection("a").rows["1"] = {"id": 1}

    def fail() -> None:
        with store.transaction(writes=True):
            store.collection("a").rows["1"]["id"] = 2
            store.number("a")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.rows("a") == [{"id": 1}]
    assert store.number("a") == 1
    assert EntityStore(tmp_path / "entities.json").rows("a") == [{"id": 1}]


def test_threads_do_not_disturb_each_other(export: Path, tmp_path: Path) -> None:
    with Workspace(project=str(export), cache=tmp_path) as ws:
        board = ws.create_dashboard(CreateDashboardParams(title="0"))

        def work(number: int) -> int:
            ws.update_dashboard(board.id, UpdateDashboardParams(title=str(number)))
            return ws.create_annotation(CreateAnnotationParams(date="2026-03-01", description="x")).id

        with ThreadPoolExecutor(8) as pool:
            ids = list(pool.map(work, range(40)))
        assert sorted(ids) == list(range(1, 41))
        assert len(ws.list_annotations()) == 40


def test_what_is_made_outlives_the_process_under_the_projects_path(export: Path, tmp_path: Path) -> None:
    with Workspace(project=str(export), cache=tmp_path) as ws:
        made = ws.create_annotation(CreateAnnotationParams(date="2026-03-01", description="kept"))
    with Workspace(project=str(export), cache=tmp_path) as ws:
        assert ws.list_annotations() == [made]
    other = tmp_path / "other.jsonl"
    other.write_bytes(export.read_bytes())
    with Workspace(project=str(other), cache=tmp_path) as ws:
        assert ws.list_annotations() == []


def test_looking_writes_no_file(export: Path, tmp_path: Path) -> None:
    with Workspace(project=str(export), cache=tmp_path) as ws:
        ws.list_annotations()
        with pytest.raises(QueryError):
            ws.get_annotation(1)
    assert not (tmp_path / "entities").exists()


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"format": 9}', '{"format": 1, "collections": {"a": {"x": 1}}}']
)
def test_a_file_that_is_no_store_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "entities.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(EventDataError, match=r"entities\.json: cannot be read as the entities"):
        EntityStore(file).rows("a")


def test_a_file_is_readable_json(tmp_path: Path) -> None:
    store = EntityStore(tmp_path / "entities.json")
    with store.transaction(writes=True):
        store.collection("a").rows["1"] = {"id": 1}
    document = json.loads((tmp_path / "entities.json").read_text(encoding="utf-8"))
    assert document == {
        "format": 1,
        "collections": {"a": {"rows": {"1": {"id": 1}}, "history": {}, "made": 0}},
    }
    assert EntityStore(tmp_path / "entities.json").collection("a") == Collection({"1": {"id": 1}})


def test_the_demo_begins_with_what_the_shop_has_made_and_forgets_the_rest() -> None:
    with Workspace(project="demo") as ws:
        assert [(one.id, one.title) for one in ws.list_dashboards()] == [(1, "Checkout"), (2, "Growth")]
        assert [(one.id, one.bookmark_type) for one in ws.list_bookmarks_v2(bookmark_type="funnels")] == [
            (1, "funnels"),
            (2, "funnels"),
        ]
        cohorts = {one.name: one.count for one in ws.list_cohorts_full()}
        profiles = ws.query_user(cohort=2, mode="aggregate", aggregate="count").value
        assert cohorts["Premium subscribers"] == profiles > 0
        assert [one.status for one in ws.list_experiments()] == ["success", "active", "draft"]
        assert [one.key for one in ws.list_feature_flags() if one.status == "enabled"] == [
            "one-page-checkout",
            "loyalty-banner",
        ]
        assert all(one.valid for one in ws.list_alerts())
        assert [one.name for one in ws.list_annotation_tags()] == ["release", "campaign"]
        assert ws.list_webhooks()[0].name == "On call"
        ws.delete_dashboard(1)
    with Workspace(project="demo", now=datetime(2026, 1, 1, tzinfo=UTC)) as ws:
        assert [one.id for one in ws.list_dashboards()] == [1, 2]


def test_the_demos_saved_reports_can_be_asked() -> None:
    with Workspace(project="demo") as ws:
        report = ws.get_bookmark(3)
        assert report.params is not None
        answer = ws.run_params(report.params)
        assert answer.df.equals(ws.query("Purchase", last=28).df)
