"""Show clauses: a metric, a funnel, a retention, a saved metric or a formula, as the wire has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pytest_mixpanel.query.build.parts import filter_section, listed
from pytest_mixpanel.query.inputs.behaviors import (
    FunnelBehavior,
    Holding,
    RetentionBehavior,
    SimpleBehavior,
)
from pytest_mixpanel.query.inputs.cohorts import CohortMetric
from pytest_mixpanel.query.inputs.custom import Property, measured
from pytest_mixpanel.query.inputs.events import Exclusion, FunnelStep, HoldingConstant, RetentionEvent
from pytest_mixpanel.query.inputs.metrics import (
    Formula,
    FunnelMetric,
    MeasuredEvent,
    MetricRef,
    RetentionMetric,
)
from pytest_mixpanel.query.inputs.references import BehaviorRef, CustomEventRef

Clause = dict[str, Any]
WIRE_MATH = {"sum": "total", "percentile": "custom_percentile", "retention_count": "unique"}


def measure_clause(measure: Any) -> Clause:
    """The clause of any metric; a plain text is an event that is counted."""
    if isinstance(measure, str):
        return metric_clause(MeasuredEvent(measure))
    if isinstance(measure, CohortMetric):
        return measure.to_json()
    if isinstance(measure, MetricRef):
        return saved_clause(measure)
    if isinstance(measure, FunnelMetric):
        return _named(
            funnel_clause(measure.behavior, measure.math, measure.property, measure.step_index), measure.label
        )
    if isinstance(measure, RetentionMetric):
        return _named(retention_metric_clause(measure), measure.label)
    return metric_clause(measure)


def metric_clause(metric: MeasuredEvent) -> Clause:
    """An event, or any of several, with its measurement."""
    return {"type": "metric", "behavior": _event_behavior(metric), "measurement": _measurement(metric)}


def _measurement(metric: MeasuredEvent | MetricRef) -> dict[str, Any]:
    """The keys that were given, in the wire's order."""
    written = {
        "math": WIRE_MATH.get(metric.math, metric.math) if metric.math is not None else None,
        "property": measured(metric.property) if metric.property is not None else None,
        "perUserAggregation": metric.per_user,
        "percentile": metric.percentile_value,
        "segmentMethod": metric.segment_method,
    }
    return {key: value for key, value in written.items() if value is not None}


def _event_behavior(metric: MeasuredEvent) -> dict[str, Any]:
    event, filters = metric.event, filter_section(metric.filters)
    if isinstance(event, BehaviorRef):
        return event.to_json()
    if isinstance(event, list | tuple) and len(event) == 1:
        event = event[0]
    if isinstance(event, str | CustomEventRef):
        return {
            **_identity(event),
            "resourceType": "events",
            "filtersDeterminer": metric.filters_combinator,
            "filters": filters,
        }
    simple = event if isinstance(event, SimpleBehavior) else SimpleBehavior(event)
    return {
        "type": "simple",
        "name": simple.label,
        "resourceType": "events",
        "filtersDeterminer": "all",
        "filters": [],
        "behaviors": [_one_of(item, metric, filters) for item in simple.events],
    }


def _one_of(event: str | CustomEventRef | FunnelStep, metric: MeasuredEvent, filters: list[Any]) -> Clause:
    """An event of several; the metric's filters hold for each of them."""
    if isinstance(event, FunnelStep):
        return _step(event)
    entry = {**_identity(event), "filters": filters, "filtersDeterminer": metric.filters_combinator}
    return {"type": entry.pop("type"), "id": entry.pop("id", None), **entry}


def _identity(event: str | CustomEventRef) -> dict[str, Any]:
    if isinstance(event, CustomEventRef):
        return {"type": "custom-event", "id": event.id, "name": event.name}
    return {"type": "event", "name": event}


def _step(step: FunnelStep | RetentionEvent, **further: Any) -> Clause:
    clause: dict[str, Any] = {
        "type": "event",
        "id": None,
        "name": step.event,
        "filters": filter_section(step.filters),
        "filtersDeterminer": step.filters_combinator,
        **further,
    }
    label = getattr(step, "label", None)
    return clause if label is None else {**clause, "renamed": label}


def funnel_clause(
    behavior: FunnelBehavior | BehaviorRef,
    math: str,
    property: Property | None,
    step_index: int | None = None,
) -> Clause:
    """A funnel, whole or by reference, with what is measured along it."""
    own = behavior.to_json() if isinstance(behavior, BehaviorRef) else funnel_behavior(behavior)
    of = {"name": property, "type": "number", "resourceType": "events"} if property else None
    if property is not None and not isinstance(property, str):
        of = measured(property)
    return {
        "type": "metric",
        "behavior": own,
        "measurement": {"math": math, "property": of, "stepIndex": step_index},
    }


def funnel_behavior(funnel: FunnelBehavior) -> dict[str, Any]:
    """The ``behavior`` of a funnel."""
    steps = [step if isinstance(step, FunnelStep) else FunnelStep(step) for step in listed(funnel.steps)]
    behavior: dict[str, Any] = {
        "type": "funnel",
        "resourceType": "events",
        "behaviors": [_step(step, funnelOrder=step.order or funnel.order) for step in steps],
        "conversionWindowDuration": funnel.conversion_window,
        "conversionWindowUnit": funnel.conversion_window_unit,
        "funnelOrder": funnel.order,
        "exclusions": [_exclusion(item, len(steps)) for item in listed(funnel.exclusions)],
        "aggregateBy": [
            {"value": item.property, "resourceType": item.resource_type}
            for item in holding(funnel.holding_constant)
        ],
        "filter": [],
    }
    return behavior if funnel.reentry_mode is None else {**behavior, "funnelReentryMode": funnel.reentry_mode}


