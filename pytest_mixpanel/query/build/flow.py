"""Params of a flow: what do users do before and after?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from pytest_mixpanel.core.errors import ParamTypeError, ParamValidationError, ValidationError
from pytest_mixpanel.query.build.parts import (
    Groups,
    Where,
    check_choice,
    check_range,
    group_section,
    listed,
    raise_all,
)
from pytest_mixpanel.query.build.segfilters import segfilter
from pytest_mixpanel.query.inputs.filters import Filter
from pytest_mixpanel.query.inputs.flows import FlowStep, check_columns
from pytest_mixpanel.query.inputs.frequency import FrequencyFilter
from pytest_mixpanel.query.inputs.vocabulary import (
    FlowChartType,
    FlowConversionWindowUnit,
    FlowCountType,
)

CHARTS = {"sankey": "sankey", "paths": "top-paths", "tree": "sankey"}
SHAPES = {"sankey": "graph", "paths": "list", "tree": "tree"}
LONGEST_WINDOW = {"day": 366, "week": 52, "month": 12, "session": 1}
MOST_EVENTS = 50


def build_flow_params(
    event: str | FlowStep | Sequence[str | FlowStep],
    *,
    forward: int = 3,
    reverse: int = 0,
    from_date: str | None = None,
    to_date: str | None = None,
    last: int = 30,
    conversion_window: int = 7,
    conversion_window_unit: FlowConversionWindowUnit = "day",
    count_type: FlowCountType = "unique",
    cardinality: int = 3,
    collapse_repeated: bool = False,
    hidden_events: Sequence[str] | None = None,
    mode: FlowChartType = "sankey",
    where: Where = None,
    data_group_id: int | None = None,
    segments: Groups = None,
    exclusions: Sequence[str] | None = None,
    today: date,
) -> dict[str, Any]:
    """The params of a flow around one anchor or several.

    Raises ``BookmarkValidationError`` with every problem of the call, ``ParamValidationError`` for a filter
    flows cannot express, ``ValueError`` without an anchor.
    """
    anchors = [FlowStep(step) if isinstance(step, str) else step for step in listed(event)]
    if not anchors:
        raise ValueError("a flow needs an anchor: an event or a FlowStep")
    check_columns("forward", forward, "FL3_FORWARD_RANGE")
    check_columns("reverse", reverse, "FL4_REVERSE_RANGE")
    raise_all(
        [
            *_check_columns(anchors, forward, reverse),
            *_check_window(conversion_window, conversion_window_unit, count_type),
            *check_range(from_date, to_date, last, today),
            *check_choice("mode", mode, FlowChartType, "FL_INVALID_MODE"),
            *check_choice("count_type", count_type, FlowCountType, "FL_INVALID_COUNT_TYPE"),
            *_check_cardinality(cardinality),
        ]
    )
    params: dict[str, Any] = {
        "steps": [_step(anchor, forward, reverse) for anchor in anchors],
        "date_range": _dates(from_date, to_date, last, today),
        "chartType": CHARTS[mode],
        "flows_merge_type": SHAPES[mode],
        "count_type": count_type,
        "cardinality_threshold": cardinality,
        "version": 2,
        "conversion_window": {"unit": conversion_window_unit, "value": conversion_window},
        "anchor_position": 1,
        "collapse_repeated": collapse_repeated,
        "show_custom_events": True,
        "hidden_events": list(hidden_events or ()),
        "exclusions": list(exclusions or ()),
    }
    if data_group_id is not None:
        params["data_group_id"] = data_group_id
    params |= _filters(listed(where))
    if segments is not None:
        params["segments"] = group_section(segments)
    return params


def _step(anchor: FlowStep, forward: int, reverse: int) -> dict[str, Any]:
    step = {
        "event": anchor.event,
        "step_label": anchor.label or anchor.event,
        "forward": forward if anchor.forward is None else anchor.forward,
        "reverse": reverse if anchor.reverse is None else anchor.reverse,
        "bool_op": "or" if anchor.filters_combinator == "any" else "and",
        "property_filter_params_list": [segfilter(condition) for condition in anchor.filters or ()],
    }
    return step if anchor.session_event is None else {**step, "session_event": anchor.session_event}


def _dates(from_date: str | None, to_date: str | None, last: int, today: date) -> dict[str, Any]:
    if from_date is None:
        return {"type": "in the last", "from_date": {"unit": "day", "value": last}, "to_date": "$now"}
    return {"type": "between", "from_date": from_date, "to_date": to_date or today.isoformat()}


def _filters(where: list[Any]) -> dict[str, Any]:
    """One cohort may be chosen, and properties of the anchors' events."""
    cohorts = [
        item for item in where if isinstance(item, Filter) and item.to_json().get("value") == "$cohorts"
    ]
    if len(cohorts) > 1:
        raise ParamValidationError(
            "a flow takes one cohort filter; put several conditions into one CohortDefinition",
            code="BB5_FLOW_MULTIPLE_COHORT_FILTERS",
        )
    params: dict[str, Any] = {}
    if cohorts:
        cohort = cohorts[0].to_json()["filterValue"][0]["cohort"]
        params["filter_by_cohort"] = {
            "name": cohort["name"],
            "negated": cohort["negated"],
            **{key: cohort[key] for key in ("id", "raw_cohort") if key in cohort},
        }
    children = [_child(item) for item in where if item not in cohorts]
    if children:
        params["filter_by_event"] = {"operator": "and", "children": children}
    return params


