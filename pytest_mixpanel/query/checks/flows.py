"""Flows: anchors, columns, windows, and what is hidden or excluded."""

from __future__ import annotations

from typing import Any

from pytest_mixpanel.query.checks.filters import check_property, items_of
from pytest_mixpanel.query.checks.problems import Problems, check_choice, check_name, is_whole, problem
from pytest_mixpanel.query.inputs.filters import Filter
from pytest_mixpanel.query.inputs.flows import FlowStep
from pytest_mixpanel.query.inputs.frequency import FrequencyFilter
from pytest_mixpanel.query.inputs.require import CONTROL_CHARACTERS
from pytest_mixpanel.query.inputs.vocabulary import (
    FlowChartType,
    FlowConversionWindowUnit,
    FlowCountType,
)

LONGEST_WINDOW = {"day": 366, "week": 52, "month": 12}
MOST_EVENTS = 50
STEP_CODES = ("FL2_EMPTY_STEP_EVENT", "FL2_CONTROL_CHAR_STEP_EVENT", "FL2_INVISIBLE_STEP_EVENT")


def check_anchors(anchors: list[Any], forward: Any, reverse: Any) -> Problems:
    """Problems of the anchors and the columns around them."""
    for name, given in (("forward", forward), ("reverse", reverse)):
        if not is_whole(given):
            yield problem(
                name, f"{name} is a whole number of columns, not {given!r}", f"FL_TYPE_{name.upper()}"
            )
    for place, anchor in enumerate(anchors):
        path = f"steps[{place}]"
        if not isinstance(anchor, str | FlowStep):
            yield problem(path, f"an event or a FlowStep, not {anchor!r}", STEP_CODES[0])
            continue
        yield from check_name(path, anchor if isinstance(anchor, str) else anchor.event, *STEP_CODES)
        for name, given in (("forward", forward), ("reverse", reverse)):
            own = getattr(anchor, name, None)
            resolved = given if own is None else own
            if resolved is not None and not is_whole(resolved):
                yield problem(
                    f"{path}.{name}",
                    f"{name} is a whole number of columns, not {resolved!r}",
                    f"FL_TYPE_{name.upper()}",
                )
        if isinstance(anchor, FlowStep):
            yield from _check_step(path, anchor)
    columns = [
        given if (own := getattr(anchor, name, None)) is None else own
        for anchor in anchors
        for name, given in (("forward", forward), ("reverse", reverse))
    ]
    if all(is_whole(count) for count in columns) and not any(columns):
        yield problem("forward", "a flow looks forward, in reverse, or both", "FL5_NO_DIRECTION")


def _check_step(path: str, anchor: FlowStep) -> Problems:
    filters: Any = anchor.filters or ()
    yield from check_choice(
        f"{path}.filters_combinator",
        anchor.filters_combinator,
        ("all", "any"),
        "FL_INVALID_FILTERS_COMBINATOR",
    )
    for position, condition in enumerate(filters):
        where = f"{path}.filters[{position}]"
        if not isinstance(condition, Filter):
            yield problem(where, f"filters are Filter, not {condition!r}", "V25_INVALID_FILTER_TYPE")
            continue
        yield from check_property(where, condition.owner)
        if isinstance(condition.owner, str) and CONTROL_CHARACTERS.search(condition.owner):
            yield problem(where, "a property's name holds no control characters", "FL_FILTER_CONTROL_CHAR")


def check_flow_where(where: Any) -> Problems:
    """Problems of a flow's global conditions."""
    for item in items_of(where):
        if not isinstance(item, Filter | FrequencyFilter):
            yield problem(
                "where", f"conditions are Filter or FrequencyFilter, not {item!r}", "V25_INVALID_FILTER_TYPE"
            )
        elif isinstance(item, Filter):
            yield from check_property("where", item.owner)


def check_flow_window(window: Any, unit: Any, count_type: Any) -> Problems:
    """Problems of the window and of what is counted in it."""
    yield from check_choice(
        "conversion_window_unit", unit, FlowConversionWindowUnit, "FL_INVALID_WINDOW_UNIT"
    )
    yield from check_choice("count_type", count_type, FlowCountType, "FL_INVALID_COUNT_TYPE")
    if not is_whole(window) or window < 1:
        yield problem(
            "conversion_window", f"a whole number from 1, not {window!r}", "FL7_CONVERSION_WINDOW_POSITIVE"
        )
    elif unit != "session" and window > (longest := LONGEST_WINDOW.get(str(unit), window)):
        yield problem(
            "conversion_window", f"at most {longest} {unit}s, not {window}", "FL7_CONVERSION_WINDOW_MAX"
        )
    if unit == "session" and is_whole(window) and window != 1:
        yield problem(
            "conversion_window", "a session window is one session", "FL10_SESSION_WINDOW_REQUIRES_ONE"
        )
    if count_type == "session" and unit != "session":
        yield problem(
            "count_type",
            "sessions are counted in conversion_window_unit='session' of 1",
            "FL9_SESSION_REQUIRES_SESSION_WINDOW",
        )


def check_flow_shape(mode: Any, cardinality: Any, hidden: Any, excluded: Any) -> Problems:
    """Problems of the answer's shape, and of the events left out of it."""
    yield from check_choice("mode", mode, FlowChartType, "FL_INVALID_MODE")
    if not is_whole(cardinality) or not 1 <= cardinality <= MOST_EVENTS:
        yield problem(
            "cardinality", f"1 to {MOST_EVENTS} events, not {cardinality!r}", "FL6_CARDINALITY_RANGE"
        )
    for name, given in (("hidden_events", hidden), ("exclusions", excluded)):
        for place, event in enumerate(items_of(given)):
            if not isinstance(event, str):
                yield problem(
                    f"{name}[{place}]", f"an event's name, not {event!r}", "FL_INVALID_HIDDEN_EVENT_TYPE"
                )
