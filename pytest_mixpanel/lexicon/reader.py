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

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.dsl.diagnostics import Diagnostic
from pytest_mixpanel.dsl.document import Node, read_document
from pytest_mixpanel.dsl.shapes import (
    Choice,
    Field,
    ListOf,
    MapOf,
    Problems,
    Record,
    Schema,
    Shape,
    Text,
)
from pytest_mixpanel.dsl.source import DocumentError, read_source
from pytest_mixpanel.dsl.units import UnitError, parse_quantity
from pytest_mixpanel.lexicon.plan import (
    AUTOMATIC,
    PROPERTY_TYPES,
    Plan,
    PlannedEvent,
    PlannedProperty,
    PropertyType,
)


@frozen
class PlanFile:
    """A plan, or an empty one and what is wrong with its file."""

    plan: Plan
    problems: tuple[Diagnostic, ...]


def read_plan(path: Path, shown: str | None = None) -> PlanFile:
    """Read a tracking plan; ``shown`` is the path as the problems name it.

    A file that is not there or no text is a problem as well; nothing is raised.
    """
    name = shown or str(path)
    try:
        text = read_source(path, name, "the plan")
    except DocumentError as error:
        return PlanFile(Plan({}), (error.diagnostic,))
    return parse_plan(text, name)


def parse_plan(text: str, path: str) -> PlanFile:
    """A plan from its text; ``path`` is for the problems."""
    try:
        root, found = read_document(text, path)
    except DocumentError as error:
        return PlanFile(Plan({}), (error.diagnostic,))
    problems = Problems(found)
    plan = PLAN.read(root, problems)
    told = tuple(sorted(problems.found, key=lambda problem: (problem.line, problem.column)))
    return PlanFile(Plan({}) if told else plan, told)


@frozen
class Share:
    """A share of events, ``99.5%``; ``>=`` may stand before it."""

    def read(self, node: Node, problems: Problems) -> Any:
        try:
            quantity = parse_quantity(str(node.plain).strip().removeprefix(">="))
        except UnitError:
            return problems.wrong_value(node, "a share of the events as 99.5%")
        if quantity.unit != "level" or not 0 < quantity.value <= 1:
            return problems.wrong_value(node, "a share of the events as 99.5%")
        return quantity.value

    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"^(>= ?)?[0-9.]+ ?%$"}


@frozen
class Flag:
    """True or false."""

    def read(self, node: Node, problems: Problems) -> Any:
        return node.value if isinstance(node.value, bool) else problems.wrong_value(node, "true or false")

    def schema(self) -> Schema:
        return {"type": "boolean"}


@frozen
class _Version:
    def read(self, node: Node, problems: Problems) -> Any:
        return 1 if node.value == 1 else problems.wrong_value(node, "version: 1")

    def schema(self) -> Schema:
        return {"const": 1}


@frozen
class _MayBeBare:
    """A record of which a key without a value is an empty one."""

    record: Record

    def read(self, node: Node, problems: Problems) -> Any:
        return self.record.make() if node.value is None else self.record.read(node, problems)

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "null"}, self.record.schema()]}


@frozen
class _Ignore:
    events: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()


def _property(
    type: PropertyType | None = None, present: float | None = None, description: str | None = None
) -> PlannedProperty:
    return PlannedProperty("", type, present, description)


def _event(properties: Mapping[str, PlannedProperty] | None = None, **told: Any) -> PlannedEvent:
    return PlannedEvent("", _named(properties or {}), **told)


def _plan(
    events: Mapping[str, PlannedEvent],
    properties: Mapping[str, PlannedProperty] | None = None,
    ignore: _Ignore | None = None,
    **told: Any,
) -> Plan:
    ignore = ignore or _Ignore()
    return Plan(
        {name: replace(event, name=name) for name, event in events.items()},
        _named(properties or {}),
        ("$*", *ignore.events),
        (*AUTOMATIC, *ignore.properties),
    )


def _named(properties: Mapping[str, PlannedProperty]) -> Mapping[str, PlannedProperty]:
    return {name: replace(planned, name=name) for name, planned in properties.items()}


_PROPERTY: Shape = _MayBeBare(
    Record(
        _property,
        {
            "type": Field(Choice(PROPERTY_TYPES), "the type of its values"),
            "present": Field(Share(), "the least share of the events that carry it"),
            "description": Field(Text()),
        },
        "a property",
        short="type",
    )
)
_EVENT: Shape = _MayBeBare(
    Record(
        _event,
        {
            "description": Field(Text()),
            "owner": Field(Text()),
            "optional": Field(Flag(), "it may go unseen"),
            "properties": Field(MapOf(_PROPERTY)),
        },
        "an event",
    )
)
_IGNORED = Record(
    _Ignore, {"events": Field(ListOf(Text())), "properties": Field(ListOf(Text()))}, "the names to ignore"
)
PLAN = Record(
    _plan,
    {
        "version": Field(_Version(), "write version: 1", required=True),
        "description": Field(Text()),
        "owner": Field(Text()),
        "properties": Field(MapOf(_PROPERTY), "properties that may come with any event"),
        "ignore": Field(_IGNORED, "patterns of names that are no part of the plan"),
        "events": Field(MapOf(_EVENT), "write events: {Purchase: {}}", required=True),
    },
    "a plan",
)
"""The language of tracking plans; ``PLAN.schema()`` is its JSON Schema."""
