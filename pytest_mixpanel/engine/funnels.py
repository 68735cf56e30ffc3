"""Funnels: attempts found by the kernel, counted by bucket of entry, step and segment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.attempts import Attempts, attempts_of
from pytest_mixpanel.engine.breakdowns import NO_SEGMENT, numbers_of, segments_of
from pytest_mixpanel.engine.calendar import Buckets, local_moment
from pytest_mixpanel.engine.envelope import envelope
from pytest_mixpanel.engine.filters import holds
from pytest_mixpanel.engine.properties import event_column
from pytest_mixpanel.engine.store.columns import CodedColumn
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan import (
    CohortBreakdown,
    Filter,
    FrequencyBreakdown,
    FunnelPlan,
    Grouping,
    Member,
)

SEGMENT_LIMIT = 200
OVERALL, OTHER, ALL = "$overall", "$other", "all"


def answer_funnel(plan: FunnelPlan, store: Store, now: datetime) -> dict[str, Any]:
    """The answer to a funnel, in the shape of Mixpanel's."""
    today = local_moment(now, store.time_zone).date()
    buckets = Buckets.of(plan.range, today, store.time_zone)
    period = buckets.index(store.time)
    if not plan.trends:
        period = np.minimum(period, 0)
    whole = attempts_of(plan, store, period, now, every=plan.counting == "total")
    whole = _filtered(plan, store, whole, now)
    parts = _segmented(plan, store, period, now)
    labels = buckets.labels if plan.trends else (ALL,)
    by_bucket = {
        label: {
            ALL: whole[period[whole[:, 0]] == number],
            **{name: rows[period[rows[:, 0]] == number] for name, rows in parts.items()},
        }
        for number, label in enumerate(labels)
    }
    name = f"{plan.steps[0].name} through {plan.steps[-1].name}"
    headers = ["$metric", *([plan.breakdown.property] if plan.breakdown else [])]
    if plan.trends:
        block: dict[str, Any] = {label: _merged(plan, store, groups) for label, groups in by_bucket.items()}
    elif plan.breakdown is None:
        block = _measures(plan, store, whole)
    else:
        block = {OVERALL: _measures(plan, store, whole)}
        block |= {segment: _measures(plan, store, rows) for segment, rows in parts.items()}
    return envelope({name: block}, headers, buckets, now)


def _filtered(plan: FunnelPlan, store: Store, attempts: Attempts, now: datetime) -> Attempts:
    """Global filters act on whole attempts, by the value the property was first defined with (F-28)."""
    kept = np.ones(len(attempts), bool)
    for condition in plan.where:
        passed = holds(store, condition, now)
        kept &= passed[_attributed(store, attempts, condition, now)]
    return attempts[kept]


def _attributed(store: Store, attempts: Attempts, of: Filter | Grouping, now: datetime) -> NDArray[np.int64]:
    """The event of each attempt that defines the property: the first step where it is set (F-29, F-30)."""
    if isinstance(of, Member | CohortBreakdown | FrequencyBreakdown) or (
        of.resource == "people" and of.custom is None
    ):
        return attempts[:, 0]  # a user's, and so the same at every step
    column = event_column(store, of.property, of.resource, of.custom, now)
    if column is None:
        return attempts[:, 0]
    if isinstance(column, CodedColumn):
        known = np.array([value is not None for value in column.values] + [False])
        defined = known[column.codes]
    else:
        defined = ~np.isnan(column.numbers)
    usable = (attempts >= 0) & defined[np.maximum(attempts, 0)]
    step = np.where(usable.any(axis=1), usable.argmax(axis=1), 0)
    chosen: NDArray[np.int64] = attempts[np.arange(len(attempts)), step]
    return chosen


def _segmented(
    plan: FunnelPlan, store: Store, period: NDArray[np.int32], now: datetime
) -> dict[str, Attempts]:
    """Attempts by segment, largest segment first; the smallest ones beyond the limit are ``$other``."""
    if plan.breakdown is None:
        return {}
    segments = segments_of(store, plan.breakdown, now)
    attempts = _filtered(plan, store, attempts_of(plan, store, period, now, every=True), now)
    codes = segments.codes[_attributed(store, attempts, plan.breakdown, now)]
    sizes = np.bincount(codes[codes != NO_SEGMENT], minlength=len(segments.names))
    groups = segments.by_name(np.flatnonzero(sizes).tolist())
    ranked = sorted(groups, key=lambda name: (-int(sizes[groups[name]].sum()), name))
    parts = {name: attempts[np.isin(codes, groups[name])] for name in ranked[:SEGMENT_LIMIT]}
    if len(ranked) > SEGMENT_LIMIT:
        beyond = [code for name in ranked[SEGMENT_LIMIT:] for code in groups[name]]
        parts[OTHER] = attempts[np.isin(codes, beyond)]
    if plan.counting == "unique":
        parts = {name: _first_of_each(rows, store, period) for name, rows in parts.items()}
    return parts


