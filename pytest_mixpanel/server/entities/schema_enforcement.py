"""Schema enforcement: one configuration, or none. A local project takes no events in that it could judge."""

from __future__ import annotations

from pytest_mixpanel.api.entities.schema_enforcement import (
    InitSchemaEnforcementParams,
    ReplaceSchemaEnforcementParams,
    UpdateSchemaEnforcementParams,
)
from pytest_mixpanel.api.surfaces.schema_enforcement import SchemaEnforcement
from pytest_mixpanel.server.entities.asked import USER, Asked, Kind, Routes
from pytest_mixpanel.server.entities.store import Row
from pytest_mixpanel.server.messages import BadRequest

CONFIG = Kind("schema_enforcement", "schema enforcement", created=None, modified="lastModified")
RULES = ("Warn and Accept", "Warn and Hide", "Warn and Drop")
EMPTY: Row = {"notificationEmails": [], "events": [], "commonProperties": [], "userProperties": []}


def get(asked: Asked) -> Row:
    row = _config(asked)
    fields = asked.query.get("fields")
    return row if fields is None else {name: row[name] for name in fields.split(",") if name in row}


def init(asked: Asked) -> Row:
    if CONFIG.all(asked):
        raise BadRequest("schema enforcement is initialized already")
    given = asked.read(InitSchemaEnforcementParams)
    _check(given)
    by = {"state": "planned", "initializedBy": USER, "lastModifiedBy": USER}
    return CONFIG.add(asked, {**EMPTY, **given, **by})


def update(asked: Asked) -> Row:
    row, given = _config(asked), asked.read(UpdateSchemaEnforcementParams)
    _check(given)
    named = given.pop("properties", None) or {}
    if "events" in given or named:
        events = given.get("events") or [one["name"] for one in row["events"]]
        known = {one["name"]: one for one in row["events"]}
        given["events"] = [
            {**known.get(name, {}), "name": name, **({"properties": named[name]} if name in named else {})}
            for name in dict.fromkeys([*events, *named])
        ]
    return CONFIG.change(asked, row["id"], {**given, "lastModifiedBy": USER})


def replace(asked: Asked) -> Row:
    row, given = _config(asked), asked.read(ReplaceSchemaEnforcementParams)
    _check(given)
    given.pop("schemaId", None)
    return CONFIG.change(asked, row["id"], {**given, "lastModifiedBy": USER})


def delete(asked: Asked) -> Row:
    CONFIG.remove(asked, _config(asked)["id"])
    return {}


def _config(asked: Asked) -> Row:
    rows = CONFIG.all(asked)
    if not rows:
        raise BadRequest("schema enforcement is not initialized", 404)
    return rows[0]


def _check(given: Row) -> None:
    if given.get("ruleEvent") is not None and given["ruleEvent"] not in RULES:
        raise BadRequest(f"ruleEvent: should be one of {', '.join(RULES)}, not {given['ruleEvent']!r}")


ROUTES: Routes = {
    SchemaEnforcement.get_schema_enforcement: get,
    SchemaEnforcement.init_schema_enforcement: init,
    SchemaEnforcement.update_schema_enforcement: update,
    SchemaEnforcement.replace_schema_enforcement: replace,
    SchemaEnforcement.delete_schema_enforcement: delete,
}
