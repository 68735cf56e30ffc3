"""Insights: events and their aggregates, formulas, and how the series are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pytest_mixpanel.query.checks import behaviors
from pytest_mixpanel.query.checks.filters import check_filters, check_property, items_of
from pytest_mixpanel.query.checks.problems import Problems, check_choice, check_name, is_whole, problem
from pytest_mixpanel.query.inputs.behaviors import FunnelBehavior, RetentionBehavior, SimpleBehavior
from pytest_mixpanel.query.inputs.cohorts import CohortMetric
from pytest_mixpanel.query.inputs.letters import letter, syntax_problem
from pytest_mixpanel.query.inputs.metrics import (
    NEEDS_PROPERTY,
    Formula,
    FunnelMetric,
    MeasuredEvent,
    Metric,
    MetricRef,
    RetentionMetric,
)
from pytest_mixpanel.query.inputs.require import among
from pytest_mixpanel.query.inputs.vocabulary import (
    FunnelMathType,
    MathType,
    PerUserAggregation,
    RetentionMathType,
)

TAKES_PROPERTY = NEEDS_PROPERTY | {"total"}
COUNTS_USERS = frozenset(("unique", "dau", "wau", "mau"))
LONGEST_ROLLING = 365
EVENT_CODES = ("V17_EMPTY_EVENT", "V22_CONTROL_CHAR_EVENT", "V22_INVISIBLE_EVENT")
MEASURES = (Metric, CohortMetric, FunnelMetric, RetentionMetric, MetricRef)


def check_events(events: Any) -> Problems:
    """Problems of what is measured, but for what the call's own arguments say of plain events."""
    given = items_of(events)
    if not isinstance(events, list | tuple) and not isinstance(events, (str, Formula, *MEASURES)):
        yield problem("events", f"an event's name or a metric, not {events!r}", "V21_INVALID_EVENT_TYPE")
        return
    if not any(not isinstance(item, Formula) or item.metrics is not None for item in given):
        yield problem("events", "a query needs at least one event", "V0_NO_EVENTS")
    for place, item in enumerate(given):
        if isinstance(item, str):
            yield from check_name(f"events[{place}]", item, *EVENT_CODES)
        elif isinstance(item, Formula):
            for position, operand in enumerate(item.metrics or ()):
                yield from check_measure(
                    f"formula.metrics[{position}]", operand, f"formula.metrics[{position}]"
                )
        elif isinstance(item, MEASURES):
            yield from check_measure(f"events[{place}]", item, f"sections.show[{place}]")
        else:
            yield problem(
                f"events[{place}]", f"an event's name or a metric, not {item!r}", "V21_INVALID_EVENT_TYPE"
            )


def check_plain(events: Any, math: Any, property: Any, per_user: Any, percentile: Any) -> Problems:
    """Problems of the arguments that say how plain events are measured."""
    given = items_of(events)
    if not any(isinstance(item, str) for item in given):
        if given and any(isinstance(item, MetricRef) for item in given):
            yield from _unused(math, property, per_user, percentile)
        return
    described = MeasuredEvent("", math, property, per_user, percentile)
    if among(math, NEEDS_PROPERTY) and property is None:
        yield problem("math", f"math {math!r} needs a math_property", "V1_MATH_REQUIRES_PROPERTY")
    if property is not None and not among(math, TAKES_PROPERTY):
        yield problem("math_property", f"math {math!r} takes no property", "V2_MATH_REJECTS_PROPERTY")
    yield from _check_aggregation(described, "percentile_value", "per_user", "per_user")
    if property is None or among(math, TAKES_PROPERTY):
        for place, item in enumerate(given):
            if isinstance(item, str):
                yield from _check_words(described, f"sections.show[{place}].measurement")
    yield from check_property("math_property", property)


def _unused(math: Any, property: Any, per_user: Any, percentile: Any) -> Problems:
    """A saved metric keeps its own measurement, so that one said beside it would be lost."""
    said = {"math": math if math != "total" else None, "math_property": property}
    said |= {"per_user": per_user, "percentile_value": percentile}
    for name, value in said.items():
        if value is not None:
            yield problem(
                name,
                f"{name}={value!r} is for plain events; say it in MetricRef",
                "V29_QUERY_MEASUREMENT_IGNORED",
            )


def check_measure(path: str, measure: Any, wire: str) -> Problems:
    """Problems of one metric."""
    if isinstance(measure, Metric):
        yield from _check_metric(path, measure, wire)
    elif isinstance(measure, FunnelMetric):
        yield from _check_funnel(path, measure, wire)
    elif isinstance(measure, RetentionMetric):
        yield from _check_retention(path, measure, wire)
    elif isinstance(measure, MetricRef):
        yield from check_property(path, measure.property)


def _check_metric(path: str, metric: Metric, wire: str) -> Problems:
    refused = metric.property is not None and not among(metric.math, TAKES_PROPERTY)
    if refused:
        yield problem(path, f"math {metric.math!r} takes no property", "V14_METRIC_REJECTS_PROPERTY")
    yield from _check_aggregation(metric, path, path, path)
    if not refused:
        yield from _check_words(metric, f"{wire}.measurement")
    yield from check_property(path, metric.property)
    if isinstance(metric.event, SimpleBehavior):
        for place, step in enumerate(metric.event.events):
            inner = getattr(step, "filters", None)
            yield from check_filters(
                f"{path}.event[{place}]", inner, f"{wire}.behavior.behaviors[{place}].filters"
            )
    yield from check_filters(path, metric.filters, f"{wire}.behavior.filters")
    yield from check_choice(
        f"{path}.filters_combinator",
        metric.filters_combinator,
        ("all", "any"),
        "B19_INVALID_FILTERS_DETERMINER",
    )


