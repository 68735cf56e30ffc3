"""Params of a funnel: do users convert through a sequence?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from pytest_mixpanel.core.errors import ValidationError
from pytest_mixpanel.query.build.parts import (
    Groups,
    Where,
    attempt_filter_section,
    check_choice,
    check_event,
    check_range,
    filter_section,
    group_section,
    listed,
    raise_all,
    time_section,
    with_comparison,
)
from pytest_mixpanel.query.inputs.events import Exclusion, FunnelStep, HoldingConstant, TimeComparison
from pytest_mixpanel.query.inputs.vocabulary import (
    ConversionWindowUnit,
    FunnelMathType,
    FunnelMode,
    FunnelOrder,
    FunnelReentryMode,
    QueryTimeUnit,
)

CHARTS = {"steps": "funnel-steps", "trends": "line", "table": "table"}
LONGEST_WINDOW = {
    "second": 31_708_800,
    "minute": 528_480,
    "hour": 8_808,
    "day": 367,
    "week": 52,
    "month": 12,
    "session": 12,
}


def build_funnel_params(
    steps: Sequence[str | FunnelStep],
    *,
    conversion_window: int = 14,
    conversion_window_unit: ConversionWindowUnit = "day",
    order: FunnelOrder = "loose",
    from_date: str | None = None,
    to_date: str | None = None,
    last: int = 30,
    unit: QueryTimeUnit = "day",
    math: FunnelMathType = "conversion_rate_unique",
    math_property: str | None = None,
    group_by: Groups = None,
    where: Where = None,
    exclusions: Sequence[str | Exclusion] | None = None,
    holding_constant: str | HoldingConstant | Sequence[str | HoldingConstant] | None = None,
    mode: FunnelMode = "steps",
    reentry_mode: FunnelReentryMode | None = None,
    time_comparison: TimeComparison | None = None,
    data_group_id: int | None = None,
    today: date,
) -> dict[str, Any]:
    """The params of one funnel of two steps or more.

    Raises ``BookmarkValidationError`` with every problem of the call.
    """
    walked = [FunnelStep(step) if isinstance(step, str) else step for step in listed(steps)]
    excluded = [Exclusion(item) if isinstance(item, str) else item for item in listed(exclusions)]
    held = [HoldingConstant(item) if isinstance(item, str) else item for item in listed(holding_constant)]
    raise_all(
        [
            *_check_steps(walked, excluded),
            *_check_window(conversion_window, conversion_window_unit),
            *check_range(from_date, to_date, last, today),
            *check_choice("unit", unit, QueryTimeUnit, "B12_INVALID_TIME_UNIT"),
            *check_choice("math", math, FunnelMathType, "B9_INVALID_MATH"),
            *check_choice("mode", mode, FunnelMode, "F13_INVALID_MODE"),
            *check_choice("order", order, FunnelOrder, "F14_INVALID_ORDER"),
            *check_choice("reentry_mode", reentry_mode, FunnelReentryMode, "F12_INVALID_REENTRY_MODE"),
        ]
    )
    behavior: dict[str, Any] = {
        "type": "funnel",
        "resourceType": "events",
        "behaviors": [_step_clause(step, order) for step in walked],
        "conversionWindowDuration": conversion_window,
        "conversionWindowUnit": conversion_window_unit,
        "funnelOrder": order,
        "exclusions": [_exclusion_clause(item, len(walked)) for item in excluded],
        "aggregateBy": [{"value": item.property, "resourceType": item.resource_type} for item in held],
        "filter": [],
    }
    if reentry_mode is not None:
        behavior["funnelReentryMode"] = reentry_mode
    measured = {"name": math_property, "type": "number", "resourceType": "events"} if math_property else None
    sections: dict[str, Any] = {
        "show": [
            {
                "type": "metric",
                "behavior": behavior,
                "measurement": {"math": math, "property": measured, "stepIndex": None},
            }
        ],
        "time": time_section(unit, from_date, to_date, last, today),
        "filter": attempt_filter_section(where),
        "group": group_section(group_by, data_group_id),
        "formula": [],
    }
    if data_group_id is not None:
        sections["globalDataGroupId"] = str(data_group_id)
    display = with_comparison({"chartType": CHARTS[mode]}, time_comparison)
    return {"sections": sections, "displayOptions": display}


def _step_clause(step: FunnelStep, order: FunnelOrder) -> dict[str, Any]:
    clause: dict[str, Any] = {
        "type": "event",
        "id": None,
        "name": step.event,
        "filters": filter_section(step.filters),
        "filtersDeterminer": step.filters_combinator,
        "funnelOrder": step.order or order,
    }
    return clause if step.label is None else {**clause, "renamed": step.label}


def _exclusion_clause(exclusion: Exclusion, steps: int) -> dict[str, Any]:
    """Wire positions are 1-based and inclusive."""
    last = steps if exclusion.to_step is None else exclusion.to_step + 1
    return {"event": exclusion.event, "steps": {"from": exclusion.from_step + 1, "to": last}}


def _check_steps(steps: Sequence[FunnelStep], exclusions: Sequence[Exclusion]) -> Iterable[ValidationError]:
    if len(steps) < 2:
        yield ValidationError("steps", "a funnel needs two steps or more", "F1_MIN_STEPS")
    if len(steps) > 100:
        yield ValidationError("steps", f"{len(steps)} steps; at most 100 are allowed", "F1_MAX_STEPS")
    for position, step in enumerate(steps):
        yield from check_event(f"steps[{position}]", step.event, "F2_EMPTY_STEP_EVENT")
    for position, item in enumerate(exclusions):
        path = f"exclusions[{position}]"
        yield from check_event(path, item.event, "F4_EMPTY_EXCLUSION_EVENT")
        last = len(steps) - 1 if item.to_step is None else item.to_step
        if item.to_step is not None and item.to_step <= item.from_step:
            yield ValidationError(path, "to_step must lie after from_step", "F4_EXCLUSION_STEP_ORDER")
        if item.from_step < 0 or last >= max(len(steps), 1):
            yield ValidationError(path, "the exclusion reaches outside the steps", "F4_EXCLUSION_STEP_BOUNDS")


def _check_window(window: Any, unit: str) -> Iterable[ValidationError]:
    yield from check_choice("conversion_window_unit", unit, ConversionWindowUnit, "F7_INVALID_WINDOW_UNIT")
    if not isinstance(window, int) or isinstance(window, bool):
        yield ValidationError(
            "conversion_window", f"a whole number, not {window!r}", "F3_CONVERSION_WINDOW_TYPE"
        )
    elif window < 1:
        yield ValidationError(
            "conversion_window", f"1 or more, not {window}", "F3_CONVERSION_WINDOW_POSITIVE"
        )
    elif window > (longest := LONGEST_WINDOW.get(unit, window)):
        yield ValidationError(
            "conversion_window", f"at most {longest} {unit}s, not {window}", "F3_CONVERSION_WINDOW_MAX"
        )