def holding(held: Holding) -> list[HoldingConstant]:
    """The properties held constant; a text is an event's property."""
    return [item if isinstance(item, HoldingConstant) else HoldingConstant(item) for item in listed(held)]


def _exclusion(given: str | Exclusion, steps: int) -> dict[str, Any]:
    """Wire positions are 1-based and inclusive."""
    exclusion = given if isinstance(given, Exclusion) else Exclusion(given)
    last = steps if exclusion.to_step is None else exclusion.to_step + 1
    return {"event": exclusion.event, "steps": {"from": exclusion.from_step + 1, "to": last}}


def retention_clause(behavior: RetentionBehavior | BehaviorRef, measurement: dict[str, Any]) -> Clause:
    """A retention, whole or by reference, with its measurement."""
    own = behavior.to_json() if isinstance(behavior, BehaviorRef) else retention_behavior(behavior)
    return {"type": "metric", "behavior": own, "measurement": measurement}


def retention_behavior(retention: RetentionBehavior) -> dict[str, Any]:
    """The ``behavior`` of a retention."""
    events = [
        event if isinstance(event, RetentionEvent) else RetentionEvent(event)
        for event in (retention.born_event, retention.return_event)
    ]
    behavior: dict[str, Any] = {
        "type": "retention",
        "resourceType": "events",
        "behaviors": [_step(event) for event in events],
        "retentionUnit": retention.retention_unit,
        "retentionAlignmentType": retention.alignment,
        "retentionCustomBucketSizes": list(retention.bucket_sizes or ()),
        "filter": [],
    }
    if retention.unbounded_mode is not None:
        behavior["retentionUnboundedMode"] = retention.unbounded_mode
    return behavior


def retention_metric_clause(metric: RetentionMetric) -> Clause:
    """A retention as one number."""
    measurement: dict[str, Any] = {"math": WIRE_MATH.get(metric.math, metric.math)}
    if metric.property is not None:
        measurement["property"] = measured(metric.property)
    if metric.bucket_index is not None:
        measurement["retentionBucketIndex"] = metric.bucket_index
    if metric.retention_cumulative:
        measurement["retentionCumulative"] = True
    return retention_clause(metric.behavior, measurement)


def saved_clause(metric: MetricRef) -> Clause:
    """A saved metric by its number, with what differs from it."""
    measurement = _measurement(metric)
    if metric.step_index is not None:
        measurement["stepIndex"] = metric.step_index
    if metric.bucket_index is not None:
        measurement["retentionBucketIndex"] = metric.bucket_index
    own = {
        "name": metric.label,
        "behavior": {"funnelOrder": metric.funnel_order} if metric.funnel_order else None,
        "measurement": measurement or None,
        "isHidden": metric.hidden,
    }
    overrides = {key: value for key, value in own.items() if value is not None}
    overrides = _merged(overrides, metric.overrides or {})
    clause = {"type": metric.type, "id": metric.id}
    return {**clause, "overrides": overrides} if overrides else clause


def _merged(base: dict[str, Any], over: Any) -> dict[str, Any]:
    """``over`` wins; objects within are merged too."""
    merged = dict(base)
    for key, value in over.items():
        inner = merged.get(key)
        both = isinstance(inner, dict) and hasattr(value, "items")
        merged[key] = _merged(inner or {}, value) if both else value
    return merged


def hidden(clause: Clause) -> Clause:
    """The clause of a metric that is only computed for a formula."""
    if "id" in clause:
        identity = {"type": clause["type"], "id": clause["id"], "isHidden": True}
        return {**identity, **{key: value for key, value in clause.items() if key not in identity}}
    name = {"name": clause["name"]} if "name" in clause else {}
    return {**{key: value for key, value in clause.items() if key != "name"}, "isHidden": True, **name}


def formula_clause(formula: Formula) -> Clause:
    """A formula, over the metrics of the query or over its own."""
    clause: Clause = {
        "type": "formula",
        "definition": formula.expression,
        "measurement": {},
        "referencedMetrics": [_operand(metric) for metric in formula.metrics or ()],
    }
    return _named(clause, formula.label)


def _operand(metric: Any) -> Clause:
    """An operand is not a series, so that it has no name of its own."""
    return {key: value for key, value in measure_clause(metric).items() if key != "name"}


def _named(clause: Clause, label: str | None) -> Clause:
    return clause if label is None else {**clause, "name": label}


def show_section(measures: Sequence[Any], formulas: Sequence[Formula]) -> list[Clause]:
    """``sections.show``: metrics, hidden where a formula over them is shown, then the formulas."""
    over = any(formula.metrics is None for formula in formulas)
    shown = [
        hidden(clause) if over else _visible(measure, clause)
        for measure, clause in ((measure, measure_clause(measure)) for measure in measures)
    ]
    return shown + [formula_clause(formula) for formula in formulas]


def _visible(measure: Any, clause: Clause) -> Clause:
    """Only the sizes of cohorts say that they are shown."""
    return {**clause, "isHidden": False} if isinstance(measure, CohortMetric) else clause
