"""The Lexicon of a local project: one row per event, profile type and property, whoever asks for it.

Definitions, the schema registry and the engine read the same rows. They begin as what the events' own
Lexicon says and what was seen in the data. Mixpanel's own words about an entry (``hidden``, ``dropped``,
``tags``, ``displayName`` …) are kept once, as the schema's ``com.mixpanel`` metadata.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pytest_mixpanel.engine.discovery import names as discovery
from pytest_mixpanel.engine.store.store import BARE_PROFILE, Store
from pytest_mixpanel.server.entities.asked import Asked, Kind
from pytest_mixpanel.server.entities.store import EntityStore, Row

OWN = "com.mixpanel"
ENTRY = Kind("lexicon", "entry of the Lexicon", created="createdUtc", modified="modifiedUtc")
PROPERTY = Kind("lexicon_properties", "property of the Lexicon", created=None, modified=None)
SAID_OF_PROPERTIES = ("displayName", "hidden", "dropped")
PROFILE = "$user"


def entries(asked: Asked, entity_type: str | None = None) -> list[Row]:
    """The rows of events, custom events and profiles, of one type or of all, deleted ones left out."""
    begin(asked)
    return [
        row for row in ENTRY.all(asked) if not row.get("deleted") and entity_type in (None, row["entityType"])
    ]


def entry(asked: Asked, entity_type: str, name: str) -> Row | None:
    """The row of this name, ``None`` where there is none."""
    return next((row for row in entries(asked, entity_type) if row["name"] == name), None)


def properties(asked: Asked) -> list[Row]:
    """The rows of properties; ``resourceType`` is ``Event`` or ``User``."""
    begin(asked)
    return PROPERTY.all(asked)


def property_row(asked: Asked, resource: str, name: str) -> Row:
    """The row of a property, made where there is none."""
    for row in properties(asked):
        if (row["resourceType"], row["name"]) == (resource, name):
            return row
    return PROPERTY.add(asked, {"name": name, "resourceType": resource})


def begin(asked: Asked) -> None:
    """Make the rows that are not there yet: what the Lexicon of the events says, what was seen."""
    known = {(row["entityType"], row["name"]) for row in _rows(asked.entities, ENTRY)}
    fresh = not known
    seen = asked.events.event_names
    for said in asked.events.lexicon if fresh else ():
        _register(asked, str(said["entityType"]), str(said["name"]), dict(said.get("schemaJson") or {}))
        known.add((said["entityType"], said["name"]))
    for name in sorted(seen):
        if ("event", name) not in known:
            ENTRY.add(asked, {"entityType": "event", "name": name, "metadata": {}})
    if fresh:
        _begin_properties(asked)


def register(asked: Asked, entity_type: str, name: str, schema: Mapping[str, Any]) -> Row:
    """Register a schema or replace it. Mixpanel's metadata that is not given stays, ``null`` removes it."""
    found = entry(asked, entity_type, name)
    if found is None:
        return _register(asked, entity_type, name, dict(schema))
    own, rest = _parted(schema)
    metadata = {**found.get("metadata", {}), **own}
    kept = {key: value for key, value in metadata.items() if value is not None}
    _say_of_properties(asked, entity_type, rest)
    return ENTRY.change(asked, found["id"], {"schema": rest, "metadata": kept})


def schema_of(asked: Asked, row: Row, said: Mapping[tuple[str, str], Row] | None = None) -> dict[str, Any]:
    """The schema of an entry as the registry shows it, with what is said of it and of its properties."""
    schema: dict[str, Any] = copy.deepcopy(row["schema"])
    said = said if said is not None else by_name(properties(asked))
    resource = "User" if row["entityType"] == "profile" else "Event"
    for name, described in (schema.get("properties") or {}).items():
        told = said.get((resource, name), {})
        own = {key: told[key] for key in SAID_OF_PROPERTIES if key in told}
        if own and isinstance(described, dict):
            described.setdefault("metadata", {})[OWN] = own
    if row.get("metadata"):
        schema.setdefault("metadata", {})[OWN] = row["metadata"]
    return schema


def by_name(rows: Sequence[Row]) -> dict[tuple[str, str], Row]:
    """Rows of properties by resource type and name."""
    return {(row["resourceType"], row["name"]): row for row in rows}


def unregister(asked: Asked, row: Row) -> None:
    """Take the schema away; the definition stays."""
    collection = asked.entities.collection(ENTRY.collection)
    collection.rows[str(row["id"])].pop("schema", None)


def as_engine_reads(entities: EntityStore) -> list[Mapping[str, Any]] | None:
    """The Lexicon for queries, ``None`` where nobody has touched it."""
    rows = _rows(entities, ENTRY)
    if not rows:
        return None
    return [
        {
            "entityType": row["entityType"],
            "name": row["name"],
            "schemaJson": {**row.get("schema", {}), "metadata": {OWN: row.get("metadata", {})}},
        }
        for row in rows
    ]


def _register(asked: Asked, entity_type: str, name: str, schema: dict[str, Any]) -> Row:
    own, rest = _parted(schema)
    kept = {key: value for key, value in own.items() if value is not None}
    _say_of_properties(asked, entity_type, rest)
    return ENTRY.add(asked, {"entityType": entity_type, "name": name, "metadata": kept, "schema": rest})


def _parted(schema: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Mixpanel's metadata, and the schema without it."""
    rest = copy.deepcopy(dict(schema))
    metadata = rest.get("metadata")
    own = metadata.pop(OWN, None) if isinstance(metadata, dict) else None
    if metadata == {}:
        del rest["metadata"]
    return dict(own or {}), rest


def _say_of_properties(asked: Asked, entity_type: str, schema: Row) -> None:
    """Move what a schema says of properties to their own rows, which every schema shares."""
    resource = "User" if entity_type == "profile" else "Event"
    for name, described in (schema.get("properties") or {}).items():
        metadata = described.get("metadata") if isinstance(described, dict) else None
        own = metadata.pop(OWN, None) if isinstance(metadata, dict) else None
        if metadata == {}:
            del described["metadata"]
        if own:
            row = _row_of_property(asked, resource, name)
            PROPERTY.change(asked, row["id"], {k: own[k] for k in SAID_OF_PROPERTIES if k in own})


def _row_of_property(asked: Asked, resource: str, name: str) -> Row:
    found = by_name(_rows(asked.entities, PROPERTY)).get((resource, name))
    return found or PROPERTY.add(asked, {"name": name, "resourceType": resource})


def _begin_properties(asked: Asked) -> None:
    known = set(by_name(_rows(asked.entities, PROPERTY)))
    for resource, name in sorted({*_seen_properties(asked.events), *_described(asked)} - known):
        PROPERTY.add(asked, {"name": name, "resourceType": resource})


def _seen_properties(events: Store) -> Iterator[tuple[str, str]]:
    yield from (("Event", name) for name in events.columns if name not in discovery.HIDDEN_PROPERTIES)
    yield from (("User", name) for name in events.profiles if name != BARE_PROFILE)


def _described(asked: Asked) -> Iterator[tuple[str, str]]:
    for row in _rows(asked.entities, ENTRY):
        resource = "User" if row["entityType"] == "profile" else "Event"
        yield from ((resource, name) for name in (row.get("schema", {}).get("properties") or {}))


def _rows(entities: EntityStore, kind: Kind) -> list[Row]:
    return list(entities.collection(kind.collection).rows.values())
