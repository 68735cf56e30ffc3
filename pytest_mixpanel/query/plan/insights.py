"""What an insights query asks: metrics, formulas, attribution."""

from __future__ import annotations

from typing import Literal

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.plan.funnels import FunnelPlan
from pytest_mixpanel.query.plan.retention import RetentionPlan
from pytest_mixpanel.query.plan.segments import Grouping
from pytest_mixpanel.query.plan.selecting import Cohort, Derived, Filter, Resource, Selection
from pytest_mixpanel.query.plan.times import Comparison, Range


@frozen
class CohortMetric:
    """The size of a cohort at the end of every bucket (semantics I-28)."""

    cohort: Cohort
    name: str
    hidden: bool = False


@frozen
class ProfileMetric:
    """Profiles as they are now, counted, or an aggregate of a property of theirs (semantics I-30).

    ``metric`` measures each profile as if it were a record.
    """

    metric: Metric
    hidden: bool = False


@frozen
class Metric:
    """One series of an insights query."""

    selection: Selection
    math: str
    property: str | None = None
    percentile: float | None = None
    resource: Resource = "events"
    custom: Derived | None = None
    per_user: str | None = None
    hidden: bool = False
    segment_method: Literal["all", "first", "last"] = "all"
    attribution: Attribution | None = None


@frozen
class Attribution:
    """How conversions are shared out among earlier touches (E-66); ``ends``: shares of a custom model."""

    model: str = "last_touch"
    lookback_days: int = 30
    ends: tuple[float, float] = (0.4, 0.4)


@frozen
class MetricFormula:
    """A series computed from the metrics, which stand in ``definition`` as letters by their place."""

    definition: str
    name: str | None = None


@frozen
class InsightsPlan:
    """``rolling``: buckets in a rolling mean, 0 for none; ``total``: the range as one bucket."""

    metrics: tuple[Metric | CohortMetric | ProfileMetric | BehaviorMetric, ...]
    range: Range
    where: tuple[Filter, ...] = ()
    breakdowns: tuple[Grouping, ...] = ()
    total: bool = False
    formulas: tuple[MetricFormula, ...] = ()
    rolling: int = 0
    cumulative: bool = False
    comparison: Comparison | None = None


@frozen
class BehaviorMetric:
    """A number of a funnel or a retention, by interval (semantics I-29).

    ``at``: the step, from 1, or the bucket, from 0, that is shown: the last step, or bucket 1, where none is
    told. ``rate``: its share, not its count.
    """

    plan: FunnelPlan | RetentionPlan
    rate: bool
    at: int | None = None
    name: str | None = None
    hidden: bool = False
