"""The blocks that all engines' params share: selections, filters, breakdowns, cohorts, custom properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pytest_mixpanel.query.parse.names import event_named
from pytest_mixpanel.query.parse.node import Node
from pytest_mixpanel.query.parse.operators import check_operator, date_unit
from pytest_mixpanel.query.plan.segments import Breakdown
from pytest_mixpanel.query.plan.selecting import (
    Behavior,
    BorrowedProperty,
    Cohort,
    Condition,
    CustomProperty,
    Derived,
    Filter,
    Group,
    LookupColumn,
    Member,
    Resource,
    Selection,
)

PROFILE_OPERATORS = {
    "==": "equals",
    "!=": "does not equal",
    "in": "contains",
    "not in": "does not contain",
    ">": "is greater than",
    "<": "is less than",
    ">=": "is at least",
    "<=": "is at most",
    "defined": "is set",
    "not defined": "is not set",
}
LONGEST = 5_200
"""Units in a cohort's relative window: a century of weeks."""
WINDOW_DAYS = {"day": 1, "week": 7, "month": 30}
"""Days in a cohort's relative window (semantics C-4)."""


def selection_of(behavior: Node) -> Selection:
    """An event's name with its own filters; a simple behavior may hold several events."""
    listed = behavior.get("behaviors").items() if behavior.get("type").value == "simple" else []
    if listed:
        first, *others = (selection_of(each) for each in listed)
        return replace(first, label=behavior.get("name").label(), others=tuple(others))
    return event_named(
        behavior.get("name"),
        conditions_of(behavior.get("filters")),
        "any" if behavior.get("filtersDeterminer").value == "any" else "all",
        behavior.get("renamed").label(),
        bool(behavior.get("firstTime").value),
    )


def conditions_of(filters: Node) -> tuple[Filter, ...]:
    """A list of filter entries."""
    return tuple(_filter(entry) for entry in filters.items())


def _filter(entry: Node) -> Filter:
    if entry.get("value").value == "$cohorts":
        return _member(entry)
    if entry.get("behavior").value:
        return Member(_frequency(entry))
    custom = custom_property(entry)
    items = tuple(_inner(inner) for inner in entry.get("listItemFilters").items())
    return Condition(
        entry.get("value").text() if custom is None else "",
        check_operator(entry),
        entry.get("filterValue").value,
        entry.get("filterType").value or "string",
        resource_of(entry),
        date_unit(entry),
        custom,
        items,
        entry.get("listQuantifier").value == "all",
    )


def _inner(entry: Node) -> Condition:
    inner = _filter(entry)
    if isinstance(inner, Member) or inner.custom is not None:
        raise entry.fail("a filter on the objects of a list reads a key of theirs")
    return inner


def _member(entry: Node) -> Member:
    """Members of any of the listed cohorts, or of none of them (semantics E-45)."""
    listed = entry.get("filterValue").items()
    if not listed:
        raise entry.get("filterValue").fail("should hold a cohort")
    one, *more = (cohort_reference(each.get("cohort")) for each in listed)
    operator = entry.get("filterOperator").choice("contains", "does not contain")
    return Member(Group((one, *more), "any") if more else one, negated=operator != "contains")


FREQUENCY_SIGNS = {
    "is at least": ">=",
    "is at most": "<=",
    "is greater than": ">",
    "is less than": "<",
    "is equal to": "==",
    "equals": "==",
    "does not equal": "!=",
}


def done(behavior: Node) -> Selection:
    """What a frequency counts."""
    behavior.get("behaviorType").choice("$frequency")
    behavior.get("aggregationOperator").choice("total")
    conditions = conditions_of(behavior.get("filters"))
    combine: Any = "any" if behavior.get("filtersOperator").value == "or" else "all"
    return event_named(behavior.get("event").get("value"), conditions, combine)


def _frequency(entry: Node) -> Behavior:
    """How often a user did something, in the last units or over the range of the query (semantics I-31)."""
    behavior = entry.get("behavior")
    selection = done(behavior)
    sign = FREQUENCY_SIGNS[entry.get("filterOperator").choice(*FREQUENCY_SIGNS)]
    times = Behavior(selection, sign, entry.get("filterValue").number())
    window = behavior.get("dateRange")
    if window.value:
        unit = window.get("window").get("unit").choice(*WINDOW_DAYS)
        return replace(times, days=window.get("window").get("value").whole(0, LONGEST) * WINDOW_DAYS[unit])
    if entry.period is None:
        raise entry.fail("a frequency needs the query's range")
    return replace(times, span=entry.period)


def by_interval(filters: tuple[Filter, ...]) -> tuple[Filter, ...]:
    """The same filters, frequencies without a window of their own counted in the interval of each event."""
    return tuple(
        replace(each, cohort=replace(each.cohort, by_interval=True))
        if isinstance(each, Member) and isinstance(each.cohort, Behavior) and each.cohort.span is not None
        else each
        for each in filters
    )


