"""How the series of an answer are called: by event, measure and property."""

from __future__ import annotations

from collections.abc import Container

from pytest_mixpanel.query.plan.funnels import FunnelPlan
from pytest_mixpanel.query.plan.insights import BehaviorMetric, CohortMetric, Metric, ProfileMetric

TITLES = {
    "total": "Total Events",
    "general": "Total Events",
    "unique": "Unique Users",
    "cumulative_unique": "Cumulative Unique Users",
    "dau": "DAU",
    "wau": "WAU",
    "mau": "MAU",
    "sessions": "Total Sessions",
    "multi_attribution": "Attributed Events",
    "histogram": "Distribution",
    "numeric_summary": "Summary",
    "most_frequent": "Most Frequent",
    "first_value": "First Value",
    "average": "Average",
    "median": "Median",
    "min": "Minimum",
    "max": "Maximum",
    "unique_values": "Distinct Count",
    "p25": "25th Percentile",
    "p75": "75th Percentile",
    "p90": "90th Percentile",
    "p99": "99th Percentile",
}


def label_of(metric: Metric | CohortMetric | ProfileMetric | BehaviorMetric) -> str:
    """The name of a metric's series, where it is the only one of that name."""
    if isinstance(metric, ProfileMetric):
        metric = metric.metric
        if metric.property is None:
            return metric.selection.name
    if isinstance(metric, BehaviorMetric):
        return metric.name or (
            f"{metric.plan.steps[0].name} through {metric.plan.steps[-1].name}"
            if isinstance(metric.plan, FunnelPlan)
            else f"{metric.plan.born.name} and then {metric.plan.back.name}"
        )
    if isinstance(metric, CohortMetric):
        return f"{metric.name} [Unique Users]"
    title = TITLES.get(
        metric.math, metric.math if metric.percentile is None else f"{metric.percentile:g}th Percentile"
    )
    if metric.math == "total" and metric.property:
        title = "Sum"
    return f"{metric.selection.name} [{title}{f' {metric.property}' if metric.property else ''}]"


def unused(label: str, taken: Container[str]) -> str:
    """The name, or the name with the first number that makes it one of its own."""
    number, free = 1, label
    while free in taken:
        number += 1
        free = f"{label} ({number})"
    return free