def _child(condition: Filter | FrequencyFilter) -> dict[str, Any]:
    """An ordinary entry, but for its property's key; a frequency goes as it is."""
    entry = condition.to_json()
    if isinstance(condition, FrequencyFilter):
        return entry
    if "value" not in entry:
        raise ParamTypeError(
            "a flow is filtered by properties of events, not by custom ones",
            code="BB3_FLOW_PROPERTY_FILTER_TYPE",
        )
    name = entry.pop("value")
    del entry["defaultType"]
    return {**entry, "propertyName": name}


def _check_columns(anchors: Sequence[FlowStep], forward: Any, reverse: Any) -> Iterable[ValidationError]:
    columns = []
    for name, given, code in (
        ("forward", forward, "FL_TYPE_FORWARD"),
        ("reverse", reverse, "FL_TYPE_REVERSE"),
    ):
        for anchor in anchors:
            own = getattr(anchor, name)
            columns.append(given if own is None else own)
        if not isinstance(given, int) or isinstance(given, bool):
            yield ValidationError(name, f"{name} is a whole number of columns, not {given!r}", code)
    if not any(columns):
        yield ValidationError("forward", "a flow looks forward, in reverse, or both", "FL5_NO_DIRECTION")


def _check_window(window: Any, unit: str, count_type: str) -> Iterable[ValidationError]:
    yield from check_choice(
        "conversion_window_unit", unit, FlowConversionWindowUnit, "FL_INVALID_WINDOW_UNIT"
    )
    if not isinstance(window, int) or window < 1:
        yield ValidationError(
            "conversion_window", f"1 or more, not {window!r}", "FL7_CONVERSION_WINDOW_POSITIVE"
        )
    elif unit == "session" and window != 1:
        yield ValidationError(
            "conversion_window", "a session window is one session", "FL10_SESSION_WINDOW_REQUIRES_ONE"
        )
    elif window > LONGEST_WINDOW.get(unit, window):
        yield ValidationError(
            "conversion_window",
            f"at most {LONGEST_WINDOW[unit]} {unit}s, not {window}",
            "FL7_CONVERSION_WINDOW_MAX",
        )
    if count_type == "session" and unit != "session":
        yield ValidationError(
            "count_type",
            "sessions are counted within a session window",
            "FL9_SESSION_REQUIRES_SESSION_WINDOW",
        )


def _check_cardinality(cardinality: Any) -> Iterable[ValidationError]:
    if not isinstance(cardinality, int) or not 1 <= cardinality <= MOST_EVENTS:
        yield ValidationError(
            "cardinality", f"1 to {MOST_EVENTS} events a column, not {cardinality!r}", "FL6_CARDINALITY_RANGE"
        )
