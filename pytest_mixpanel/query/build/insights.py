"""Params of an insights query: how much, how many, over time, by segment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from pytest_mixpanel.core.errors import ValidationError
from pytest_mixpanel.query.build.parts import (
    Groups,
    Where,
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
from pytest_mixpanel.query.inputs.cohorts import CohortMetric
from pytest_mixpanel.query.inputs.custom import Property, measured
from pytest_mixpanel.query.inputs.events import Formula, Metric, TimeComparison
from pytest_mixpanel.query.inputs.vocabulary import (
    InsightsMode,
    MathType,
    PerUserAggregation,
    QueryTimeUnit,
)

NEEDS_PROPERTY = frozenset(
    {
        "average",
        "median",
        "min",
        "max",
        "p25",
        "p75",
        "p90",
        "p99",
        "percentile",
        "histogram",
        "unique_values",
        "most_frequent",
        "first_value",
        "multi_attribution",
        "numeric_summary",
        "sum",
    }
)
TAKES_PROPERTY = NEEDS_PROPERTY | {"total"}
WIRE_MATH = {"sum": "total", "percentile": "custom_percentile"}
CHARTS = {"timeseries": "line", "total": "bar", "table": "table"}

Event = str | Metric | CohortMetric | Formula
Events = Event | Sequence[Event]


def build_params(
    events: Events,
    *,
    from_date: str | None = None,
    to_date: str | None = None,
    last: int = 30,
    unit: QueryTimeUnit = "day",
    math: MathType = "total",
    math_property: Property | None = None,
    per_user: PerUserAggregation | None = None,
    percentile_value: float | None = None,
    group_by: Groups = None,
    where: Where = None,
    formula: str | None = None,
    formula_label: str | None = None,
    rolling: int | None = None,
    cumulative: bool = False,
    mode: InsightsMode = "timeseries",
    time_comparison: TimeComparison | None = None,
    data_group_id: int | None = None,
    today: date,
) -> dict[str, Any]:
    """The params of one insights query.

    ``math``, ``math_property``, ``per_user`` and ``percentile_value`` apply to plain string events; a
    ``Metric`` keeps its own. ``math="sum"`` goes out as the total of the property, as Mixpanel spells it.
    Raises ``BookmarkValidationError`` with every problem of the call.
    """
    given = listed(events)
    metrics = [
        Metric(item, math, math_property, per_user, percentile_value) if isinstance(item, str) else item
        for item in given
        if not isinstance(item, Formula)
    ]
    formulas = [item for item in given if isinstance(item, Formula)]
    if formula is not None:
        formulas.append(Formula(formula, formula_label))
    raise_all(
        [
            *_check_events(metrics, formulas),
            *check_range(from_date, to_date, last, today),
            *check_choice("unit", unit, QueryTimeUnit, "B12_INVALID_TIME_UNIT"),
            *check_choice("mode", mode, InsightsMode, "V28_INVALID_MODE"),
            *_check_analysis(rolling, cumulative),
        ]
    )
    sections: dict[str, Any] = {
        "show": [_metric_clause(metric, hidden=bool(formulas)) for metric in metrics]
        + [_formula_clause(item) for item in formulas],
        "time": time_section(unit, from_date, to_date, last, today),
        "filter": filter_section(where),
        "group": group_section(group_by, data_group_id),
    }
    if data_group_id is not None:
        sections["globalDataGroupId"] = str(data_group_id)
    display = {"chartType": CHARTS[mode], **_analysis(rolling, cumulative)}
    return {"sections": sections, "displayOptions": with_comparison(display, time_comparison)}


def _metric_clause(metric: Metric | CohortMetric, hidden: bool) -> dict[str, Any]:
    if isinstance(metric, CohortMetric):
        return metric.to_json(hidden)
    measurement: dict[str, Any] = {"math": WIRE_MATH.get(metric.math, metric.math)}
    if metric.property is not None:
        measurement["property"] = measured(metric.property)
    if metric.per_user is not None:
        measurement["perUserAggregation"] = metric.per_user
    if metric.percentile_value is not None:
        measurement["percentile"] = metric.percentile_value
    if metric.segment_method is not None:
        measurement["segmentMethod"] = metric.segment_method
    clause: dict[str, Any] = {
        "type": "metric",
        "behavior": {
            "type": "event",
            "name": metric.event,
            "resourceType": "events",
            "filtersDeterminer": metric.filters_combinator,
            "filters": filter_section(metric.filters),
        },
        "measurement": measurement,
    }
    return {**clause, "isHidden": True} if hidden else clause


def _formula_clause(formula: Formula) -> dict[str, Any]:
    clause: dict[str, Any] = {
        "type": "formula",
        "definition": formula.expression,
        "measurement": {},
        "referencedMetrics": [],
    }
    return clause if formula.label is None else {**clause, "name": formula.label}


def _analysis(rolling: int | None, cumulative: bool) -> dict[str, Any]:
    if rolling is not None:
        return {"analysis": "rolling", "rollingWindowSize": rolling}
    return {"analysis": "cumulative" if cumulative else "linear"}


def _check_events(
    metrics: Sequence[Metric | CohortMetric], formulas: Sequence[Formula]
) -> Iterable[ValidationError]:
    if not metrics:
        yield ValidationError("events", "a query needs at least one event", "V0_NO_EVENTS")
    for position, metric in enumerate(metrics):
        path = f"events[{position}]"
        if isinstance(metric, CohortMetric):
            continue
        yield from check_event(path, metric.event)
        yield from check_choice(f"{path}.math", metric.math, MathType, "B9_INVALID_MATH")
        yield from check_choice(
            f"{path}.per_user", metric.per_user, PerUserAggregation, "B11_INVALID_PER_USER"
        )
        if metric.math in NEEDS_PROPERTY and not metric.property:
            yield ValidationError(
                path, f"math {metric.math!r} needs a property to work on", "V1_MATH_REQUIRES_PROPERTY"
            )
        if metric.property and metric.math not in TAKES_PROPERTY and metric.per_user is None:
            yield ValidationError(path, f"math {metric.math!r} takes no property", "V2_MATH_REJECTS_PROPERTY")
        if metric.math == "percentile" and metric.percentile_value is None:
            yield ValidationError(
                path, "a percentile needs percentile_value", "V26_PERCENTILE_REQUIRES_VALUE"
            )
    if formulas and len(metrics) < 2:
        yield ValidationError("formula", "a formula needs two metrics or more", "V4_FORMULA_MIN_EVENTS")


def _check_analysis(rolling: int | None, cumulative: bool) -> Iterable[ValidationError]:
    if rolling is not None and cumulative:
        yield ValidationError(
            "rolling", "rolling and cumulative exclude each other", "V5_ROLLING_CUMULATIVE_EXCLUSIVE"
        )
    if rolling is not None and rolling < 1:
        yield ValidationError("rolling", f"a rolling window of {rolling} is none", "V6_ROLLING_POSITIVE")
