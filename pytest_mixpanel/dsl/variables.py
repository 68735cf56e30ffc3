"""``vars:`` and ``${name}``: declared values put into the tree before anything reads it.

A ``${name}`` that is a whole value keeps the type of the variable; inside a text it is spelled out. There
is no other templating.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.time import parse_duration
from pytest_mixpanel.dsl.diagnostics import did_you_mean
from pytest_mixpanel.dsl.document import Node
from pytest_mixpanel.dsl.shapes import Anything, Choice, Field, ListOf, Problems, Record, Text
from pytest_mixpanel.dsl.units import UnitError, parse_quantity

_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_TYPES = ("text", "number", "duration", "quantity")

VARIABLE = Record(
    SimpleNamespace,
    {
        "type": Field(Choice(_TYPES), "text, number, duration or quantity (18%, 2pp)"),
        "default": Field(Anything(), "the value where none is given"),
        "choices": Field(ListOf(Text()), "the only values allowed"),
    },
    "a variable",
)


@frozen
class _Declared:
    node: Node
    type: str = "text"
    choices: tuple[str, ...] = ()


def substitute(root: Node, given: Mapping[str, str], problems: Problems) -> Node:
    """The tree with every ``${name}`` replaced; what cannot be is noted and stays as it is."""
    values = dict(_values(root.get("vars"), given, problems))
    if not isinstance(root.value, Mapping):
        return root
    entries = {
        name: (key, node if name == "vars" else _replaced(node, values, problems))
        for name, (key, node) in root.value.items()
    }
    return replace(root, value=entries)


def _values(node: Node | None, given: Mapping[str, str], problems: Problems) -> Iterator[tuple[str, Any]]:
    if node is None:
        return
    if not isinstance(node.value, Mapping):
        problems.wrong_value(node, "a map of variables")
    for key, declaration in node.items():
        read = VARIABLE.read(declaration, problems)
        if not isinstance(read, SimpleNamespace):
            continue
        declared = _Declared(declaration, getattr(read, "type", "text"), getattr(read, "choices", ()))
        value = given.get(key.name, getattr(read, "default", None))
        if value is None:
            hint = f"give it: --mixpanel-var {key.name}=…"
            problems.note(
                key.place, "no-value", f"the variable {key.name!r} has no value and no default", hint
            )
        elif wrong := _wrong(declared, str(value)):
            problems.note(declaration.place, "bad-value", f"the variable {key.name!r} is {value!r}: {wrong}")
        else:
            yield key.name, _typed(declared.type, value)


def _wrong(declared: _Declared, text: str) -> str | None:
    if declared.choices and text not in declared.choices:
        return f"not one of {', '.join(declared.choices)}"
    try:
        if declared.type == "duration":
            parse_duration(text)
        elif declared.type in ("number", "quantity"):
            quantity = parse_quantity(text)
            if declared.type == "number" and quantity.unit != "count":
                return "not a plain number"
    except UnitError as error:
        return str(error)
    except ValueError as error:
        return str(error)
    return None


def _typed(type_: str, value: Any) -> Any:
    if type_ != "number" or not isinstance(value, str):
        return value
    number = float(value)
    return int(number) if number.is_integer() else number


def _replaced(node: Node, values: Mapping[str, Any], problems: Problems) -> Node:
    if isinstance(node.value, Mapping):
        entries = {
            name: (key, _replaced(value, values, problems)) for name, (key, value) in node.value.items()
        }
        return replace(node, value=entries)
    if isinstance(node.value, tuple):
        return replace(node, value=tuple(_replaced(item, values, problems) for item in node.value))
    if not isinstance(node.value, str) or "${" not in node.value:
        return node
    for match in _REFERENCE.finditer(node.value):
        if match[1] not in values:
            hint = did_you_mean(match[1], values, "declare it under 'vars'")
            problems.note(node.place, "unknown-variable", f"there is no variable {match[1]!r}", hint)
            return node
    whole = _REFERENCE.fullmatch(node.value)
    if whole:
        return replace(node, value=values[whole[1]])
    return replace(node, value=_REFERENCE.sub(lambda match: str(values[match[1]]), node.value))
