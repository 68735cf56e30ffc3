"""Funnels: attempts found by the kernel, counted by bucket of entry, step and segment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.attempts import Attempts, attempts_of
from pytest_mixpanel.engine.breakdowns import NO_SEGMENT, Segments, segments_of
from pytest_mixpanel.engine.calendar import Buckets, local_moment
from pytest_mixpanel.engine.envelope import envelope
from pytest_mixpanel.engine.filters import holds
from pytest_mixpanel.engine.properties import event_column
from pytest_mixpanel.engine.store.columns import CodedColumn
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan import Breakdown, CohortBreakdown, Filter, FunnelPlan, Member

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


def _attributed(
    store: Store, attempts: Attempts, of: Filter | Breakdown | CohortBreakdown, now: datetime
) -> NDArray[np.int64]:
    """The event of each attempt that defines the property: the first step where it is set (F-29, F-30)."""
    if isinstance(of, Member | CohortBreakdown) or (of.resource == "people" and of.custom is None):
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
    """Attempts by segment, largest segment first; with uniques a user enters once per segment (F-31)."""
    if plan.breakdown is None:
        return {}
    segments = segments_of(store, plan.breakdown, now)
    attempts = _filtered(plan, store, attempts_of(plan, store, period, now, every=True), now)
    codes = segments.codes[_attributed(store, attempts, plan.breakdown, now)]
    attempts, codes = attempts[codes != NO_SEGMENT], codes[codes != NO_SEGMENT]
    if plan.counting == "unique":
        users = np.searchsorted(store.offsets, attempts[:, 0], side="right")
        keys = np.stack([users, period[attempts[:, 0]].astype(np.int64), codes.astype(np.int64)])
        _, first = np.unique(keys, axis=1, return_index=True)
        kept = np.sort(first)
        attempts, codes = attempts[kept], codes[kept]
    return _limited(attempts, codes, segments)


def _limited(attempts: Attempts, codes: NDArray[np.int32], segments: Segments) -> dict[str, Attempts]:
    sizes = np.bincount(codes, minlength=len(segments.names))
    ranked = sorted(np.flatnonzero(sizes), key=lambda code: (-sizes[code], segments.names[code]))
    parts = {segments.names[code]: attempts[codes == code] for code in ranked[:SEGMENT_LIMIT]}
    if len(ranked) > SEGMENT_LIMIT:
        parts[OTHER] = attempts[np.isin(codes, ranked[SEGMENT_LIMIT:])]
    return parts


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
        measures["count"][label] = {ALL: counts[step]}
        measures["step_conv_ratio"][label] = {ALL: _ratio(counts, step, step - 1)}
        measures["overall_conv_ratio"][label] = {ALL: _ratio(counts, step, 0)}
        measures["avg_time"][label] = {ALL: _mean_time(store, attempts, step - 1, step)}
        measures["avg_time_from_start"][label] = {ALL: _mean_time(store, attempts, 0, step)}
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


def _mean_time(store: Store, attempts: Attempts, start: int, end: int) -> float | None:
    if end == 0:
        return None
    reached = attempts[attempts[:, end] >= 0]
    if not len(reached):
        return None
    elapsed = np.maximum(store.time[reached[:, end]] - store.time[reached[:, start]], 0)
    return float(elapsed.mean()) / 1000
