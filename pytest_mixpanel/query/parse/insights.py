"""Params of insights → a plan: metrics, formulas, numbers of funnels and retentions."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from pytest_mixpanel.query.inputs.letters import letter
from pytest_mixpanel.query.parse.charts import chart_of, check_written
from pytest_mixpanel.query.parse.funnels import funnel_of
from pytest_mixpanel.query.parse.node import Node
from pytest_mixpanel.query.parse.parts import (
    by_interval,
    cohort_reference,
    conditions_of,
    measured_property,
    selection_of,
)
from pytest_mixpanel.query.parse.retention import retention_of
from pytest_mixpanel.query.parse.segments import breakdown_of
from pytest_mixpanel.query.parse.times import comparison_of, range_of
from pytest_mixpanel.query.plan.funnels import FunnelPlan
from pytest_mixpanel.query.plan.insights import (
    Attribution,
    BehaviorMetric,
    CohortMetric,
    InsightsPlan,
    Metric,
    MetricFormula,
    ProfileMetric,
)
from pytest_mixpanel.query.plan.retention import RetentionPlan
from pytest_mixpanel.query.plan.segments import FrequencyBreakdown
from pytest_mixpanel.query.plan.selecting import Selection


def insights_of(root: Node, sections: Node, shows: list[Node]) -> InsightsPlan:
    display = root.get("displayOptions")
    analysis = display.get("analysis")
    if analysis.value is not None:
        analysis.choice("linear", "rolling", "cumulative")
    formulas = [show for show in shows if show.get("type").value == "formula"]
    total = chart_of(display) in TOTALS
    breakdowns = [breakdown_of(group) for group in sections.get("group").items()]
    metrics = [_shown(root, sections, show, total) for show in shows if show.get("type").value != "formula"]
    computed = tuple(_formula(root, sections, show, metrics, total) for show in formulas)
    where = conditions_of(sections.get("filter"))
    return InsightsPlan(
        metrics=tuple(metrics),
        range=range_of(sections.get("time")),
        where=where if total else by_interval(where),
        breakdowns=tuple(
            replace(level, whole=total) if isinstance(level, FrequencyBreakdown) else level
            for level in breakdowns
        ),
        total=total,
        formulas=computed,
        rolling=display.get("rollingWindowSize").whole(1, 365) if analysis.value == "rolling" else 0,
        cumulative=analysis.value == "cumulative",
        comparison=comparison_of(display.get("timeComparison")),
    )


def _formula(root: Node, sections: Node, show: Node, metrics: list[Shown], total: bool) -> MetricFormula:
    """A formula over the query's metrics; operands of its own become hidden ones after them."""
    if show.get("id").value is not None:
        raise show.get("id").fail("saved formulas are not kept by the embedded engine")
    definition, operands = show.get("definition").text(), show.get("referencedMetrics").items()
    if operands:
        places = {letter(place): letter(len(metrics) + place) for place in range(len(operands))}
        definition = re.sub(r"[A-Z]+", lambda found: places.get(found[0], found[0]), definition)
        metrics += [replace(_shown(root, sections, operand, total), hidden=True) for operand in operands]
    return MetricFormula(definition, show.get("name").label())


TOTALS = frozenset({"bar", "bar-stacked", "pie", "metric", "insights-metric", "table"})
"""Charts that show one value for the whole range."""
Shown = Metric | CohortMetric | ProfileMetric | BehaviorMetric
COUNTS = (
    "total",
    "multi_attribution",
    "unique",
    "cumulative_unique",
    "dau",
    "wau",
    "mau",
    "unique_values",
    "general",
    "sessions",
)
AGGREGATES = ("average", "median", "min", "max", "p25", "p75", "p90", "p99", "custom_percentile")
DISTRIBUTIONS = ("histogram", "first_value", "most_frequent", "numeric_summary")
"""What answers more than a number."""


