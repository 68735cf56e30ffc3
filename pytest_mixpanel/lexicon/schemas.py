"""The project's Lexicon as a tracking plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pytest_mixpanel.lexicon.plan import Plan, PlannedEvent, PlannedProperty, PropertyType

if TYPE_CHECKING:
    from pytest_mixpanel.api.discovery import LexiconSchema

_TYPES: dict[str, PropertyType] = {
    "string": "string",
    "number": "number",
    "integer": "number",
    "boolean": "boolean",
    "datetime": "datetime",
    "date-time": "datetime",
    "array": "list",
    "list": "list",
    "object": "object",
}
"""The Lexicon's words for types, which are those of JSON Schema, as ours."""


def plan_of_schemas(schemas: Iterable[LexiconSchema]) -> Plan:
    """The events of the Lexicon, with the properties it describes; profiles are no part of a tracking plan.

    An event that the Lexicon hides may go unseen; one it drops does not arrive.
    """
    events = (_event(schema) for schema in schemas if schema.entity_type == "event")
    return Plan({event.name: event for event in events})


def _event(schema: LexiconSchema) -> PlannedEvent:
    definition = schema.schema_json
    properties = {
        name: PlannedProperty(name, _TYPES.get(described.type), description=described.description)
        for name, described in definition.properties.items()
    }
    metadata = definition.metadata
    return PlannedEvent(
        schema.name,
        properties,
        definition.description,
        optional=metadata is not None and metadata.hidden,
        dropped=metadata is not None and metadata.dropped,
    )
