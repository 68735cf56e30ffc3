"""A tracking plan from YAML, every problem of the file at once with its place.

::

    version: 1
    properties: {platform: string}            # may come with any event
    ignore: {events: ["debug_*"]}
    events:
      Purchase:
        owner: growth-analytics
        properties:
          order_total: {type: number, present: 99.5%}
          coupon: string
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pytest_mixpanel.dsl.diagnostics import Diagnostic, Place, did_you_mean
from pytest_mixpanel.dsl.document import DocumentError, Node, read_document
from pytest_mixpanel.dsl.units import UnitError, parse_quantity
from pytest_mixpanel.lexicon.plan import (
    AUTOMATIC,
    PROPERTY_TYPES,
    Plan,
    PlannedEvent,
    PlannedProperty,
    PropertyType,
)

_PLAN_KEYS = ("version", "description", "owner", "properties", "ignore", "events")
_EVENT_KEYS = ("description", "owner", "optional", "properties")
_PROPERTY_KEYS = ("type", "present", "required", "description")
_IGNORE_KEYS = ("events", "properties")


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan as far as it could be read, and what is wrong with its file."""

    plan: Plan
    problems: tuple[Diagnostic, ...]


def read_plan(path: Path, shown: str | None = None) -> PlanFile:
    """Read a tracking plan; ``shown`` is the path as the problems name it.

    A file that is not there or no text is a problem as well; nothing is raised.
    """
    name = shown or str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        problem = Diagnostic("no-plan", f"the plan cannot be read: {reason}", Place(name, 1, 1, 1, ""))
        return PlanFile(Plan({}), (problem,))
    return parse_plan(text, name)


def parse_plan(text: str, path: str) -> PlanFile:
    """A plan from its text; ``path`` is for the problems."""
    try:
        root, problems = read_document(text, path)
    except DocumentError as error:
        return PlanFile(Plan({}), (error.diagnostic,))
    reader = _Reader(problems)
    plan = reader.plan(root)
    return PlanFile(plan, tuple(sorted(reader.problems, key=lambda p: (p.line, p.column))))


class _Reader:
    """Walks a document and writes down what it cannot understand."""

    def __init__(self, problems: list[Diagnostic]) -> None:
        self.problems = problems

    def plan(self, root: Node) -> Plan:
        entries = self._entries(root, _PLAN_KEYS, "a plan")
        version = entries.get("version")
        if version is None or version.value != 1:
            self._tell(
                "version", "a plan begins with its version", (version or root).place, "write version: 1"
            )
        ignore = self._entries(entries.get("ignore"), _IGNORE_KEYS, "ignore")
        events = entries.get("events")
        if events is None:
            self._tell("no-events", "the plan has no events", root.place, "write events: {Purchase: {}}")
        return Plan(
            {name: self._event(name, node) for name, node in self._named(events).items()},
            self._properties(entries.get("properties")),
            ("$*", *self._names(ignore.get("events"))),
            (*AUTOMATIC, *self._names(ignore.get("properties"))),
        )

    def _event(self, name: str, node: Node) -> PlannedEvent:
        entries = self._entries(node, _EVENT_KEYS, "an event")
        return PlannedEvent(
            name,
            self._properties(entries.get("properties")),
            self._text(entries.get("description")),
            self._text(entries.get("owner")),
            optional=self._flag(entries.get("optional")),
        )

    def _properties(self, node: Node | None) -> Mapping[str, PlannedProperty]:
        return {name: self._property(name, inner) for name, inner in self._named(node).items()}

    def _property(self, name: str, node: Node) -> PlannedProperty:
        if isinstance(node.value, str):
            return PlannedProperty(name, self._type(node))
        entries = self._entries(node, _PROPERTY_KEYS, "a property")
        present = self._share(entries.get("present"))
        if self._flag(entries.get("required")):
            if present is not None:
                self._tell("twice", "'required' means present: 100%", entries["required"].place, "keep one")
            present = 1.0
        return PlannedProperty(
            name, self._type(entries.get("type")), present, self._text(entries.get("description"))
        )

    def _type(self, node: Node | None) -> PropertyType | None:
        if node is None or node.value is None:
            return None
        if node.value not in PROPERTY_TYPES:
            told = f"{node.plain!r} is not a type of properties"
            self._tell("unknown-type", told, node.place, did_you_mean(str(node.plain), PROPERTY_TYPES))
            return None
        return cast(PropertyType, node.value)

    def _share(self, node: Node | None) -> float | None:
        if node is None:
            return None
        try:
            quantity = parse_quantity(str(node.plain).strip().removeprefix(">=").strip())
        except UnitError as error:
            self._tell("bad-number", str(error), node.place, "write 99.5%")
            return None
        if quantity.unit != "level" or not 0 < quantity.value <= 1:
            self._tell("bad-number", f"{node.plain!r} is not a share of events", node.place, "write 99.5%")
            return None
        return quantity.value

    def _flag(self, node: Node | None) -> bool:
        if node is not None and not isinstance(node.value, bool):
            self._tell("bad-value", f"expected true or false, not {node.told}", node.place)
        return node is not None and node.value is True

    def _text(self, node: Node | None) -> str | None:
        if node is not None and not isinstance(node.value, str):
            self._tell("bad-value", f"expected text, not {node.told}", node.place)
        return node.value if node is not None and isinstance(node.value, str) else None

    def _names(self, node: Node | None) -> tuple[str, ...]:
        if node is None:
            return ()
        if not isinstance(node.value, tuple):
            self._tell("bad-value", f"expected a list of names, not {node.told}", node.place)
            return ()
        return tuple(text for inner in node.value if (text := self._text(inner)) is not None)

    def _named(self, node: Node | None) -> dict[str, Node]:
        """A map whose keys are names of the user's choice."""
        if node is not None and node.value is not None and not isinstance(node.value, Mapping):
            self._tell("bad-value", f"expected a map from names, not {node.told}", node.place)
        return {key.name: inner for key, inner in node.items()} if node is not None else {}

    def _entries(self, node: Node | None, known: Collection[str], what: str) -> dict[str, Node]:
        """A map whose keys are words of the language; the unknown ones are told and left out."""
        if node is None or node.value is None:
            return {}
        if not isinstance(node.value, Mapping):
            self._tell("bad-value", f"expected {what}, a map, not {node.told}", node.place)
        entries = {}
        for key, inner in node.items():
            if key.name in known:
                entries[key.name] = inner
            else:
                told = f"{key.name!r} is not a key of {what}"
                self._tell("unknown-key", told, key.place, did_you_mean(key.name, known))
        return entries

    def _tell(self, code: str, message: str, place: Place, hint: str = "") -> None:
        self.problems.append(Diagnostic(code, message, place, hint))
