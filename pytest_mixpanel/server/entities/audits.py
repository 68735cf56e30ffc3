"""Audits of the last 30 days against the schemas, and unexpected volumes of the last 30 days."""

from __future__ import annotations

from pytest_mixpanel.api.entities.audits import BulkUpdateAnomalyParams, UpdateAnomalyParams
from pytest_mixpanel.api.surfaces.audits import Audits
from pytest_mixpanel.engine.discovery.activity import volume_anomalies
from pytest_mixpanel.engine.discovery.audit import violations
from pytest_mixpanel.server.entities import lexicon
from pytest_mixpanel.server.entities.asked import Asked, Kind, Routes
from pytest_mixpanel.server.entities.store import Row
from pytest_mixpanel.server.members import PROJECT_ID
from pytest_mixpanel.server.messages import BadRequest

ANOMALY = Kind("anomalies", "anomaly", created=None, modified=None)
STATES = ("open", "dismissed")


def audit(asked: Asked) -> list[object]:
    return _audit(asked, events_only=False)


def audit_events(asked: Asked) -> list[object]:
    return _audit(asked, events_only=True)


def listed(asked: Asked) -> Row:
    _measure(asked)
    rows = ANOMALY.all(asked)
    status, event, limit = (asked.query.get(name) for name in ("status", "event_id", "limit"))
    if status is not None:
        rows = [row for row in rows if row["status"] == status]
    if event is not None:
        rows = [row for row in rows if str(row["event"]) == event]
    if limit is not None and not limit.isdecimal():
        raise BadRequest(f"limit: should be a whole number, not {limit!r}")
    return {"anomalies": rows[::-1][: int(limit) if limit else None]}


def update(asked: Asked) -> Row:
    given = asked.read(UpdateAnomalyParams)
    return _set(asked, given["id"], given["status"])


def update_many(asked: Asked) -> Row:
    given = asked.read(BulkUpdateAnomalyParams)
    rows = [_set(asked, one["id"], given["status"]) for one in given["anomalies"]]
    return {"anomalies": rows}


def _audit(asked: Asked, *, events_only: bool) -> list[object]:
    planned = {
        row["name"]: row["schema"] for row in lexicon.entries(asked, "event") if row.get("schema") is not None
    }
    if not planned:
        raise BadRequest("the project has no schemas to audit against")
    hidden = {row["name"] for row in lexicon.entries(asked) if row.get("metadata", {}).get("hidden")}
    sensitive = {row["name"] for row in lexicon.properties(asked) if row.get("sensitive")}
    found = violations(asked.events, asked.now, planned, events_only=events_only)
    shown = [
        {**one, **({"sensitive": one["name"] in sensitive} if "event" in one else {})}
        for one in found
        if one["name"] not in hidden or "event" in one
    ]
    return [shown, {"computed_at": asked.moment}]


def _measure(asked: Asked) -> None:
    """Keep the anomalies that are not known yet; an anomaly keeps its number and its status."""
    known = {(row["eventName"], row["timestamp"]) for row in ANOMALY.all(asked)}
    numbers = {row["name"]: row["id"] for row in lexicon.entries(asked, "event")}
    for one in volume_anomalies(asked.events, asked.now):
        if (one["eventName"], one["timestamp"]) not in known:
            told = {"status": "open", "anomalyClass": "Event", "project": PROJECT_ID}
            ANOMALY.add(asked, {**one, **told, "event": numbers.get(one["eventName"])})


def _set(asked: Asked, number: int, status: str) -> Row:
    if status not in STATES:
        raise BadRequest(f"status: should be open or dismissed, not {status!r}")
    _measure(asked)
    return ANOMALY.change(asked, number, {"status": status})


ROUTES: Routes = {
    Audits.run_audit: audit,
    Audits.run_audit_events_only: audit_events,
    Audits.list_data_volume_anomalies: listed,
    Audits.update_anomaly: update,
    Audits.bulk_update_anomalies: update_many,
}
