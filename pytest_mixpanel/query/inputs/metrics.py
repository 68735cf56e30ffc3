"""What an insights query measures: events, funnels and retention as numbers, saved metrics, formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY
from typing import Any, Literal, get_args

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.inputs.behaviors import (
    FunnelBehavior,
    RetentionBehavior,
    SimpleBehavior,
    require_names,
)
from pytest_mixpanel.query.inputs.cohorts import CohortMetric
from pytest_mixpanel.query.inputs.custom import Property
from pytest_mixpanel.query.inputs.filters import Filter
from pytest_mixpanel.query.inputs.letters import check_operands
from pytest_mixpanel.query.inputs.references import BehaviorRef, CustomEventRef, require_kind
from pytest_mixpanel.query.inputs.require import among, require, require_event, require_id, require_text
from pytest_mixpanel.query.inputs.vocabulary import (
    FiltersCombinator,
    FunnelMathType,
    FunnelOrder,
    MathType,
    PerUserAggregation,
    RetentionMathType,
    SegmentMethod,
)

Measured = str | CustomEventRef | Sequence[str | CustomEventRef] | SimpleBehavior | BehaviorRef

AGGREGATES = frozenset(("average", "median", "min", "max", "p25", "p75", "p90", "p99", "histogram"))
NEEDS_PROPERTY = AGGREGATES | {
    *("sum", "percentile", "unique_values", "most_frequent", "first_value"),
    *("multi_attribution", "numeric_summary"),
}
"""Aggregations that mean nothing without a property."""


@frozen
class MeasuredEvent:
    """An event with an aggregation and filters, as a query's arguments describe plain events."""

    event: Measured
    math: MathType = "total"
    property: Property | None = None
    per_user: PerUserAggregation | None = None
    percentile_value: float | None = None
    filters: Sequence[Filter] | None = None
    filters_combinator: FiltersCombinator = "all"
    segment_method: SegmentMethod | None = None


@frozen
class Metric(MeasuredEvent):
    """An event, or any of several, with an aggregation and filters of its own.

    Raises ``ParamValidationError`` for a blank event, an aggregation without the property or the percentile
    it needs, filters on a behavior that has its own, and an unknown segment method.
    """

    def __post_init__(self) -> None:
        _check_event(self.event)
        require(
            not isinstance(self.event, SimpleBehavior | BehaviorRef) or not self.filters,
            "a behavior keeps its own filters: filter its events instead",
            "MT3_FILTERS_WITH_BEHAVIOR",
        )
        require(
            not among(self.math, NEEDS_PROPERTY) or self.property is not None,
            f"math {self.math!r} needs a property to work on: Metric({self.event!r}, …, property=…)",
            "V13_METRIC_MATH_PROPERTY",
        )
        require(
            self.math != "percentile" or self.percentile_value is not None,
            "a percentile needs percentile_value",
            "V26_PERCENTILE_REQUIRES_VALUE",
        )
        _check_segment_method(self.segment_method)


@frozen
class FunnelMetric:
    """A funnel as one number: the conversion up to ``step_index``, or an aggregate of a property.

    Raises ``ParamValidationError`` for a property in the wrong place and an index that is none.
    """

    behavior: FunnelBehavior | BehaviorRef
    math: FunnelMathType = "conversion_rate_unique"
    property: Property | None = None
    step_index: int | None = None
    label: str | None = None

    def __post_init__(self) -> None:
        require_kind(self.behavior, "funnel", "FunnelMetric.behavior")
        require(
            not among(self.math, AGGREGATES) or self.property is not None,
            f"math {self.math!r} needs a property to work on",
            "F10_MATH_MISSING_PROPERTY",
        )
        require(
            self.property is None or among(self.math, AGGREGATES | {"total"}),
            f"math {self.math!r} takes no property",
            "F11_MATH_REJECTS_PROPERTY",
        )
        _check_index(self.step_index, "step_index", "MT4_INVALID_INDEX")


@frozen
class RetentionMetric:
    """Retention as one number: that of bucket ``bucket_index``.

    Raises ``ParamValidationError`` for a property in the wrong place and an index that is none.
    """

    behavior: RetentionBehavior | BehaviorRef
    math: RetentionMathType = "retention_rate"
    bucket_index: int | None = None
    retention_cumulative: bool = False
    property: Property | None = None
    label: str | None = None

    def __post_init__(self) -> None:
        require_kind(self.behavior, "retention", "RetentionMetric.behavior")
        require(
            self.math != "average" or self.property is not None,
            "math 'average' needs a property to work on",
            "BH3_PROPERTY_MATH",
        )
        require(
            self.property is None or self.math in ("average", "total"),
            f"math {self.math!r} takes no property",
            "BH3_PROPERTY_MATH",
        )
        _check_index(self.bucket_index, "bucket_index", "MT4_INVALID_INDEX")


