"""The schema registry: entries of the Lexicon that have a schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_mixpanel.api.entities.schemas import BulkCreateSchemasParams
from pytest_mixpanel.api.surfaces.schemas import SchemaRegistry
from pytest_mixpanel.server.entities import lexicon
from pytest_mixpanel.server.entities.asked import Asked, Routes
from pytest_mixpanel.server.entities.store import Row
from pytest_mixpanel.server.messages import BadRequest

ENTITY_TYPES = ("event", "custom_event", "profile")
TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
MOST_PROPERTIES = 2_000


def listed(asked: Asked) -> list[Row] | Row:
    """The registered schemas, of all types or of the path's; of the one that is named its content alone."""
    said = lexicon.by_name(lexicon.properties(asked))
    found = [_shown(asked, row, said) for row in _registered(asked, asked.path.get("entity_type"))]
    name = asked.query.get("entity_name")
    if name is None:
        return found
    for schema in found:
        if schema["name"] == name:
            content: Row = schema["schemaJson"]
            return content
    raise BadRequest(f"there is no schema of {asked.path.get('entity_type', 'anything')} {name!r}", 404)


def create(asked: Asked) -> Row:
    _write(asked, _type(asked.path["entity_type"]), asked.path["entity_name"], asked.body)
    return {}


def update(asked: Asked) -> Row:
    _merge(asked, _type(asked.path["entity_type"]), asked.path["entity_name"], asked.body)
    return {}


def create_many(asked: Asked) -> Row:
    given = asked.read(BulkCreateSchemasParams)
    deleted = 0
    if given.get("truncate"):
        if not given.get("entityType"):
            raise BadRequest("truncate: needs entityType")
        deleted = _delete(asked, _registered(asked, given["entityType"]))
    for one in given["entries"]:
        _write(asked, _type(one["entityType"]), one["name"], one["schemaJson"])
    return {"added": len(given["entries"]), "deleted": deleted}


def update_many(asked: Asked) -> list[Row]:
    results = []
    for one in asked.read(BulkCreateSchemasParams)["entries"]:
        told = {"entityType": one["entityType"], "name": one["name"], "status": "ok"}
        try:
            _merge(asked, _type(one["entityType"]), one["name"], one["schemaJson"])
        except BadRequest as error:
            told = {**told, "status": "error", "error": str(error)}
        results.append(told)
    return results


def delete(asked: Asked) -> Row:
    """Delete one schema, those of a type, or all."""
    rows = _registered(asked, asked.path.get("entity_type"))
    name = asked.path.get("entity_name", asked.query.get("entity_name"))
    if name is not None:
        rows = [row for row in rows if row["name"] == name]
    return {"delete_count": _delete(asked, rows)}


def _registered(asked: Asked, entity_type: str | None) -> list[Row]:
    return [row for row in lexicon.entries(asked, entity_type) if row.get("schema") is not None]


def _shown(asked: Asked, row: Row, said: Mapping[tuple[str, str], Row]) -> Row:
    return {
        "entityType": row["entityType"],
        "name": row["name"],
        "schemaJson": lexicon.schema_of(asked, row, said),
    }


def _write(asked: Asked, entity_type: str, name: str, schema: Any) -> None:
    _check(schema)
    lexicon.register(asked, entity_type, name, schema)


def _merge(asked: Asked, entity_type: str, name: str, changes: Any) -> None:
    row = lexicon.entry(asked, entity_type, name)
    if row is None or row.get("schema") is None:
        raise BadRequest(f"there is no schema of {entity_type} {name!r}", 404)
    if not isinstance(changes, dict):
        raise BadRequest("a schema should be an object")
    _write(asked, entity_type, name, merged(lexicon.schema_of(asked, row), changes))


def merged(into: Any, changes: Any) -> Any:
    """A JSON merge patch (RFC 7396): objects key by key, ``null`` removes."""
    if not isinstance(changes, dict):
        return changes
    result = dict(into) if isinstance(into, dict) else {}
    for key, value in changes.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def _delete(asked: Asked, rows: list[Row]) -> int:
    for row in rows:
        lexicon.unregister(asked, row)
    return len(rows)


def _type(entity_type: str) -> str:
    if entity_type not in ENTITY_TYPES:
        raise BadRequest(f"entityType: should be one of {', '.join(ENTITY_TYPES)}, not {entity_type!r}")
    return entity_type


def _check(schema: Any) -> None:
    """Refuse what is no schema: properties that are no objects, types that JSON Schema does not know."""
    properties = schema.get("properties", {}) if isinstance(schema, dict) else None
    if not isinstance(properties, dict):
        raise BadRequest("schemaJson: should be an object whose properties are an object")
    if len(properties) > MOST_PROPERTIES:
        raise BadRequest(f"properties: at most {MOST_PROPERTIES}, not {len(properties)}")
    for name, described in properties.items():
        types = described.get("type", "string") if isinstance(described, dict) else None
        found = types if isinstance(types, list) else [types]
        if not all(isinstance(one, str) and one in TYPES for one in found):
            raise BadRequest(
                f"properties.{name}.type: should be of {', '.join(sorted(TYPES))}, not {types!r}"
            )


ROUTES: Routes = {
    SchemaRegistry._list_schemas: listed,
    SchemaRegistry._list_schemas_of_type: listed,
    SchemaRegistry.create_schema: create,
    SchemaRegistry.update_schema: update,
    SchemaRegistry.create_schemas_bulk: create_many,
    SchemaRegistry.update_schemas_bulk: update_many,
    SchemaRegistry._delete_schemas: delete,
    SchemaRegistry._delete_schemas_of_type: delete,
    SchemaRegistry._delete_schema: delete,
}
