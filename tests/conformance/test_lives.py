"""The published client lives the lives of our entities over HTTP, and reads what ours reads.

A life is written once, against either client and its names; each lives it on a new server, so that ids and
times are equal too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel

import pytest_mixpanel
from pytest_mixpanel.server.app import Server
from pytest_mixpanel.server.running import running
from tests.engine.events import event, project

STORE = project(
    [event("Login", user, f"2026-03-0{day}T10:00") for user in ("ana", "ben") for day in (1, 2)]
    + [event("Purchase", "ana", "2026-03-02T11:00")]
)
NOW = datetime(2026, 3, 3, tzinfo=UTC)
BUYERS = {
    "selector": {
        "operator": "and",
        "children": [{"property": "behaviors", "value": "bhvr_0", "operator": ">=", "operand": 1}],
    },
    "behaviors": {
        "bhvr_0": {
            "count": {"event_selector": {"event": "Purchase", "selector": None}, "type": "absolute"},
            "window": {"unit": "day", "value": 30},
        }
    },
}


def home(ws: Any, mp: Any) -> int:
    return int(ws.create_dashboard(mp.CreateDashboardParams(title="Home")).id)


def report(ws: Any, mp: Any) -> Any:
    return ws.create_bookmark(
        mp.CreateBookmarkParams(
            name="Logins",
            bookmark_type="insights",
            params=ws.build_params("Login", from_date="2026-03-01", to_date="2026-03-02"),
            dashboard_id=home(ws, mp),
        )
    )


def dashboards(ws: Any, mp: Any) -> Iterator[Any]:
    card = mp.DashboardRowContent(content_type="text", content_params={"markdown": "a"})
    rows = [mp.DashboardRow(contents=[card, card])]
    board = ws.create_dashboard(mp.CreateDashboardParams(title="Growth", rows=rows))
    yield board
    yield ws.update_dashboard(board.id, mp.UpdateDashboardParams(title="Growth, weekly"))
    ws.favorite_dashboard(board.id)
    ws.pin_dashboard(board.id)
    yield ws.get_dashboard(board.id)
    ws.update_text_card(board.id, 1, mp.UpdateTextCardParams(markdown="b"))
    yield ws.create_dashboard(mp.CreateDashboardParams(title="Copy", duplicate=board.id))
    ws.unpin_dashboard(board.id)
    ws.unfavorite_dashboard(board.id)
    yield ws.list_dashboards(ids=[board.id])
    yield ws.get_dashboard_erf(board.id)
    ws.bulk_delete_dashboards([board.id])
    yield ws.list_dashboards()


def blueprints(ws: Any, mp: Any) -> Iterator[Any]:
    yield ws.list_blueprint_templates()
    board = ws.create_blueprint("conversion")
    yield ws.get_blueprint_config(board.id)
    ws.update_blueprint_cohorts([{"id": 1}])
    card = mp.BlueprintCard(card_type="text", markdown="a")
    yield ws.finalize_blueprint(mp.BlueprintFinishParams(dashboard_id=board.id, cards=[card]))
    source = mp.RcaSourceData(source_type="anomaly", date="2026-03-02")
    params = mp.CreateRcaDashboardParams(rca_source_id=3, rca_source_data=source)
    yield ws.create_rca_dashboard(params)


def reports(ws: Any, mp: Any) -> Iterator[Any]:
    saved = report(ws, mp)
    yield saved
    yield ws.update_bookmark(saved.id, mp.UpdateBookmarkParams(name="Visits"))
    ws.bulk_update_bookmarks([mp.BulkUpdateBookmarkEntry(id=saved.id, description="by day")])
    yield ws.get_bookmark(saved.id)
    yield ws.get_bookmark_history(saved.id, page_size=2)
    yield ws.bookmark_linked_dashboard_ids(saved.id)
    yield ws.get_bookmark_dashboard_ids(saved.id)
    yield ws.add_report_to_dashboard(saved.dashboard_id, saved.id)
    yield ws.list_bookmarks_v2(bookmark_type="insights")
    ws.delete_bookmark(saved.id)
    ws.bulk_delete_bookmarks([saved.id + 1])
    yield ws.list_bookmarks_v2()


def cohorts(ws: Any, mp: Any) -> Iterator[Any]:
    buyers = ws.create_cohort(mp.CreateCohortParams(name="Buyers", definition=BUYERS))
    yield buyers
    yield ws.update_cohort(buyers.id, mp.UpdateCohortParams(description="bought"))
    ws.bulk_update_cohorts([mp.BulkUpdateCohortEntry(id=buyers.id, name="They bought")])
    yield ws.get_cohort(buyers.id)
    asked = ws.query(
        "Login", where=mp.Filter.in_cohort(buyers.id, "Buyers"), mode="total",
        from_date="2026-03-01", to_date="2026-03-02",
    )  # fmt: skip
    yield int(asked.df["count"].sum())
    ws.delete_cohort(buyers.id)
    yield ws.list_cohorts_full()


def flags(ws: Any, mp: Any) -> Iterator[Any]:
    flag = ws.create_feature_flag(mp.CreateFeatureFlagParams(name="New checkout", key="new-checkout"))
    yield flag
    yield ws.update_feature_flag(
        flag.id,
        mp.UpdateFeatureFlagParams(
            name="Newer", key=flag.key, status=mp.FeatureFlagStatus.ENABLED, ruleset=flag.ruleset
        ),
    )
    ws.archive_feature_flag(flag.id)
    yield ws.list_feature_flags(include_archived=True)
    yield ws.restore_feature_flag(flag.id)
    yield ws.duplicate_feature_flag(flag.id)
    ws.set_flag_test_users(flag.id, mp.SetTestUsersParams(users={"ana": "On"}))
    yield ws.get_flag_history(flag.id, page="1", page_size=3)
    yield ws.get_flag_limits()
    ws.delete_feature_flag(flag.id)
    yield ws.list_feature_flags()


def experiments(ws: Any, mp: Any) -> Iterator[Any]:
    draft = ws.create_experiment(mp.CreateExperimentParams(name="Short form", hypothesis="sells more"))
    yield draft
    yield ws.update_experiment(draft.id, mp.UpdateExperimentParams(tags=["checkout"]))
    yield ws.launch_experiment(draft.id)
    yield ws.conclude_experiment(draft.id, params=mp.ExperimentConcludeParams(end_date="2026-03-03"))
    yield ws.decide_experiment(draft.id, mp.ExperimentDecideParams(success=True, variant="short"))
    ws.archive_experiment(draft.id)
    yield ws.list_experiments(include_archived=True)
    yield ws.restore_experiment(draft.id)
    yield ws.duplicate_experiment(draft.id, mp.DuplicateExperimentParams(name="Shorter form"))
    yield ws.list_erf_experiments()
    ws.delete_experiment(draft.id)
    yield ws.list_experiments()


def alerts(ws: Any, mp: Any) -> Iterator[Any]:
    params = mp.CreateAlertParams(
        bookmark_id=report(ws, mp).id,
        name="Few logins",
        condition={"keys": [{"header": "Login", "value": "Login"}], "op": "<", "value": 3},
        frequency=86_400,
        paused=False,
        subscriptions=[{"type": "email", "value": "ops@shop.test"}],
    )
    alert = ws.create_alert(params)
    yield alert
    yield ws.update_alert(alert.id, mp.UpdateAlertParams(paused=True))
    yield ws.get_alert(alert.id)
    yield ws.get_alert_count()
    yield ws.get_alert_history(alert.id, page_size=1)
    yield ws.test_alert(params)
    yield ws.validate_alerts_for_bookmark(
        mp.ValidateAlertsForBookmarkParams(
            alert_ids=[alert.id], bookmark_type="insights", bookmark_params=ws.build_params("Purchase")
        )
    )
    ws.bulk_delete_alerts([alert.id])
    yield ws.list_alerts(skip_user_filter=True)


def annotations(ws: Any, mp: Any) -> Iterator[Any]:
    tag = ws.create_annotation_tag(mp.CreateAnnotationTagParams(name="release"))
    yield tag
    note = ws.create_annotation(
        mp.CreateAnnotationParams(date="2026-03-02", description="4.2", tags=[tag.id])
    )
    yield note
    yield ws.update_annotation(note.id, mp.UpdateAnnotationParams(description="4.2 is out"))
    yield ws.get_annotation(note.id)
    yield ws.list_annotations(from_date="2026-03-01", to_date="2026-03-03", tags=[tag.id])
    yield ws.list_annotation_tags()
    ws.delete_annotation(note.id)
    yield ws.list_annotations()


def webhooks(ws: Any, mp: Any) -> Iterator[Any]:
    hook = ws.create_webhook(mp.CreateWebhookParams(name="ops", url="https://ops.example/"))
    yield hook
    yield ws.update_webhook(hook.id, mp.UpdateWebhookParams(is_enabled=False))
    yield ws.list_webhooks()
    yield ws.test_webhook(mp.WebhookTestParams(url="https://ops.example/"))
    ws.delete_webhook(hook.id)
    yield ws.list_webhooks()


LIVES: tuple[Callable[[Any, Any], Iterator[Any]], ...] = (
    dashboards, blueprints, reports, cohorts, flags, experiments, alerts, annotations, webhooks,
)  # fmt: skip


@contextmanager
def served(monkeypatch: pytest.MonkeyPatch, home: str) -> Iterator[None]:
    """A new server that clients find through the environment."""
    with running(Server(STORE, NOW)) as local:
        for name, value in {**local.environment, "HOME": home, "MP_CONFIG_PATH": f"{home}/none"}.items():
            monkeypatch.setenv(name, value)
        yield


def plain(value: Any) -> Any:
    """What was read, as JSON, without what is absent."""
    if isinstance(value, BaseModel):
        return plain(value.model_dump(mode="json", by_alias=True))
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items() if one is not None}
    return [plain(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.__name__)
def test_both_clients_live_the_same_life(
    life: Callable[[Any, Any], Iterator[Any]], monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    headless = pytest.importorskip("mixpanel_headless")
    with served(monkeypatch, str(tmp_path)), headless.Workspace() as ws:
        theirs = [plain(one) for one in life(ws, headless)]
    with served(monkeypatch, str(tmp_path)), pytest_mixpanel.Workspace(allow_writes=True) as ws:
        ours = [plain(one) for one in life(ws, pytest_mixpanel)]
    assert ours == theirs
    assert any(theirs)
