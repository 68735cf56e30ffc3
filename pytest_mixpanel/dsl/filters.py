"""``where:`` in a checks file: ``{platform: iOS, order_total: "> 0"}`` becomes the client's filters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.dsl.document import Node
from pytest_mixpanel.dsl.shapes import MISSING, Problems, Schema
from pytest_mixpanel.query.inputs.filters import Filter

_NUMBER = r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)"
_COMPARED = re.compile(rf"(<=|>=|==|!=|<|>)\s*({_NUMBER})")
_RANGE = re.compile(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})")
_BUILD = {
    "<": Filter.less_than,
    "<=": Filter.at_most,
    ">": Filter.greater_than,
    ">=": Filter.at_least,
}
_HINT = 'write iOS, [iOS, Android], "> 0", "0 .. 100", "!= Web", set, "not set", true or false'


@frozen
class Where:
    """A map of property → what its value must be; all must hold, a list means any of its values."""

    def read(self, node: Node, problems: Problems) -> Any:
        if not isinstance(node.value, Mapping):
            return problems.wrong_value(node, "a map as {platform: iOS}")
        filters = [_filter(key.name, value, problems) for key, value in node.items()]
        return MISSING if any(found is MISSING for found in filters) else tuple(filters)

    def schema(self) -> Schema:
        scalar = {"type": ["string", "number", "boolean"]}
        return {
            "type": "object",
            "additionalProperties": {"anyOf": [scalar, {"type": "array", "items": scalar, "minItems": 1}]},
        }


def _filter(name: str, node: Node, problems: Problems) -> Any:
    value = node.value
    if isinstance(value, bool):
        return Filter.is_true(name) if value else Filter.is_false(name)
    if isinstance(value, int | float):
        return Filter.between(name, value, value)
    if isinstance(value, tuple):
        texts = [item.value for item in value]
        if texts and all(
            isinstance(text, str | int | float) and not isinstance(text, bool) for text in texts
        ):
            return Filter.equals(name, [str(text) for text in texts])
    elif isinstance(value, str) and value.strip():
        return _told(name, value.strip())
    return problems.note(node.place, "bad-filter", f"this is no condition on {name!r}", _HINT)


def _told(name: str, text: str) -> Filter:
    if text in ("set", "not set"):
        return Filter.is_set(name) if text == "set" else Filter.is_not_set(name)
    if match := _RANGE.fullmatch(text):
        return Filter.between(name, _number(match[1]), _number(match[2]))
    if match := _COMPARED.fullmatch(text):
        operator, limit = match[1], _number(match[2])
        if operator in _BUILD:
            return _BUILD[operator](name, limit)
        pick = Filter.between if operator == "==" else Filter.not_between
        return pick(name, limit, limit)
    if text.startswith("!="):
        return Filter.not_equals(name, text[2:].strip())
    return Filter.equals(name, text)


def _number(text: str) -> float:
    number = float(text)
    return int(number) if number.is_integer() else number
