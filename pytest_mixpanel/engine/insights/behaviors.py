"""Numbers of funnels and retentions as metrics of insights (semantics I-29)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pytest_mixpanel.engine.calendar import Buckets
from pytest_mixpanel.engine.funnels.report import ALL, OVERALL, funnel_series
from pytest_mixpanel.engine.retention.report import retention_by_row
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.funnels import FunnelPlan
from pytest_mixpanel.query.plan.insights import BehaviorMetric


def behavior_block(metric: BehaviorMetric, store: Store, buckets: Buckets, now: datetime) -> Any:
    """Values by bucket, below segments where there are any; of the whole range where that is asked."""
    if isinstance(metric.plan, FunnelPlan):
        values = _of_funnel(metric, metric.plan, store, buckets, now)
    else:
        values = {
            name: [_retained(metric, *row) for row in rows]
            for name, rows in retention_by_row(metric.plan, store, buckets, now).items()
        }
    return values if metric.plan.breakdowns else values[OVERALL]


def _of_funnel(
    metric: BehaviorMetric, plan: FunnelPlan, store: Store, buckets: Buckets, now: datetime
) -> dict[str, list[Any]]:
    (block,) = funnel_series(plan, store, buckets, now).values()
    measure, step = "overall_conv_ratio" if metric.rate else "count", (metric.at or len(plan.steps)) - 1

    def shown(measures: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = list(measures[measure].values())[step]
        return found

    if not plan.trends:
        parts = block if plan.breakdowns else {OVERALL: block}
        return {name: [shown(measures)[ALL]] for name, measures in parts.items()}
    each = [shown(measures) for measures in block.values()]
    return {OVERALL if name == ALL else name: [leaf[name] for leaf in each] for name in each[0]}


def _retained(metric: BehaviorMetric, size: int, counts: list[Any]) -> Any:
    bucket = 1 if metric.at is None else metric.at
    if bucket >= len(counts):
        return None
    count = counts[bucket]
    return (count / size if size else 0) if metric.rate else count
