"""Automatic ranges of a breakdown, settled once for a whole query (semantics E-55)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np

from pytest_mixpanel.engine.calendar import Buckets, local_moment
from pytest_mixpanel.engine.properties import numbers_of
from pytest_mixpanel.engine.segments.breakdowns import values_of
from pytest_mixpanel.engine.segments.labels import even_buckets
from pytest_mixpanel.engine.selection.chosen import select
from pytest_mixpanel.engine.selection.seen import seen_by
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.flows import FlowPlan
from pytest_mixpanel.query.plan.funnels import FunnelPlan
from pytest_mixpanel.query.plan.insights import BehaviorMetric, InsightsPlan, Metric
from pytest_mixpanel.query.plan.retention import RetentionPlan
from pytest_mixpanel.query.plan.segments import AutomaticRanges, Breakdown
from pytest_mixpanel.query.plan.selecting import Selection


def with_ranges(plan: Any, store: Store, now: datetime) -> Any:
    """The plan with even ranges where a number has many values among the records in question."""
    name = "segments" if isinstance(plan, FlowPlan) else "breakdowns"
    levels = getattr(plan, name)
    if not any(isinstance(level, Breakdown) and level.buckets == AutomaticRanges() for level in levels):
        return plan
    store = seen_by(store, plan, now)
    settled = tuple(_settled(level, plan, store, now) for level in levels)
    plan = replace(plan, **{name: settled})
    if isinstance(plan, InsightsPlan):
        metrics = tuple(
            replace(metric, plan=replace(metric.plan, breakdowns=settled))
            if isinstance(metric, BehaviorMetric)
            else metric
            for metric in plan.metrics
        )
        plan = replace(plan, metrics=metrics)
    return plan


def _settled(level: Any, plan: Any, store: Store, now: datetime) -> Any:
    if not isinstance(level, Breakdown) or level.buckets != AutomaticRanges():
        return level
    span = Buckets.of(plan.range, local_moment(now, store.time_zone).date(), store)
    chosen = np.zeros(len(store), bool)
    for selection in _selections(plan):
        chosen |= select(store, selection, now)
    chosen &= (span.index(store.time) >= 0) & (store.time <= now.timestamp() * 1000)
    numbers = numbers_of(values_of(store, level, now), len(store))[chosen]
    return replace(level, buckets=even_buckets(np.unique(numbers[~np.isnan(numbers)]).tolist()))


def _selections(plan: Any) -> Sequence[Selection]:
    """What the records are whose values are told."""
    match plan:
        case FunnelPlan():
            return plan.steps
        case RetentionPlan():
            return (plan.born,)
        case FlowPlan():
            return (plan.anchors[0].selection,)
        case InsightsPlan():
            return [
                each
                for metric in plan.metrics
                for each in (
                    (metric.selection,)
                    if isinstance(metric, Metric)
                    else _selections(metric.plan)
                    if isinstance(metric, BehaviorMetric)
                    else ()
                )
            ]
    return ()
