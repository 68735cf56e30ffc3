"""Definitions of events and properties, their history, the export of the Lexicon."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pytest_mixpanel.api.entities.definitions import (
    BulkEventUpdate,
    BulkPropertyUpdate,
    UpdateEventDefinitionParams,
    UpdatePropertyDefinitionParams,
)
from pytest_mixpanel.api.surfaces.custom_events import CustomEvents
from pytest_mixpanel.api.surfaces.definitions import ALL_OF_THE_LEXICON, Definitions
from pytest_mixpanel.engine.discovery.activity import activity_of
from pytest_mixpanel.server.entities import lexicon
from pytest_mixpanel.server.entities.asked import Asked, Routes
from pytest_mixpanel.server.entities.lexicon import ENTRY, PROPERTY
from pytest_mixpanel.server.entities.lexicon_tags import make_tags
from pytest_mixpanel.server.entities.store import Row
from pytest_mixpanel.server.messages import BadRequest

OF_METADATA = {
    "displayName": "displayName",
    "hidden": "hidden",
    "dropped": "dropped",
    "tags": "tags",
    "contacts": "contacts",
    "team_contacts": "teamContacts",
}
"""Fields of a definition that are Mixpanel's metadata of the schema, under the name they have there."""


def event_definition(row: Row) -> Row:
    """An entry of the Lexicon as a definition."""
    said = row.get("metadata", {})
    shown = {
        "id": row["id"],
        "name": row["name"],
        "displayName": said.get("displayName"),
        "description": (row.get("schema") or {}).get("description", row.get("description")),
        "hidden": said.get("hidden", False),
        "dropped": said.get("dropped", False),
        "merged": row.get("merged", False),
        "verified": row.get("verified", False),
        "tags": said.get("tags", []),
        "customEventId": row.get("customEventId"),
        "createdUtc": row["createdUtc"],
        "modifiedUtc": row["modifiedUtc"],
        "lastModified": row["modifiedUtc"],
    }
    return {name: value for name, value in shown.items() if value is not None}


def events(asked: Asked) -> list[Row]:
    """Definitions by name, all without names; or the custom events."""
    wanted = asked.request.repeated.get("name[]")
    custom = asked.query.get("custom_event") == "true"
    rows = [row for row in lexicon.entries(asked) if row["entityType"] != "profile"]
    return [
        event_definition(row)
        for row in rows
        if ("customEventId" in row if custom else wanted is None or row["name"] in wanted)
    ]


def change_events(asked: Asked) -> Row | list[Row]:
    """One address for three operations, which the body tells apart."""
    body = asked.body
    if "events" in body:
        changes = asked.each("events", BulkEventUpdate)
        return [_change(asked, _named(asked, one), one) for one in changes]
    if "customEventId" in body:
        return _change(
            asked, custom_event(asked, body["customEventId"]), asked.read(UpdateEventDefinitionParams)
        )
    return _change(asked, _named(asked, body), asked.read(UpdateEventDefinitionParams))


def delete_event(asked: Asked) -> None:
    body = asked.body
    if "customEventId" in body:
        ENTRY.remove(asked, custom_event(asked, body["customEventId"])["id"])
        return
    row = _named(asked, body)
    ENTRY.change(asked, row["id"], {"deleted": True}, "deleted")


def custom_event(asked: Asked, number: Any) -> Row:
    """The entry of a custom event."""
    for row in lexicon.entries(asked):
        if row.get("customEventId") == number:
            return row
    raise BadRequest(f"there is no custom event {number}", 404)


def event_history(asked: Asked) -> list[Row]:
    return ENTRY.history(asked, _entry(asked, asked.path["event_name"])["id"])


def tracking(asked: Asked) -> Row:
    """Since when and how often an event comes."""
    name = asked.query.get("event_name", "")
    _entry(asked, name)
    return {"event_name": name, **activity_of(asked.events, name, asked.now)}


def properties(asked: Asked) -> list[Row]:
    wanted = asked.request.repeated.get("name[]")
    resource = asked.query.get("resourceType")
    if resource not in (None, "Event", "User"):
        raise BadRequest(f"resourceType: should be Event or User, not {resource!r}")
    described = _descriptions(asked)
    return [
        property_definition(row, described)
        for row in lexicon.properties(asked)
        if (wanted is None or row["name"] in wanted) and resource in (None, row["resourceType"])
    ]


def property_definition(row: Row, described: Mapping[tuple[str, str], str]) -> Row:
    """A property's row as a definition; without a description of its own, that of the first schema."""
    text = described.get((row["resourceType"], row["name"]))
    said = {"hidden": False, "dropped": False, "merged": False, "sensitive": False}
    return {**said, **({"description": text} if text else {}), **row}


