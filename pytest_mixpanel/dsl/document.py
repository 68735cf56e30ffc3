"""YAML as data with positions: a safe, bounded reader that keeps where every node stands.

YAML 1.2 scalars only, so that ``NO`` stays Norway and ``1:30`` a text; duplicate keys, aliases of aliases
without end, deep nesting and huge files are refused. Nothing is ever constructed but text, numbers,
booleans, nulls, lists and maps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.dsl.diagnostics import Diagnostic, Place
from pytest_mixpanel.dsl.malformed import malformed
from pytest_mixpanel.dsl.source import DocumentError

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_NODES = 100_000

_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What YAML 1.1 parsers count as the end of a line."""

_NULL = re.compile(r"(?:~|null|Null|NULL|)")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]{1,300}(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")

_DATA = ("!", *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map")))
"""The tags of what has none, and those that say no more."""

_QUOTED = ("'", '"', "|", ">")

Scalar = str | int | float | bool | None


@frozen
class Key:
    """A key of a map and where it stands."""

    name: str
    place: Place


@frozen
class Node:
    """A value with its place. ``value`` is a scalar, a tuple of nodes, or a map of name → (key, node)."""

    value: Scalar | tuple[Node, ...] | Mapping[str, tuple[Key, Node]]
    place: Place

    def items(self) -> Iterator[tuple[Key, Node]]:
        """The entries of a map, in their order; nothing for any other value."""
        return iter(self.value.values()) if isinstance(self.value, Mapping) else iter(())

    def get(self, name: str) -> Node | None:
        entry = self.value.get(name) if isinstance(self.value, Mapping) else None
        return entry[1] if entry else None

    @property
    def plain(self) -> Any:
        """The value as ordinary Python data."""
        if isinstance(self.value, Mapping):
            return {key.name: node.plain for key, node in self.items()}
        if isinstance(self.value, tuple):
            return [node.plain for node in self.value]
        return self.value

    @property
    def told(self) -> str:
        """What kind of value this is, in words."""
        names = {str: "text", bool: "true or false", type(None): "nothing", tuple: "a list"}
        if isinstance(self.value, Mapping):
            return "a map"
        if self.value == ():
            return "an empty list"
        return names.get(type(self.value), "a number")


def read_document(text: str, path: str) -> tuple[Node, list[Diagnostic]]:
    """The document's tree, and the duplicate keys found in it. Raises ``DocumentError``."""
    import yaml

    lines = _LINE_BREAK.split(text)
    if len(text) > MAX_BYTES:
        raise _refused(path, lines, 0, 0, f"the file is longer than {MAX_BYTES:,} characters", "too-large")
    loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        # The C parser recurses: nesting is bounded on its flat stream of events before it composes.
        depth = 0
        for count, event in enumerate(yaml.parse(text, Loader=loader)):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH or count > 2 * MAX_NODES:
                at = event.start_mark
                line, column = (at.line, at.column) if at else (0, 0)
                told = f"nested deeper than {MAX_DEPTH}" if depth > MAX_DEPTH else "too many values"
                raise _refused(path, lines, line, column, told, "too-large")
        root = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        raise DocumentError(malformed(error, path, lines)) from error
    walk = _Walk(path, lines)
    if root is None:
        return Node(None, walk.place_at(0, 0, 1)), []
    return walk.node(root, ()), walk.problems


def node_of(data: Any, path: str = "<python>") -> Node:
    """A tree of ordinary Python data, every node at the same made-up place: line 0, which is in no file."""
    return _plain(data, Place(path, 0, 1, 1, ""))


def _plain(data: Any, place: Place) -> Node:
    if isinstance(data, Mapping):
        entries = {str(k): (Key(str(k), _spelled(place, str(k))), _plain(v, place)) for k, v in data.items()}
        return Node(entries, place)
    if isinstance(data, Sequence) and not isinstance(data, str):
        return Node(tuple(_plain(value, place) for value in data), place)
    return Node(data, _spelled(place, str(data)))


def _spelled(place: Place, text: str) -> Place:
    return replace(place, length=len(text), source=text)


def _tag(tag: str) -> str:
    """As it is written."""
    return tag.replace("tag:yaml.org,2002:", "!!")


def _refused(path: str, lines: list[str], line: int, column: int, told: str, code: str) -> DocumentError:
    line = min(line, len(lines) - 1)
    return DocumentError(Diagnostic(code, told, Place(path, line + 1, column + 1, 1, lines[line])))


class _Walk:
    """From PyYAML's nodes to ours; an alias is walked again at each use, within ``MAX_NODES`` in all."""

    def __init__(self, path: str, lines: list[str]) -> None:
        self._path = path
        self._lines = lines
        self._count = 0
        self.problems: list[Diagnostic] = []

    def place_at(self, line: int, column: int, length: int) -> Place:
        source = self._lines[line] if line < len(self._lines) else ""
        return Place(self._path, line + 1, column + 1, length, source)

    def node(self, raw: Any, above: tuple[int, ...]) -> Node:
        self._count += 1
        mark, place = raw.start_mark, self._place(raw)
        if self._count > MAX_NODES:
            raise _refused(self._path, self._lines, mark.line, mark.column, "too many values", "too-large")
        if id(raw) in above:
            raise _refused(self._path, self._lines, mark.line, mark.column, "it holds itself", "not-yaml")
        above = (*above, id(raw))
        if raw.tag and raw.tag not in _DATA:
            self.problems.append(
                Diagnostic("tag", f"the tag {_tag(raw.tag)!r} is not data", place, "remove it")
            )
        if raw.id == "mapping":
            return Node(self._entries(raw, above), place)
        if raw.id == "sequence":
            return Node(tuple(self.node(value, above) for value in raw.value), place)
        return Node(raw.value if raw.style in _QUOTED else _scalar(raw.value), place)

    def _entries(self, raw: Any, above: tuple[int, ...]) -> dict[str, tuple[Key, Node]]:
        entries: dict[str, tuple[Key, Node]] = {}
        for key_node, value_node in raw.value:
            place = self._place(key_node)
            if key_node.id != "scalar":
                self.problems.append(Diagnostic("bad-key", "a key must be text", place))
                continue
            name = key_node.value
            if name in entries:
                first = entries[name][0].place.line
                told = f"the key {name!r} is here twice; the first is on line {first}"
                self.problems.append(Diagnostic("duplicate-key", told, place, "remove one"))
                continue
            entries[name] = (Key(name, place), self.node(value_node, above))
        return entries

    def _place(self, raw: Any) -> Place:
        start, end = raw.start_mark, raw.end_mark
        line = self._lines[start.line] if start.line < len(self._lines) else ""
        stop = end.column if end.line == start.line else len(line.rstrip())
        return self.place_at(start.line, start.column, max(1, stop - start.column))


def _scalar(text: str) -> Scalar:
    """A plain scalar by the core schema of YAML 1.2."""
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text):
        return True
    if _FALSE.fullmatch(text):
        return False
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