def _shown(root: Node, sections: Node, show: Node, total: bool) -> Shown:
    """A metric of events or of a cohort, or a number of a funnel or a retention (semantics I-29)."""
    check_written(show)
    kind, measurement = show.get("behavior").get("type").value, show.get("measurement")
    if kind not in ("funnel", "retention"):
        metric = _metric(show)
        if total or not isinstance(metric, Metric):
            return metric
        own = metric.selection
        return replace(metric, selection=replace(own, conditions=by_interval(own.conditions)))
    of: FunnelPlan | RetentionPlan
    if kind == "funnel":
        of = replace(funnel_of(root, sections, show), trends=not total)
        at, most = measurement.get("stepIndex"), len(of.steps)
    else:
        of = replace(retention_of(root, sections, show), whole_range=total)
        at, most = measurement.get("retentionBucketIndex"), 3_650
    math = str(measurement.get("math").value)
    return BehaviorMetric(
        replace(of, comparison=None),
        math.startswith("conversion_rate") or math == "retention_rate",
        at.whole(0, most) if at.value is not None else None,
        show.get("name").label(),
        bool(show.get("isHidden").value),
    )


PROFILES = "Profiles"
"""What a metric of profiles is called where it has no name."""


def _of_profiles(show: Node) -> ProfileMetric:
    """A number of the profiles as they are now."""
    behavior, measurement = show.get("behavior"), show.get("measurement")
    math = measurement.get("math").choice("total", "unique", "unique_values", *AGGREGATES, *DISTRIBUTIONS)
    name, _, custom = measured_property(measurement.get("property"))
    percentile = measurement.get("percentile")
    conditions = conditions_of(behavior.get("filters"))
    combine: Any = "any" if behavior.get("filtersDeterminer").value == "any" else "all"
    measured = Metric(
        Selection(behavior.get("name").label() or PROFILES, conditions, combine),
        math,
        name,
        None if percentile.value is None else percentile.number(),
        "people",
        custom,
    )
    return ProfileMetric(measured, bool(show.get("isHidden").value))


def _metric(show: Node) -> Metric | CohortMetric | ProfileMetric:
    behavior, measurement = show.get("behavior"), show.get("measurement")
    if behavior.get("type").value == "cohort":
        size = CohortMetric(cohort_reference(behavior), behavior.get("name").text())
        return replace(size, hidden=bool(show.get("isHidden").value))
    if behavior.get("type").value == "people":
        return _of_profiles(show)
    behavior.get("type").choice("event", "simple", "custom-event")
    per_user = measurement.get("perUserAggregation")
    if per_user.value is not None:
        per_user.choice("total", "average", "min", "max", "unique_values")
    name, resource, custom = measured_property(measurement.get("property"))
    math = measurement.get("math").choice(*COUNTS, *AGGREGATES, *DISTRIBUTIONS)
    method = measurement.get("segmentMethod")
    counted: Any = "all" if method.value is None else method.choice("all", "first", "last")
    return Metric(
        selection_of(behavior),
        math,
        name,
        measurement.get("percentile").number() if measurement.get("percentile").value is not None else None,
        resource,
        custom,
        per_user.value,
        bool(show.get("isHidden").value),
        counted,
        _attribution(measurement.get("attribution")) if math == "multi_attribution" else None,
    )


def _attribution(told: Node) -> Attribution:
    """Model and lookback of an attribution; last touch of the last 30 days where nothing is told."""
    if not told.value:
        return Attribution()
    model, lookback = told.get("model"), told.get("lookbackDays")
    ends = [end.number() for end in told.get("weights").items()] or [0.4, 0.4]
    if len(ends) != 2 or min(ends) < 0 or sum(ends) > 1:
        raise told.get("weights").fail("should hold the shares of the first and the last touch")
    return Attribution(
        model.choice(*ATTRIBUTION_MODELS) if model.value is not None else "last_touch",
        lookback.whole(0, 3_650) if lookback.value is not None else 30,
        (ends[0], ends[1]),
    )


ATTRIBUTION_MODELS = (
    *("first_touch", "last_touch", "linear", "participation", "time_decay"),
    *("u_shaped", "j_shaped", "inverse_j_shaped", "custom"),
)