def _check_aggregation(metric: MeasuredEvent, percentile: str, histogram: str, per_user: str) -> Problems:
    """What an aggregation needs beside its property; the paths say where."""
    if metric.math == "percentile" and metric.percentile_value is None:
        yield problem(percentile, "math 'percentile' needs percentile_value", "V26_PERCENTILE_REQUIRES_VALUE")
    if metric.math == "histogram" and metric.per_user is None:
        yield problem(histogram, "math 'histogram' needs per_user", "V27_HISTOGRAM_REQUIRES_PER_USER")
    if metric.per_user is not None:
        if among(metric.math, COUNTS_USERS):
            yield problem(per_user, f"math {metric.math!r} counts users already", "V3_PER_USER_INCOMPATIBLE")
        if metric.property is None:
            yield problem(per_user, "per_user needs a property to work on", "V3B_PER_USER_REQUIRES_PROPERTY")


def _check_words(metric: MeasuredEvent, wire: str) -> Problems:
    if metric.per_user is None or metric.property is not None:
        yield from check_choice(f"{wire}.math", metric.math, MathType, "B9_INVALID_MATH")
    if metric.property is not None:
        yield from check_choice(
            f"{wire}.perUserAggregation",
            metric.per_user,
            PerUserAggregation,
            "B11_INVALID_PER_USER",
            "per_user",
            optional=True,
        )


def _check_funnel(path: str, metric: FunnelMetric, wire: str) -> Problems:
    yield from check_property(path, metric.property)
    yield from check_choice(f"{wire}.measurement.math", metric.math, FunnelMathType, "B9_INVALID_MATH")
    behavior = metric.behavior
    if isinstance(behavior, FunnelBehavior):
        under = f"{path}."
        yield from behaviors.check_steps(under, items_of(behavior.steps), wire)
        yield from behaviors.check_order(under, behavior.order, items_of(behavior.steps))
        yield from behaviors.check_window(
            under, behavior.conversion_window, behavior.conversion_window_unit, metric.math
        )
        yield from behaviors.check_exclusions(under, behavior.exclusions, len(behavior.steps))
        yield from behaviors.check_held(under, behavior.holding_constant)
        yield from behaviors.check_reentry(under, behavior.reentry_mode)


def _check_retention(path: str, metric: RetentionMetric, wire: str) -> Problems:
    yield from check_property(path, metric.property)
    yield from check_choice(f"{path}.math", metric.math, RetentionMathType, "R9_INVALID_MATH")
    behavior = metric.behavior
    if isinstance(behavior, RetentionBehavior):
        events = f"{wire}.behavior.behaviors"
        yield from behaviors.check_retention_event(
            f"{path}.born_event", behavior.born_event, behaviors.BORN_CODES, f"{events}[0].filters"
        )
        yield from behaviors.check_retention_event(
            f"{path}.return_event", behavior.return_event, behaviors.BACK_CODES, f"{events}[1].filters"
        )
        yield from behaviors.check_buckets(f"{path}.", behavior.bucket_sizes)
        yield from behaviors.check_retention_choices(
            f"{path}.", behavior.retention_unit, behavior.alignment, behavior.unbounded_mode
        )


def check_formulas(events: Any, formula: str | None) -> Problems:
    """Problems of calculations over the metrics of the query."""
    given = items_of(events)
    written = [item for item in given if isinstance(item, Formula)]
    metrics = sum(not isinstance(item, Formula) for item in given)
    if formula is not None and written:
        yield problem("formula", "say formula= or Formula(…), not both", "V4_FORMULA_CONFLICT")
        return
    over = [item.expression for item in written if item.metrics is None]
    over += [] if formula is None else [formula]
    if not over:
        return
    if metrics < 2:
        if metrics or isinstance(events, list | tuple):
            yield problem("formula", "a formula needs two metrics or more", "V4_FORMULA_MIN_EVENTS")
        if not metrics:
            return
    for place, expression in enumerate(over):
        path = "formula" if len(over) == 1 else f"formula[{place}]"
        yield from _check_formula(path, expression, metrics)


def _check_formula(path: str, expression: str, metrics: int) -> Problems:
    letters = sorted({sign for sign in expression if "A" <= sign <= "Z"})
    beyond = [name for name in letters if ord(name) - ord("A") >= metrics]
    if not letters:
        yield problem(path, f"the formula {expression!r} names no metric (A, B, …)", "V16_FORMULA_SYNTAX")
    elif beyond:
        yield problem(
            path,
            f"{expression!r} names {', '.join(beyond)}; the metrics are A to {letter(metrics - 1)}",
            "V19_FORMULA_BOUNDS",
        )
    elif (wrong := syntax_problem(expression)) is not None:
        yield problem(path, f"the formula {expression!r} cannot be read: {wrong}", "FM4_SYNTAX")


def check_analysis(rolling: Any, cumulative: Any) -> Problems:
    """Problems of how the series are drawn."""
    if rolling is None:
        return
    if cumulative:
        yield problem(
            "rolling", "rolling and cumulative exclude each other", "V5_ROLLING_CUMULATIVE_EXCLUSIVE"
        )
    if not is_whole(rolling) or rolling < 1:
        yield problem("rolling", f"a whole number from 1, not {rolling!r}", "V6_ROLLING_POSITIVE")
    elif rolling > LONGEST_ROLLING:
        yield problem("rolling", f"at most {LONGEST_ROLLING}, not {rolling}", "V23_ROLLING_TOO_LARGE")


def measures_of(events: Any) -> Sequence[Any]:
    """The metrics of a query, without its formulas."""
    return [item for item in items_of(events) if not isinstance(item, Formula)]
