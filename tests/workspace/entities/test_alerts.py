"""The life of an alert."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mixpanel import ParamValidationError, QueryError, Workspace
from pytest_mixpanel.api.entities.alerts import (
    AlertFrequencyPreset,
    CreateAlertParams,
    UpdateAlertParams,
    ValidateAlertsForBookmarkParams,
)
from pytest_mixpanel.api.entities.bookmarks import Bookmark, UpdateBookmarkParams
from pytest_mixpanel.api.entities.dashboards import CreateDashboardParams
from tests.workspace.entities.test_dashboards import report


@pytest.fixture
def logins(ws: Workspace) -> Bookmark:
    return report(ws, ws.create_dashboard(CreateDashboardParams(title="Home")).id)


def params(bookmark_id: int, **more: Any) -> CreateAlertParams:
    plain: dict[str, Any] = {
        "name": "Few logins",
        "condition": {"keys": [{"header": "Login", "value": "Login"}], "op": "<", "value": 3},
        "frequency": AlertFrequencyPreset.DAILY,
        "paused": False,
        "subscriptions": [{"type": "email", "value": "ops@shop.test"}],
    }
    return CreateAlertParams(bookmark_id=bookmark_id, **{**plain, **more})


def test_an_alert_is_made_found_changed_and_deleted(ws: Workspace, logins: Bookmark) -> None:
    alert = ws.create_alert(params(logins.id))
    assert alert.bookmark is not None
    assert (alert.bookmark.id, alert.bookmark.name, alert.frequency) == (logins.id, "Logins", 86_400)
    assert alert.valid
    assert ws.get_alert(alert.id) == alert
    assert ws.list_alerts() == [alert]
    assert ws.list_alerts(bookmark_id=logins.id + 1) == []
    assert ws.list_alerts(bookmark_id=logins.id, skip_user_filter=True) == [alert]
    assert ws.get_alert_count().anomaly_alerts_count == 1

    paused = ws.update_alert(alert.id, UpdateAlertParams(paused=True))
    assert (paused.paused, paused.name) == (True, "Few logins")
    history = ws.get_alert_history(alert.id, page_size=1)
    assert [entry["action"] for entry in history.results] == ["updated"]
    assert history.pagination is not None
    rest = ws.get_alert_history(alert.id, next_cursor=history.pagination.next_cursor)
    assert [entry["action"] for entry in rest.results] == ["created"]

    ws.delete_alert(alert.id)
    assert ws.list_alerts() == []
    with pytest.raises(QueryError, match="there is no alert 1"):
        ws.get_alert(alert.id)


def test_several_are_deleted_by_explicit_ids(ws: Workspace, logins: Bookmark) -> None:
    ids = [ws.create_alert(params(logins.id, name=name)).id for name in "abc"]
    ws.bulk_delete_alerts(ids[:2])
    assert [one.name for one in ws.list_alerts()] == ["c"]


def test_an_alert_whose_report_is_gone_is_not_valid(ws: Workspace, logins: Bookmark) -> None:
    alert = ws.create_alert(params(logins.id))
    ws.update_bookmark(logins.id, UpdateBookmarkParams(deleted=True))
    assert not ws.get_alert(alert.id).valid
    ws.update_bookmark(logins.id, UpdateBookmarkParams(deleted=False))
    assert ws.get_alert(alert.id).valid
    ws.delete_bookmark(logins.id)
    assert not ws.get_alert(alert.id).valid
    with pytest.raises(QueryError, match=f"there is no report {logins.id}"):
        ws.create_alert(params(logins.id))


def test_alerts_that_would_no_longer_fit_are_told(ws: Workspace, logins: Bookmark) -> None:
    alert = ws.create_alert(params(logins.id))

    def verdict(event: str) -> tuple[bool, str | None, int]:
        wanted = ValidateAlertsForBookmarkParams(
            alert_ids=[alert.id], bookmark_type="insights", bookmark_params=ws.build_params(event)
        )
        answer = ws.validate_alerts_for_bookmark(wanted)
        (one,) = answer.alert_validations
        return one.valid, one.reason, answer.invalid_count

    assert verdict("Login") == (True, None, 0)
    assert verdict("Purchase") == (False, "the report does not show 'Login'", 1)


def test_nothing_of_a_local_project_is_sent(ws: Workspace, logins: Bookmark) -> None:
    assert ws.test_alert(params(logins.id))["sent"] is False
    assert ws.list_alerts() == []
    with pytest.raises(QueryError, match="no screenshot key"):
        ws.get_alert_screenshot_url("key")


def test_names_are_short(logins: Bookmark) -> None:
    with pytest.raises(ParamValidationError, match="at most 50"):
        params(logins.id, name="x" * 51)
