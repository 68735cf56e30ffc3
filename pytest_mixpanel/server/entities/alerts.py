"""Alerts on saved reports. A local project keeps them and says whether they fit; it checks and sends none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_mixpanel.api.entities.alerts import (
    CreateAlertParams,
    UpdateAlertParams,
    ValidateAlertsForBookmarkParams,
)
from pytest_mixpanel.api.surfaces.alerts import Alerts
from pytest_mixpanel.server.entities.asked import (
    USER,
    Asked,
    Kind,
    Routes,
    page_size,
    paged,
)
from pytest_mixpanel.server.entities.cards import BOOKMARK
from pytest_mixpanel.server.entities.store import Row
from pytest_mixpanel.server.members import PROJECT_ID, WORKSPACE, WORKSPACE_ID
from pytest_mixpanel.server.messages import BadRequest

ALERT = Kind("alerts", "alert")
LIMIT = 50
NEW: Row = {
    "creator": {"id": USER["id"], "first_name": "Local", "last_name": "User", "email": USER["email"]},
    "workspace": {"id": WORKSPACE_ID, "name": WORKSPACE},
    "project": {"id": PROJECT_ID},
    "last_checked": None,
    "last_fired": None,
}


def listed(asked: Asked) -> list[Row]:
    wanted = asked.query.get("bookmark_id")
    return [_shown(asked, row) for row in ALERT.all(asked) if wanted in (None, str(row["bookmark_id"]))]


def create(asked: Asked) -> Row:
    given = asked.read(CreateAlertParams)
    _check(asked, given)
    if len(ALERT.all(asked)) >= LIMIT:
        raise BadRequest(f"a project has at most {LIMIT} alerts")
    return _shown(asked, ALERT.add(asked, {**NEW, **given}))


def get(asked: Asked) -> Row:
    return _shown(asked, _alert(asked))


def update(asked: Asked) -> Row:
    changes = asked.read(UpdateAlertParams)
    _check(asked, changes)
    return _shown(asked, ALERT.change(asked, asked.path["alert_id"], changes))


def delete(asked: Asked) -> None:
    ALERT.remove(asked, asked.path["alert_id"])


def delete_all(asked: Asked) -> Row:
    for id in asked.listed_ids("alert_ids", ALERT):
        ALERT.remove(asked, id)
    return {}


def count(asked: Asked) -> Row:
    there = len(ALERT.all(asked))
    return {"anomaly_alerts_count": there, "alert_limit": LIMIT, "is_below_limit": there < LIMIT}


def history(asked: Asked) -> Row:
    entries = ALERT.history(asked, asked.path["alert_id"])
    cursor = asked.query.get("next_cursor") or asked.query.get("previous_cursor")
    return paged(entries, cursor, page_size(asked, 20))


def test(asked: Asked) -> Row:
    _check(asked, asked.read(CreateAlertParams))
    return {"sent": False, "message": "not sent: the project is local"}


def screenshot(asked: Asked) -> Row:
    key = asked.query.get("gcs_key")
    if not key:
        raise BadRequest("gcs_key: missing")
    raise BadRequest(f"there is no screenshot {key}: a local project fires no alerts", 404)


def validate(asked: Asked) -> Row:
    given = asked.read(ValidateAlertsForBookmarkParams)
    verdicts = []
    for id in given["alert_ids"]:
        alert = ALERT.one(asked, id)
        reason = _misfit(alert["condition"], given["bookmark_params"])
        verdict = {"alert_id": id, "alert_name": alert["name"], "valid": reason is None, "reason": reason}
        verdicts.append(verdict)
    return {"alert_validations": verdicts, "invalid_count": sum(not one["valid"] for one in verdicts)}


def _alert(asked: Asked) -> Row:
    return ALERT.one(asked, asked.path["alert_id"])


def _check(asked: Asked, given: Row) -> None:
    """Refuse an alert on no report, or that is never checked."""
    if "bookmark_id" in given:
        BOOKMARK.one(asked, given["bookmark_id"])
    if given.get("frequency", 1) < 1:
        raise BadRequest("frequency: should be a number of seconds")


def _shown(asked: Asked, row: Row) -> Row:
    """An alert with its report as it is now; without a living one it is not valid."""
    id = row["bookmark_id"]
    report = next((one for one in BOOKMARK.found(asked, [id]) if not one.get("deleted")), None)
    named = {"name": report["name"], "type": report["type"]} if report else {}
    fits = report is not None and _misfit(row["condition"], report["params"]) is None
    return {**row, "bookmark": {"id": id, **named}, "valid": fits}


def _misfit(condition: Mapping[str, Any], params: Mapping[str, Any]) -> str | None:
    """Why a condition does not fit a report's params: it names an event that they do not show."""
    shown = _names(params)
    for key in condition.get("keys") or []:
        name = key.get("value") if isinstance(key, Mapping) else None
        if isinstance(name, str) and name not in shown:
            return f"the report does not show {name!r}"
    return None


def _names(params: Any) -> set[str]:
    """Every name in params."""
    if isinstance(params, Mapping):
        here = {str(params["name"])} if isinstance(params.get("name"), str) else set()
        return here.union(*(_names(value) for value in params.values()))
    return set().union(*(_names(one) for one in params)) if isinstance(params, list) else set()


ROUTES: Routes = {
    Alerts.list_alerts: listed,
    Alerts.create_alert: create,
    Alerts.get_alert: get,
    Alerts.update_alert: update,
    Alerts.delete_alert: delete,
    Alerts.bulk_delete_alerts: delete_all,
    Alerts.get_alert_count: count,
    Alerts.get_alert_history: history,
    Alerts.test_alert: test,
    Alerts.get_alert_screenshot_url: screenshot,
    Alerts.validate_alerts_for_bookmark: validate,
}