@frozen
class MetricRef:
    """A metric, formula or warehouse metric saved in the project, with what differs from it here.

    ``overrides`` go onto the wire as they are, after the named arguments. Raises ``ParamValidationError``
    for an id or a kind that is none, and for what a saved metric of its kind cannot differ in.
    """

    id: int
    _: KW_ONLY
    type: Literal["metric", "formula", "warehouse"] = "metric"
    label: str | None = None
    math: MathType | FunnelMathType | RetentionMathType | None = None
    property: Property | None = None
    per_user: PerUserAggregation | None = None
    percentile_value: float | None = None
    segment_method: SegmentMethod | None = None
    funnel_order: FunnelOrder | None = None
    step_index: int | None = None
    bucket_index: int | None = None
    hidden: bool | None = None
    overrides: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        require_id(self.id, "a saved metric", "MR4_INVALID_ID")
        require(
            self.type in ("metric", "formula", "warehouse"),
            f"a saved metric is metric, formula or warehouse, not {self.type!r}",
            "MR5_INVALID_TYPE",
        )
        own = [name for name in _OF_BEHAVIORS if getattr(self, name) is not None]
        require(
            self.type == "metric" or not own,
            f"a saved {self.type} does not take {', '.join(own)}",
            "MR6_OVERRIDE_NOT_APPLICABLE",
        )
        _check_segment_method(self.segment_method)
        for name, vocabulary in _CHOICES.items():
            value = getattr(self, name)
            require(value is None or value in vocabulary, f"no {name} {value!r} to override with", _INVALID)
        for name in ("step_index", "bucket_index"):
            _check_index(getattr(self, name), name, _INVALID)
        if self.label is not None:
            require_text(self.label, "a label", _INVALID)
        require(self.hidden in (None, True, False), f"hidden is True or False, not {self.hidden!r}", _INVALID)
        _check_overrides(self.overrides)


@frozen
class Formula:
    """A calculation over the metrics of a query, by position: ``A``, ``B``, …

    With ``metrics`` it has operands of its own. Raises ``ParamValidationError`` for a blank expression, and
    with operands for one that cannot be read or reaches past them, and for operands that are none.
    """

    expression: str
    label: str | None = None
    metrics: Sequence[Any] | None = None

    def __post_init__(self) -> None:
        require_text(self.expression, "a formula", "FM1_EMPTY_EXPRESSION")
        if self.metrics is None:
            return
        for place, metric in enumerate(self.metrics):
            _check_operand(place, metric)
        check_operands(self.expression, len(self.metrics))


Measure = Metric | CohortMetric | FunnelMetric | RetentionMetric | MetricRef
"""What a show clause or an operand of a formula can be, besides a plain event's name."""

_OF_BEHAVIORS = (
    *("math", "property", "per_user", "percentile_value", "segment_method"),
    *("funnel_order", "step_index", "bucket_index"),
)
_CHOICES = {
    "math": {*get_args(MathType), *get_args(FunnelMathType), *get_args(RetentionMathType)},
    "per_user": {*get_args(PerUserAggregation)},
    "funnel_order": {*get_args(FunnelOrder)},
}
_INVALID = "MR7_INVALID_OVERRIDE"


def _check_event(event: Any) -> None:
    require_kind(event, "simple", "Metric.event")
    if isinstance(event, list | tuple):
        require(len(event) > 0, "a metric needs one event or more", "BH1_STEP_COUNT")
        require(
            all(isinstance(item, str | CustomEventRef) for item in event),
            f"the events of a metric are names or CustomEventRef, not {event!r}",
            "MT5_INVALID_EVENT_TYPE",
        )
        require_names(event)
        return
    require(
        isinstance(event, str | CustomEventRef | SimpleBehavior | BehaviorRef),
        f"the event of a metric is a name, several, or a reference, not {event!r}",
        "MT5_INVALID_EVENT_TYPE",
    )
    if isinstance(event, str):
        require_event(event)


def _check_segment_method(method: Any) -> None:
    require(
        method in (None, "all", "first"),
        f"segment_method is 'all' or 'first', not {method!r}",
        "MT2_INVALID_SEGMENT_METHOD",
    )


def _check_index(index: Any, name: str, code: str) -> None:
    whole = isinstance(index, int) and not isinstance(index, bool)
    require(index is None or (whole and index >= 0), f"{name} counts from 0, not {index!r}", code)


def _check_overrides(overrides: Any) -> None:
    if overrides is None:
        return
    named = isinstance(overrides, Mapping) and all(isinstance(key, str) for key in overrides)
    require(named, "overrides are a mapping of names", _INVALID)
    behavior = overrides.get("behavior")
    filtered = "filters" in overrides or (isinstance(behavior, Mapping) and "filters" in behavior)
    require(not filtered, "a saved metric's filters cannot be overridden", "MR1_FILTER_OVERRIDE")


def _differs(metric: MetricRef) -> bool:
    """Whether anything differs from the saved metric."""
    own = [getattr(metric, name) for name in (*_OF_BEHAVIORS, "label", "hidden")]
    return bool(metric.overrides) or any(value is not None for value in own)


def _check_operand(place: int, metric: Any) -> None:
    where = f"operand {place} of the formula"
    of_formula = isinstance(metric, Formula) or (isinstance(metric, MetricRef) and metric.type == "formula")
    require(not of_formula, f"{where} is a formula; formulas do not nest", "FM3_NESTED_FORMULA")
    if isinstance(metric, MetricRef):
        require(
            metric.type != "warehouse",
            f"{where} is a warehouse metric, which cannot be one",
            "FM7_WAREHOUSE_OPERAND",
        )
        require(not _differs(metric), f"{where} cannot differ from the saved metric", "MR2_OPERAND_OVERRIDE")
    require(
        isinstance(metric, str | Metric | CohortMetric | FunnelMetric | RetentionMetric | MetricRef),
        f"{where} is no metric: {metric!r}",
        "MT5_INVALID_EVENT_TYPE",
    )
