"""An event by its name, or a custom event by its name or number, as what queries select (semantics E-63)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from pytest_mixpanel.query.parse.node import Node
from pytest_mixpanel.query.plan.selecting import Filter, Selection

CUSTOM_EVENT = "$custom_event:"
"""How the wire names a custom event: this and its number."""


def event_named(
    name: Node,
    conditions: tuple[Filter, ...] = (),
    combine: Literal["all", "any"] = "all",
    label: str | None = None,
    first_time: bool = False,
) -> Selection:
    """Records of an event that pass conditions; of a custom event those of any of its events.

    Raises ``PlanError`` for a custom event the project does not have.
    """
    number = _number(name)
    if number is None:
        return Selection(name.text(), conditions, combine, label, first_time)
    whole = custom_event(name, number)
    each_of_them = (replace(whole, others=(), label=None), *whole.others)
    first_of = tuple(each.event for each in each_of_them) if first_time else ()
    one, *others = (
        replace(each, conditions=conditions, combine=combine, first_time=first_time, first_of=first_of)
        for each in each_of_them
    )
    return replace(
        one, label=label if label not in (None, name.text()) else whole.label, others=tuple(others)
    )


def custom_event(place: Node, number: int) -> Selection:
    """The events that a custom event of the project is made of, under its name."""
    row = place.saved.custom_events.get(number)
    if row is None:
        raise place.fail(f"the project has no custom event {number}")
    definition = place.at(row, f"custom event {number}")
    events = [one.get("event").text() for one in definition.get("alternatives").items()]
    if not events:
        raise definition.get("alternatives").fail("a custom event is made of events")
    first, *others = (Selection(event) for event in dict.fromkeys(events))
    return replace(first, label=definition.get("name").text(), others=tuple(others))


def _number(name: Node) -> int | None:
    """The number of a custom event that goes by a name or is named by its number; ``None`` of others."""
    text = name.text()
    if text.startswith(CUSTOM_EVENT):
        digits = text.removeprefix(CUSTOM_EVENT)
        if not digits.isdecimal():
            raise name.fail(f"{text!r} names no custom event: write {CUSTOM_EVENT}7")
        return int(digits)
    rows: Mapping[int, Mapping[str, Any]] = name.saved.custom_events
    return next((number for number, row in rows.items() if row.get("name") == text), None)