def _first_of_each(attempts: Attempts, store: Store, period: NDArray[np.int32]) -> Attempts:
    """With uniques a user enters once per segment and period (F-31, F-33)."""
    users = np.searchsorted(store.offsets, attempts[:, 0], side="right")
    _, first = np.unique(np.stack([users, period[attempts[:, 0]]]), axis=1, return_index=True)
    kept: Attempts = attempts[np.sort(first)]
    return kept


def _measures(plan: FunnelPlan, store: Store, attempts: Attempts) -> dict[str, Any]:
    """Counts, ratios and mean times in seconds per step (F-35, F-36)."""
    reached = (attempts >= 0).sum(axis=0) if len(attempts) else np.zeros(len(plan.steps), int)
    counts = [int(count) for count in reached]
    measures: dict[str, dict[str, Any]] = {
        name: {}
        for name in ("count", "step_conv_ratio", "overall_conv_ratio", "avg_time", "avg_time_from_start")
    }
    for step, selection in enumerate(plan.steps):
        label = f"{step + 1}. {selection.name}"
        measures["count"][label] = {ALL: _measured(plan, store, attempts, step, counts[step])}
        measures["step_conv_ratio"][label] = {ALL: _ratio(counts, step, step - 1)}
        measures["overall_conv_ratio"][label] = {ALL: _ratio(counts, step, 0)}
        measures["avg_time"][label] = {ALL: _time(plan, store, attempts, step - 1, step)}
        measures["avg_time_from_start"][label] = {ALL: _time(plan, store, attempts, 0, step)}
    return measures


def _merged(plan: FunnelPlan, store: Store, groups: dict[str, Attempts]) -> dict[str, Any]:
    """The measures of one bucket with its segments side by side in every leaf."""
    each = {segment: _measures(plan, store, rows) for segment, rows in groups.items()}
    return {
        measure: {
            label: {segment: found[measure][label][ALL] for segment, found in each.items()} for label in steps
        }
        for measure, steps in each[ALL].items()
    }


def _ratio(counts: list[int], step: int, base: int) -> float:
    if step == 0:
        return 1
    return counts[step] / counts[base] if counts[base] else 0


def _time(plan: FunnelPlan, store: Store, attempts: Attempts, start: int, end: int) -> float | None:
    """Seconds between two steps over the attempts that reached the later one: the mean, or what is asked."""
    if end == 0:
        return None
    reached = attempts[attempts[:, end] >= 0]
    if not len(reached):
        return None
    elapsed = np.maximum(store.time[reached[:, end]] - store.time[reached[:, start]], 0) / 1000
    asked = plan.measure is not None and plan.measure.property is None
    return aggregate(elapsed, plan.measure.math if asked and plan.measure else "average")


def _measured(plan: FunnelPlan, store: Store, attempts: Attempts, step: int, count: int) -> float | None:
    """How many reached a step; or the aggregate of a property over the events that satisfied it (F-38)."""
    if plan.measure is None or plan.measure.property is None:
        return count
    reached = attempts[attempts[:, step] >= 0, step]
    values = numbers_of(store.columns.get(plan.measure.property), len(store))[reached]
    return aggregate(values[~np.isnan(values)], plan.measure.math)


def aggregate(values: NDArray[np.float64], math: str) -> float | None:
    """Sum, mean, extreme or percentile; ``None`` of nothing, but for a sum."""
    if math == "total":
        return float(values.sum())
    if not len(values):
        return None
    simple: dict[str, Callable[..., Any]] = {
        "average": np.mean,
        "min": np.min,
        "max": np.max,
        "median": np.median,
    }
    if math in simple:
        return float(simple[math](values))
    return float(np.percentile(values, float(math.removeprefix("p"))))
