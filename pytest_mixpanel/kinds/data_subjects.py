"""What lexicon and properties checks are about, and the words they add to the language."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.time import Duration
from pytest_mixpanel.dsl.document import Node
from pytest_mixpanel.dsl.grammar import Grammar
from pytest_mixpanel.dsl.shapes import (
    MISSING,
    Choice,
    DurationShape,
    Field,
    ListOf,
    MapOf,
    Number,
    Problems,
    Record,
    Schema,
    Text,
)
from pytest_mixpanel.kinds.expectations import Expectation
from pytest_mixpanel.kinds.property_rules import Between, Matches, OfType, OneOf, Present, Rule, Unique
from pytest_mixpanel.lexicon.plan import PROPERTY_TYPES, PropertyType
from pytest_mixpanel.lexicon.reader import Flag, Share, read_plan

WEEK = Duration(7 * 86_400)
DAY = Duration(86_400)

Severity = Literal["fail", "warn", "pass"]


@frozen
class LexiconSubject:
    """A tracking plan against the events of the last days.

    Without a ``plan`` file the project's Lexicon is the plan; with ``schemas`` both are, and the file wins.
    ``events`` are patterns of the names to look at.
    """

    plan: str | None = None
    schemas: bool = False
    events: tuple[str, ...] = ()
    last: Duration = WEEK

    @property
    def asks_lexicon(self) -> bool:
        return self.schemas or self.plan is None


@frozen
class DriftPolicy:
    """What each class of change comes to."""

    breaking: Severity = "fail"
    risky: Severity = "warn"
    additive: Severity = "pass"


@frozen
class PropertiesSubject:
    """The values that an event's properties had in the last days, in at most ``sample`` events."""

    event: str
    last: Duration = DAY
    sample: int = 100_000


def plan_path(checks_path: str, plan: str) -> Path:
    """A plan is named relative to the file that names it."""
    return Path(checks_path).parent / plan


@frozen
class _PlanPath:
    """The path of a tracking plan; what is wrong in the plan is a problem of the checks file too."""

    def read(self, node: Node, problems: Problems) -> Any:
        value = Text("the path of a tracking plan").read(node, problems)
        if value is MISSING or not Path(node.place.path).is_file():
            return value  # a check written in Python: its plan is read when it runs
        path = plan_path(node.place.path, value)
        if not path.is_file():
            return problems.note(node.place, "no-plan", f"there is no tracking plan at {path.as_posix()}")
        found = read_plan(path, path.as_posix()).problems
        problems.found.extend(found)
        return MISSING if found else value

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1}


LEXICON = Grammar(
    "lexicon",
    "the tracking plan against what arrives",
    Record(
        LexiconSubject,
        {
            "plan": Field(
                _PlanPath(), "a tracking plan beside this file; without one, the project's Lexicon"
            ),
            "schemas": Field(Flag(), "the Lexicon as well as the plan"),
            "events": Field(ListOf(Text(), least=1, or_one=True), "patterns of the names to look at"),
            "last": Field(DurationShape(days=True), "the days to look at, as 7d"),
        },
        "a lexicon",
        short="plan",
    ),
    rules={
        "drift": Field(
            Record(
                DriftPolicy,
                {name: Field(Choice(("fail", "warn", "pass"))) for name in ("breaking", "risky", "additive")},
                "drift",
            ),
            "what breaking, risky and additive changes come to",
        )
    },
    is_complete=True,
)


@frozen
class _Scalar:
    """A text, a number, true or false."""

    def read(self, node: Node, problems: Problems) -> Any:
        if isinstance(node.value, str | int | float | bool):
            return node.value
        return problems.wrong_value(node, "a text, a number, true or false")

    def schema(self) -> Schema:
        return {"type": ["string", "number", "boolean"]}


@frozen
class _Range:
    """``[0, 5000]``: two numbers, the lower first."""

    def read(self, node: Node, problems: Problems) -> Any:
        values = [inner.value for inner in node.value] if isinstance(node.value, tuple) else []
        numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
        if len(values) != 2 or len(numbers) != 2:
            return problems.wrong_value(node, "a range as [0, 5000]")
        if numbers[0] > numbers[1]:
            told = "the range ends before it begins"
            return problems.note(node.place, "bad-value", told, f"write [{numbers[1]}, {numbers[0]}]")
        return Between(float(numbers[0]), float(numbers[1]))

    def schema(self) -> Schema:
        return {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}


@frozen
class _Pattern:
    """A regular expression; RE2 judges it when it runs, its brackets are looked at here."""

    def read(self, node: Node, problems: Problems) -> Any:
        import re

        value = Text("a regular expression").read(node, problems)
        if value is MISSING:
            return MISSING
        try:
            re.compile(value)
        except re.error as error:
            return problems.note(node.place, "bad-pattern", f"this is no regular expression: {error}")
        return value

    def schema(self) -> Schema:
        return {"type": "string", "format": "regex"}


@frozen
class _ExpectationShape:
    """``ExpectColumnMedianToBeBetween: {column: …}``, or the bare name of one that takes nothing."""

    def read(self, node: Node, problems: Problems) -> Any:
        if isinstance(node.value, str):
            return Expectation(node.value)
        entries = list(node.items())
        if len(entries) != 1 or not isinstance(entries[0][1].value, Mapping | None):
            return problems.wrong_value(node, "one expectation as ExpectColumnToExist: {column: price}")
        key, arguments = entries[0]
        return Expectation(key.name, MappingProxyType(arguments.plain or {}))

    def schema(self) -> Schema:
        arguments = {"type": "object"}
        return {
            "anyOf": [
                {"type": "string"},
                {"type": "object", "additionalProperties": arguments, "minProperties": 1, "maxProperties": 1},
            ]
        }


def _rules(
    present: float | None = None,
    type: PropertyType | None = None,
    between: Between | None = None,
    one_of: tuple[Any, ...] | None = None,
    unique: bool = False,
    matches: str | None = None,
) -> tuple[Rule, ...]:
    rules: list[Rule | None] = [
        Present(present) if present is not None else None,
        OfType(type) if type is not None else None,
        between,
        OneOf(one_of) if one_of is not None else None,
        Unique() if unique else None,
        Matches(matches) if matches is not None else None,
    ]
    return tuple(rule for rule in rules if rule is not None)


_RULES = Record(
    _rules,
    {
        "present": Field(Share(), "the least share of the events that carry it, as 99.5%"),
        "type": Field(Choice(PROPERTY_TYPES), "the type of every value"),
        "between": Field(_Range(), "the least and the largest value"),
        "one_of": Field(ListOf(_Scalar(), least=1), "the values there may be"),
        "unique": Field(Flag(), "no value comes twice"),
        "matches": Field(_Pattern(), "a regular expression found in every value"),
    },
    "the rules of a property",
)

PROPERTIES = Grammar(
    "properties",
    "the values of an event's properties",
    Record(
        PropertiesSubject,
        {
            "event": Field(Text("the name of an event"), "the event's name", required=True),
            "last": Field(DurationShape(days=True), "the days to look at, as 7d"),
            "sample": Field(Number(1, 100_000), "the most events to look at"),
        },
        "a properties subject",
        short="event",
    ),
    rules={
        "properties": Field(MapOf(_RULES), "rules by property"),
        "expectations": Field(
            ListOf(_ExpectationShape(), least=1), "any expectation of Great Expectations, by its name"
        ),
    },
)
