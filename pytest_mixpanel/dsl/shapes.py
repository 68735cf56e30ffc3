"""Shapes of values in a checks file: each reads a node, reports what is wrong where, and knows its schema.

One declaration serves the reader, the messages and the JSON Schema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Protocol

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.time import parse_duration
from pytest_mixpanel.dsl.diagnostics import Diagnostic, Place, did_you_mean
from pytest_mixpanel.dsl.document import Node
from pytest_mixpanel.dsl.units import UnitError, parse_change


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()
"""What a shape returns for a value it could not read; the problem is noted already."""

Schema = dict[str, Any]


@dataclass(slots=True)
class Problems:
    """Collects every problem of a file, in the order of its lines."""

    found: list[Diagnostic] = field(default_factory=list)

    def note(self, place: Place, code: str, message: str, hint: str = "") -> _Missing:
        problem = Diagnostic(code, message, place, hint)
        # What checks inherit is read once for each of them; an unknown variable is wrong in one way only.
        if problem not in self.found and not any(_explains(earlier, place) for earlier in self.found):
            self.found.append(problem)
        return MISSING

    def wrong_value(self, node: Node, wanted: str) -> _Missing:
        value = node.value
        got = repr(value)[:40] if isinstance(value, str | int | float) else node.told
        return self.note(node.place, "bad-value", f"{got} stands where {wanted} is expected")


def _explains(earlier: Diagnostic, place: Place) -> bool:
    there = earlier.place
    inside = there.column <= place.column < there.column + there.length
    return earlier.code == "unknown-variable" and there.line == place.line and inside


class Shape(Protocol):
    """What a value may look like."""

    def read(self, node: Node, problems: Problems) -> Any:
        """The value, or ``MISSING`` with the problem noted."""

    def schema(self) -> Schema:
        """The shape as JSON Schema."""


@frozen
class Text:
    """A text, or a number as it was written; ``pattern`` is what all of it must match."""

    wanted: str = "a text"
    pattern: str | None = None

    def read(self, node: Node, problems: Problems) -> Any:
        import re

        value = node.value
        if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
            return problems.wrong_value(node, self.wanted)
        text = str(value)
        if self.pattern is not None and not re.fullmatch(self.pattern, text):
            return problems.wrong_value(node, self.wanted)
        return text

    def schema(self) -> Schema:
        pattern = {"pattern": f"^(?:{self.pattern})$"} if self.pattern else {}
        return {"type": "string", "minLength": 1, **pattern}


@frozen
class Number:
    """A whole number within bounds."""

    least: int = 0
    most: int | None = None

    def read(self, node: Node, problems: Problems) -> Any:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int) or value < self.least:
            return problems.wrong_value(node, f"a whole number of {self.least} or more")
        if self.most is not None and value > self.most:
            return problems.wrong_value(node, f"a whole number of at most {self.most}")
        return value

    def schema(self) -> Schema:
        most = {"maximum": self.most} if self.most is not None else {}
        return {"type": "integer", "minimum": self.least, **most}


@frozen
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, node: Node, problems: Problems) -> Any:
        if node.value in self.words and isinstance(node.value, str):
            return node.value
        hint = did_you_mean(str(node.value), self.words, f"write one of {', '.join(self.words)}")
        return problems.note(
            node.place, "bad-value", f"{str(node.plain)[:40]!r} is not one of the words", hint
        )

    def schema(self) -> Schema:
        return {"enum": list(self.words)}


@frozen
class DurationShape:
    """A duration, ``7d``; of whole days where ``days`` is set."""

    days: bool = False

    def read(self, node: Node, problems: Problems) -> Any:
        try:
            duration = parse_duration(str(node.value) if isinstance(node.value, str | int) else "")
        except ValueError:
            return problems.wrong_value(
                node, "a duration as 28d" if self.days else "a duration as 90m, 24h, 7d"
            )
        if self.days and duration.whole_days is None:
            return problems.wrong_value(node, "a duration of whole days as 28d")
        return duration

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^[0-9]+ ?[smhdw]$"}


@frozen
class Change:
    """The size of a change: ``2pp`` or ``5%rel``."""

    def read(self, node: Node, problems: Problems) -> Any:
        try:
            return parse_change(str(node.value) if isinstance(node.value, str | int | float) else "?")
        except UnitError as error:
            return problems.note(node.place, error.code, str(error), error.hint)

    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"^[0-9._]+ ?(pp|%rel)$"}


@frozen
class ListOf:
    """A list of one shape; a single value counts as a list of one where ``or_one`` is set."""

    shape: Shape
    least: int = 0
    or_one: bool = False

    def read(self, node: Node, problems: Problems) -> Any:
        if not isinstance(node.value, tuple):
            if not self.or_one:
                return problems.wrong_value(node, "a list")
            value = self.shape.read(node, problems)
            return MISSING if value is MISSING else (value,)
        if len(node.value) < self.least:
            return problems.note(
                node.place, "too-few", f"at least {self.least} are needed, not {len(node.value)}"
            )
        values = [self.shape.read(item, problems) for item in node.value]
        return MISSING if any(value is MISSING for value in values) else tuple(values)

    def schema(self) -> Schema:
        inner = self.shape.schema()
        listed = {"type": "array", "items": inner, **({"minItems": self.least} if self.least else {})}
        return {"anyOf": [inner, listed]} if self.or_one else listed


@frozen
class MapOf:
    """A map from any key to one shape."""

    shape: Shape

    def read(self, node: Node, problems: Problems) -> Any:
        if not isinstance(node.value, Mapping):
            return problems.wrong_value(node, "a map")
        values = {key.name: self.shape.read(inner, problems) for key, inner in node.items()}
        return MISSING if any(value is MISSING for value in values.values()) else MappingProxyType(values)

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": self.shape.schema()}


@frozen
class Anything:
    """Any data: for what another library judges."""

    def read(self, node: Node, problems: Problems) -> Any:
        return node.plain

    def schema(self) -> Schema:
        return {}


@frozen
class Field:
    """A key of a record: its shape, whether it must be there, and its sentence in the documentation."""

    shape: Shape
    about: str = ""
    required: bool = False


@frozen
class Record:
    """A map with known keys, built into ``make(**values)``; absent keys take the defaults of ``make``.

    ``short`` names the key that a bare value stands for: ``{to: snapshot}`` may be written ``snapshot``.
    """

    make: Callable[..., Any]
    fields: Mapping[str, Field]
    name: str = "a map"
    short: str | None = None
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def read(self, node: Node, problems: Problems) -> Any:
        if not isinstance(node.value, Mapping):
            if self.short is None or node.value is None:
                return problems.wrong_value(node, f"a map ({self._example()})")
            value = self.fields[self.short].shape.read(node, problems)
            return MISSING if value is MISSING else self.make(**{self._python(self.short): value})
        values = read_fields(node, self.fields, self.name, problems)
        if values is MISSING:
            return MISSING
        return self.make(**{self._python(key): value for key, value in values.items()})

    def _python(self, key: str) -> str:
        return self.names.get(key, key)

    def _example(self) -> str:
        needed = [key for key, inner in self.fields.items() if inner.required] or list(self.fields)[:1]
        return ", ".join(f"{key}: …" for key in needed)

    def schema(self) -> Schema:
        told = object_schema(self.fields)
        return {"anyOf": [self.fields[self.short].shape.schema(), told]} if self.short else told


def read_fields(node: Node, fields: Mapping[str, Field], name: str, problems: Problems) -> Any:
    """The values of the known keys of a map; unknown and missing ones are problems."""
    values: dict[str, Any] = {}
    sound = note_unknown(node, fields, name, problems)
    for key, inner in node.items():
        if key.name in fields:
            values[key.name] = fields[key.name].shape.read(inner, problems)
    for key_name, wanted in fields.items():
        if wanted.required and node.get(key_name) is None:
            problems.note(node.place, "missing-key", f"{name} needs the key {key_name!r}", wanted.about)
            sound = False
    return values if sound and not any(value is MISSING for value in values.values()) else MISSING


_MERGE = "maps are not merged; what several share goes into 'metrics' or 'defaults'"


def note_unknown(node: Node, known: Sequence[str] | Mapping[str, Any], name: str, problems: Problems) -> bool:
    """Note every key that is not ``known``; whether there was none."""
    sound = True
    for key, _ in node.items():
        if key.name not in known:
            hint = _MERGE if key.name == "<<" else did_you_mean(key.name, known)
            problems.note(key.place, "unknown-key", f"{key.name!r} is not a key of {name}", hint)
            sound = False
    return sound


def object_schema(fields: Mapping[str, Field]) -> Schema:
    """The JSON Schema of a map with these keys and no others."""
    properties = {}
    for name, inner in fields.items():
        about = {"description": inner.about} if inner.about else {}
        properties[name] = {**inner.shape.schema(), **about}
    required = [name for name, inner in fields.items() if inner.required]
    told: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**told, "required": required} if required else told
