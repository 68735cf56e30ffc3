"""The language as JSON Schema (draft 2020-12), for editors, from the declarations that read it."""

from __future__ import annotations

from typing import Any

from pytest_mixpanel.dsl.checks import INHERITED, OWN
from pytest_mixpanel.dsl.grammar import Grammars
from pytest_mixpanel.dsl.reader import VERSION
from pytest_mixpanel.dsl.shapes import Field, Shape, Text, object_schema
from pytest_mixpanel.dsl.variables import VARIABLE


def json_schema(grammars: Grammars) -> dict[str, Any]:
    """The schema of a checks file with these kinds."""
    kinds = {name: Field(grammar.subject, grammar.about) for name, grammar in grammars.items()}
    extra = {key: field for grammar in grammars.values() for key, field in grammar.rules.items()}
    measure = {
        "anyOf": [{"type": "string"}, {**object_schema(kinds), "minProperties": 1, "maxProperties": 1}]
    }
    check = object_schema({**OWN, **INHERITED, **extra})
    check["properties"]["measure"] = {"description": "a metric's name, or one kind", **measure}
    check["required"] = ["id", "measure"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pytest-mixpanel checks",
        "type": "object",
        "required": ["version", "checks"],
        "additionalProperties": False,
        "properties": {
            "version": {"const": VERSION},
            "suite": _of(Text()),
            "description": _of(Text()),
            **{key: _of(INHERITED[key].shape) for key in ("owner", "tags", "links")},
            "vars": {"type": "object", "additionalProperties": VARIABLE.schema()},
            "defaults": _or_variable(object_schema(INHERITED)),
            "metrics": {
                "type": "object",
                "additionalProperties": _or_variable(object_schema({**kinds, **INHERITED})),
            },
            "checks": {"type": "array", "minItems": 1, "items": _or_variable(check)},
        },
    }


_VARIABLE_USED = {"type": "string", "pattern": r"\$\{[^{}]+\}"}


def _or_variable(schema: Any) -> Any:
    """``schema``, with ``${name}`` allowed wherever it asks for a single value of some form."""
    if isinstance(schema, list):
        return [_or_variable(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    is_single = (
        isinstance(schema.get("pattern"), str)
        or isinstance(schema.get("enum"), list)
        or schema.get("type") in ("integer", "number", "boolean")
    )
    if is_single:
        return {"anyOf": [schema, _VARIABLE_USED]}
    return {key: _or_variable(inner) for key, inner in schema.items()}


def _of(shape: Shape) -> dict[str, Any]:
    return shape.schema()