def change_properties(asked: Asked) -> Row | list[Row]:
    """One property, or several (``properties``)."""
    body = asked.body
    if "properties" not in body:
        changes = asked.read(UpdatePropertyDefinitionParams)
        return _change_property(asked, str(body.get("name", "")), changes)
    found = asked.each("properties", BulkPropertyUpdate)
    return [_change_property(asked, one.pop("name"), one) for one in found]


def property_history(asked: Asked) -> list[Row]:
    resource = "User" if asked.query.get("entity_type", "event").lower() in ("user", "users") else "Event"
    row = _known_property(asked, resource, asked.path["property_name"])
    return PROPERTY.history(asked, row["id"])


def export(asked: Asked) -> Row:
    try:
        parts = json.loads(asked.query.get("export_type", json.dumps(ALL_OF_THE_LEXICON)))
    except ValueError as error:
        raise BadRequest("export_type: should be a JSON list of texts") from error
    described = _descriptions(asked)
    shown = [property_definition(row, described) for row in lexicon.properties(asked)]
    found: Row = {}
    if ALL_OF_THE_LEXICON[0] in parts:
        found["events"] = events(asked)
        found["event_properties"] = [row for row in shown if row["resourceType"] == "Event"]
    if ALL_OF_THE_LEXICON[1] in parts:
        found["user_properties"] = [row for row in shown if row["resourceType"] == "User"]
    return found


def _change(asked: Asked, row: Row, given: Row) -> Row:
    changes = {name: value for name, value in given.items() if name not in ("name", "id", "customEventId")}
    own = {OF_METADATA[name]: changes.pop(name) for name in list(changes) if name in OF_METADATA}
    if "tags" in own:
        make_tags(asked, own["tags"] or [])
    if "description" in changes and row.get("schema") is not None:
        changes["schema"] = {**row["schema"], "description": changes["description"]}
    kept = {name: value for name, value in {**row.get("metadata", {}), **own}.items() if value is not None}
    if own:
        changes["metadata"] = kept
    return event_definition(ENTRY.change(asked, row["id"], changes))


def _named(asked: Asked, given: Mapping[str, Any]) -> Row:
    """The entry that a body names, by name or id; one that is unknown is made, as the service does."""
    name, number = given.get("name"), given.get("id")
    if name is None and number is None:
        raise BadRequest("name: missing")
    if name is None:
        return ENTRY.one(asked, number if isinstance(number, int) else "")
    if not isinstance(name, str) or not name:
        raise BadRequest("name: should be an event's name")
    found = lexicon.entry(asked, "event", name)
    return found or ENTRY.add(asked, {"entityType": "event", "name": name, "metadata": {}})


def _entry(asked: Asked, name: str) -> Row:
    found = lexicon.entry(asked, "event", name)
    if found is None:
        raise BadRequest(f"there is no event {name!r}", 404)
    return found


def _change_property(asked: Asked, name: str, given: Row) -> Row:
    resource = given.pop("resourceType", "Event")
    row = _known_property(asked, resource, name)
    given.pop("id", None)
    return property_definition(PROPERTY.change(asked, row["id"], given), _descriptions(asked))


def _known_property(asked: Asked, resource: str, name: str) -> Row:
    found = lexicon.by_name(lexicon.properties(asked)).get((resource, name))
    if found is None:
        raise BadRequest(f"there is no property {name!r} of an {resource}", 404)
    return found


def _descriptions(asked: Asked) -> dict[tuple[str, str], str]:
    """What the first schema that describes a property says of it."""
    found: dict[tuple[str, str], str] = {}
    for row in lexicon.entries(asked):
        resource = "User" if row["entityType"] == "profile" else "Event"
        for name, described in ((row.get("schema") or {}).get("properties") or {}).items():
            if isinstance(described, dict) and described.get("description"):
                found.setdefault((resource, name), described["description"])
    return found


ROUTES: Routes = {
    Definitions.get_event_definitions: events,
    Definitions.update_event_definition: change_events,
    Definitions.delete_event_definition: delete_event,
    Definitions.bulk_update_event_definitions: change_events,
    Definitions.get_property_definitions: properties,
    Definitions.update_property_definition: change_properties,
    Definitions.bulk_update_property_definitions: change_properties,
    Definitions.export_lexicon: export,
    Definitions.get_event_history: event_history,
    Definitions.get_property_history: property_history,
    Definitions.get_tracking_metadata: tracking,
    CustomEvents.list_custom_events: events,
    CustomEvents._update_custom_event: change_events,
    CustomEvents.delete_custom_event: delete_event,
}