def resource_of(entry: Node) -> Resource:
    """Whose property an entry reads; the wire has singular and plural spellings."""
    return "people" if entry.get("resourceType").value in ("people", "user") else "events"


def custom_property(entry: Node) -> Derived | None:
    """A formula written in place or saved under an id, a column joined to a property, or a borrowed one."""
    named = "value" if entry.get("value").value is not None else "name"
    if entry.get("lookupColumn").value is not None:
        column = entry.get("lookupColumn").text()
        return LookupColumn(entry.get(named).text(), column, resource_of(entry))
    if entry.get("borrowedFrom").value is not None:
        return BorrowedProperty(entry.get("borrowedFrom").text(), entry.get(named).text())
    number = entry.get("customPropertyId")
    if number.value is not None:
        definition = entry.saved.custom_properties.get(number.whole())
        if definition is None:
            raise number.fail(f"the project has no custom property {number.value}")
        return _formula(entry.at(definition, f"custom property {number.value}"))
    written = entry.get("customProperty")
    return _formula(written) if written.value else None


def _formula(definition: Node) -> CustomProperty:
    composed = definition.get("composedProperties")
    if not isinstance(composed.value, Mapping):
        raise composed.fail("should name the property of every letter")
    letters = sorted(composed.value)
    return CustomProperty(
        definition.get("displayFormula").text(),
        tuple(
            (letter, composed.get(letter).get("value").text(), resource_of(composed.get(letter)))
            for letter in letters
        ),
    )


def measured_property(
    measured: Node,
) -> tuple[str | None, Resource, Derived | None]:
    """The property a metric aggregates: its name, whose it is, and its formula where it has one."""
    if not measured.value:
        return None, "events", None
    custom = custom_property(measured)
    return measured.get("name").text(), resource_of(measured), custom


def cohort_reference(reference: Node) -> Cohort:
    """``{"id": n}`` or ``{"raw_cohort": definition}``."""
    raw = reference.get("raw_cohort")
    return cohort_of(raw) if raw.value else _saved_cohort(reference.get("id"), ())


def _saved_cohort(number: Node, within: tuple[int, ...]) -> Cohort:
    identity = number.whole()
    if identity in within:
        raise number.fail(f"cohort {identity} refers to itself")
    definition = number.saved.cohorts.get(identity)
    if definition is None:
        raise number.fail(f"the project has no cohort {identity}")
    return cohort_of(number.at(definition, f"cohort {identity}"), (*within, identity))


def cohort_of(definition: Node, within: tuple[int, ...] = ()) -> Cohort:
    """A definition: a tree of conditions and the behaviours it names."""
    return _group(definition.get("selector"), definition.get("behaviors"), within)


def _group(node: Node, behaviors: Node, within: tuple[int, ...]) -> Group:
    combine: Any = {"and": "all", "or": "any"}[node.get("operator").choice("and", "or")]
    children = node.get("children").items()
    return Group(tuple(_part(child, behaviors, within) for child in children), combine)


def _part(node: Node, behaviors: Node, within: tuple[int, ...]) -> Cohort | Condition | Member:
    if node.get("children").value is not None:
        return _group(node, behaviors, within)
    match node.get("property").choice("behaviors", "user", "cohort"):
        case "behaviors":
            behavior = behaviors.get(node.get("value").text())
            return replace(
                _behavior(behavior),
                sign=node.get("operator").choice(">=", "<=", "==", ">", "<", "!="),
                operand=node.get("operand").number(),
            )
        case "cohort":
            operator = node.get("operator").choice("in", "not in")
            return Member(_saved_cohort(node.get("value"), within), negated=operator == "not in")
    operator = PROFILE_OPERATORS[node.get("operator").choice(*PROFILE_OPERATORS)]
    name, kind = node.get("value").text(), node.get("type").value or "string"
    return Condition(name, operator, node.get("operand").value, kind, "people")


def _behavior(behavior: Node) -> Behavior:
    count = behavior.get("count")
    selector = count.get("event_selector")
    where = selector.get("selector")
    conditions = conditions_of(where.get("children")) if where.value else ()
    selection = event_named(selector.get("event"), conditions)
    aggregation = count.get("aggregationOperator").value
    measured = count.get("property").text() if aggregation else None
    window = behavior.get("window")
    if window.value:
        unit = WINDOW_DAYS[window.get("unit").choice(*WINDOW_DAYS)]
        days = window.get("value").whole(1, LONGEST) * unit
        return Behavior(selection, ">=", 1, days=days, aggregation=aggregation, property=measured)
    first, last = behavior.get("from_date").day(), behavior.get("to_date").day()
    return Behavior(selection, ">=", 1, first=first, last=last, aggregation=aggregation, property=measured)


def summed_property(measured: Node) -> Breakdown | None:
    """The property whose values are summed up."""
    if not measured.value:
        return None
    name, resource, custom = measured_property(measured)
    return Breakdown(name or "", resource, custom=custom)
