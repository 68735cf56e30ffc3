"""Params of a flow: what do users do before and after?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pytest_mixpanel.core.errors import ParamTypeError, ParamValidationError
from pytest_mixpanel.query.build.parts import (
    Groups,
    Where,
    group_section,
    listed,
)
from pytest_mixpanel.query.build.segfilters import segfilter
from pytest_mixpanel.query.checks import flows as checks
from pytest_mixpanel.query.checks.groups import check_groups
from pytest_mixpanel.query.checks.problems import raise_all
from pytest_mixpanel.query.checks.ranges import check_data_group, check_range, local_today
from pytest_mixpanel.query.inputs.filters import Filter
from pytest_mixpanel.query.inputs.flows import FlowStep, check_columns
from pytest_mixpanel.query.inputs.frequency import FrequencyFilter
from pytest_mixpanel.query.inputs.vocabulary import (
    FlowChartType,
    FlowConversionWindowUnit,
    FlowCountType,
)

CHARTS = {"sankey": "sankey", "paths": "top-paths", "tree": "sankey"}
DEFAULT_WINDOW = (7, "day")
SHAPES = {"sankey": "graph", "paths": "list", "tree": "tree"}


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
    today: date | None = None,
) -> dict[str, Any]:
    """The params of a flow around one anchor or several.

    ``count_type="session"`` is counted within sessions where the call says no other window.
    Raises ``BookmarkValidationError`` with every problem of the call, ``ParamValidationError`` for a filter
    flows cannot express and without an anchor.
    """
    today = today or local_today()
    if count_type == "session" and (conversion_window, conversion_window_unit) == DEFAULT_WINDOW:
        conversion_window, conversion_window_unit = 1, "session"
    given = [FlowStep(step) if isinstance(step, str) else step for step in listed(event)]
    if not given:
        raise ParamValidationError("a flow needs an anchor: an event or a FlowStep", code="FL1_EMPTY_STEPS")
    for step in given:
        if getattr(step, "forward", None) is None:  # it has none of its own
            check_columns("forward", forward, "FL3_FORWARD_RANGE")
        if getattr(step, "reverse", None) is None:
            check_columns("reverse", reverse, "FL4_REVERSE_RANGE")
    raise_all(
        [
            *checks.check_anchors(given, forward, reverse),
            *checks.check_flow_window(conversion_window, conversion_window_unit, count_type),
            *checks.check_flow_shape(mode, cardinality, hidden_events, exclusions),
            *checks.check_flow_where(where),
            *check_range(from_date, to_date, last, today),
            *check_groups(segments, path="segments"),
            *check_data_group(data_group_id),
        ]
    )
    params: dict[str, Any] = {
        "steps": [_step(anchor, forward, reverse) for anchor in given],
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
        "hidden_events": listed(hidden_events),
        "exclusions": listed(exclusions),
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
