"""Params of flows → a plan. They are flat, with step filters in a spelling of their own (queries §6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pytest_mixpanel.query.parse.names import custom_event, event_named
from pytest_mixpanel.query.parse.node import Node
from pytest_mixpanel.query.parse.parts import (
    cohort_reference,
    conditions_of,
)
from pytest_mixpanel.query.parse.segments import breakdown_of, held_property
from pytest_mixpanel.query.plan.flows import Anchor, FlowPlan
from pytest_mixpanel.query.plan.selecting import Condition, Filter, Member, Resource, Selection
from pytest_mixpanel.query.plan.times import UNIT_MS, Range

COMPARISONS = {
    "==": "equals",
    "!=": "does not equal",
    "in": "contains",
    "not in": "does not contain",
    "set": "is set",
    "not set": "is not set",
    ">": "is greater than",
    "<": "is less than",
    ">=": "is at least",
    "<=": "is at most",
    "><": "is between",
    "!><": "not between",
}
DATES = {
    "==": "was on",
    "!=": "was not on",
    ">": "was before",
    "<": "was since",
    "><": "was between",
    "!><": "was not between",
    "set": "is set",
    "not set": "is not set",
}
"""On dates a sign compares ages, so that ``>`` reads *before*."""

MOST_STEPS = 5
MOST_ANCHORS = 64
"""A bit of a word for each that an event may be."""
MOST_CUSTOM = 50
"""Custom events that are shown in flows (semantics W-9)."""
LONGEST_WINDOW = 31_708_800
"""Seconds in the longest window, and so the most units."""


def parse_flow(root: Node) -> FlowPlan:
    """The plan of a flow; raises ``PlanError``."""
    steps = root.get("steps").items()
    if not steps:
        raise root.get("steps").fail("a flow needs an anchor")
    if len(steps) > MOST_ANCHORS:
        raise root.get("steps").fail(f"a flow has at most {MOST_ANCHORS} anchors, not {len(steps)}")
    shape: Any = root.get("flows_merge_type").choice("graph", "list", "tree")
    counting: Any = root.get("count_type").choice("unique", "total", "session")
    root.period = _range(root.get("date_range"))
    sessions = _sessions(root.get("conversion_window"), counting)
    return FlowPlan(
        anchors=tuple(_anchor(step) for step in steps),
        range=root.period,
        shape=shape,
        counting=counting,
        cardinality=root.get("cardinality_threshold").whole(),
        window_ms=None if sessions else _window(root.get("conversion_window")),
        collapse=bool(root.get("collapse_repeated").value),
        hidden=tuple(item.text() for item in root.get("hidden_events").items()),
        exclusions=tuple(item.text() for item in root.get("exclusions").items()),
        where=_where(root),
        sessions=sessions or 1,
        held=tuple(held_property(item) for item in root.get("aggregateBy").items()),
        segments=tuple(breakdown_of(group) for group in root.get("segments").items()),
        merged=_merged(root),
    )


def _anchor(step: Node) -> Anchor:
    columns = [step.get(side).whole() for side in ("forward", "reverse")]
    for side, count in zip(("forward", "reverse"), columns, strict=True):
        if not 0 <= count <= MOST_STEPS:
            raise step.get(side).fail(f"should be 0 to {MOST_STEPS}, not {count}")
    conditions = tuple(_condition(entry) for entry in step.get("property_filter_params_list").items())
    combine: Any = "any" if step.get("bool_op").value == "or" else "all"
    label, event = step.get("step_label").label(), step.get("event")
    return Anchor(event_named(event, conditions, combine, label), *columns)


def _condition(entry: Node) -> Condition:
    owner, filtered = entry.get("property"), entry.get("filter")
    kind = entry.get("selected_property_type").value or "string"
    operator, value = _comparison(filtered, kind)
    resource: Resource = "people" if owner.get("source").value == "user" else "events"
    unit = filtered.get("unit").value
    return Condition(owner.get("name").text(), operator, value, kind, resource, unit[:-1] if unit else None)


def _comparison(filtered: Node, kind: str) -> tuple[str, Any]:
    operand = filtered.get("operand")
    if kind == "boolean" and filtered.get("operator").value is None:
        return operand.choice("true", "false"), None
    if kind == "datetime":
        if filtered.get("unit").value:
            filtered.get("unit").choice("hours", "days", "weeks", "months")
            return "was in the", operand.whole()
        sign = filtered.get("operator").choice(*DATES)
        return DATES[sign], None if "set" in sign else _each(operand, _day)
    sign = filtered.get("operator").choice(*COMPARISONS)
    return COMPARISONS[sign], _each(operand, _number) if kind == "number" and operand.value else operand.value


def _each(operand: Node, read: Any) -> Any:
    """One value, or a list of them."""
    return [read(item) for item in operand.items()] if isinstance(operand.value, list) else read(operand)


def _number(operand: Node) -> float:
    try:
        return float(operand.value)
    except (TypeError, ValueError):
        raise operand.fail(f"should be a number, not {operand.value!r}") from None


def _day(operand: Node) -> str:
    try:
        return datetime.strptime(operand.text(), "%m/%d/%Y").date().isoformat()
    except ValueError:
        raise operand.fail(f"should be a day like 03/31/2026, not {operand.value!r}") from None


def _range(times: Node) -> Range:
    if times.get("type").choice("between", "in the last") == "between":
        return Range("day", times.get("from_date").day(), times.get("to_date").day())
    times.get("from_date").get("unit").choice("day")
    return Range("day", last=times.get("from_date").get("value").whole())


def _sessions(window: Node, counting: str) -> int:
    """How many sessions a window has; none where it is one of time."""
    unit = window.get("unit").choice("session", *UNIT_MS)
    length = window.get("value").whole(1, LONGEST_WINDOW) if unit == "session" else 1
    if counting == "session" and length != 1:
        raise window.fail("counting sessions needs a window of 1 session")
    return length if unit == "session" or counting == "session" else 0


def _window(window: Node) -> int:
    return window.get("value").whole(1, LONGEST_WINDOW) * UNIT_MS[str(window.get("unit").value)]


def _merged(root: Node) -> tuple[Selection, ...]:
    """The project's custom events, where they are to be shown instead of what they are made of (W-9)."""
    if not root.get("show_custom_events").value:
        return ()
    return tuple(custom_event(root, number) for number in list(root.saved.custom_events)[:MOST_CUSTOM])


def _where(root: Node) -> tuple[Filter, ...]:
    conditions: tuple[Filter, ...] = ()
    children = root.get("filter_by_event")
    if children.value:
        children.get("operator").choice("and")
        conditions = tuple(_global(child) for child in children.get("children").items())
    cohort = root.get("filter_by_cohort")
    if cohort.value:
        conditions += (Member(cohort_reference(cohort), bool(cohort.get("negated").value)),)
    return conditions


def _global(child: Node) -> Filter:
    """An ordinary filter entry, but for the key of its property's name."""
    return conditions_of(child.at([{"value": child.get("propertyName").value, **child.value}], child.path))[0]
