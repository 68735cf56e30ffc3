"""Funnels: attempts found by the kernel, counted by bucket of entry, step and segment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.attempts import Attempts, attempts_of
from pytest_mixpanel.engine.breakdowns import Segments, merged_segments, numbers_of, segments_of
from pytest_mixpanel.engine.calendar import Buckets, local_moment
from pytest_mixpanel.engine.envelope import envelope
from pytest_mixpanel.engine.filters import holds
from pytest_mixpanel.engine.journeys import NOT_REACHED, Journeys, joined
from pytest_mixpanel.engine.properties import event_column
from pytest_mixpanel.engine.store.columns import CodedColumn
from pytest_mixpanel.engine.store.parts import Part, over_parts
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


@dataclass(frozen=True, slots=True)
class _Found:
    """What a part of the store holds: all attempts, and those that are shared out among segments."""

    whole: Journeys
    segmented: Journeys | None = None
    segments: Segments | None = None


def answer_funnel(plan: FunnelPlan, store: Store, now: datetime) -> dict[str, Any]:
    """The answer to a funnel, in the shape of Mixpanel's."""
    today = local_moment(now, store.time_zone).date()
    buckets = Buckets.of(plan.range, today, store.time_zone)
    edges = buckets.edges if plan.trends else buckets.edges[[0, -1]]
    found = over_parts(store, lambda part: _found(plan, part, edges, now))
    whole = joined([each.whole for each in found])
    parts = _shared_among_segments(plan, found)
    name = f"{plan.steps[0].name} through {plan.steps[-1].name}"
    headers = ["$metric", *([plan.breakdown.property] if plan.breakdown else [])]
    if plan.trends:
        size = len(buckets)
        by_name = {ALL: whole.by_bucket(size)} | {key: rows.by_bucket(size) for key, rows in parts.items()}
        block: dict[str, Any] = {
            label: _merged(plan, {key: rows[number] for key, rows in by_name.items()})
            for number, label in enumerate(buckets.labels)
        }
    elif plan.breakdown is None:
        block = _measures(plan, whole)
    else:
        block = {OVERALL: _measures(plan, whole)}
        block |= {segment: _measures(plan, rows) for segment, rows in parts.items()}
    return envelope({name: block}, headers, buckets, now)


def _found(plan: FunnelPlan, part: Part, edges: NDArray[np.int64], now: datetime) -> _Found:
    store = part.store
    whole = attempts_of(plan, store, edges, now, every=plan.counting == "total")
    journeys = _journeys(plan, part, edges, _filtered(plan, store, whole, now))
    if plan.breakdown is None:
        return _Found(journeys)
    attempts = _filtered(plan, store, attempts_of(plan, store, edges, now, every=True), now)
    segments = segments_of(store, plan.breakdown, now)
    codes = segments.codes[_attributed(store, attempts, plan.breakdown, now)]
    return _Found(journeys, _journeys(plan, part, edges, attempts), replace(segments, codes=codes))


def _journeys(plan: FunnelPlan, part: Part, edges: NDArray[np.int64], attempts: Attempts) -> Journeys:
    store = part.store
    time = np.asarray(store.time[np.maximum(attempts, 0)])
    time[attempts < 0] = NOT_REACHED
    value = np.empty((len(attempts), 0))
    if plan.measure is not None and plan.measure.property is not None:
        numbers = numbers_of(store.columns.get(plan.measure.property), len(store))
        value = np.where(attempts < 0, np.nan, numbers[np.maximum(attempts, 0)])
    return Journeys(
        np.searchsorted(store.offsets, attempts[:, 0], side="right") - 1 + part.first_user,
        np.searchsorted(edges, time[:, 0], side="right") - 1,
        time,
        value,
    )


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


def _shared_among_segments(plan: FunnelPlan, found: Sequence[_Found]) -> dict[str, Journeys]:
    """Attempts by segment, largest segment first; the smallest ones beyond the limit are ``$other``."""
    if plan.breakdown is None:
        return {}
    attempts = joined([each.segmented for each in found if each.segmented is not None])
    segments = merged_segments([each.segments for each in found if each.segments is not None])
    order = np.argsort(segments.codes, kind="stable")
    starts = np.searchsorted(segments.codes[order], np.arange(len(segments.names) + 1))
    sizes = np.diff(starts)
    groups = segments.by_name(np.flatnonzero(sizes).tolist())
    ranked = sorted(groups, key=lambda name: (-int(sizes[groups[name]].sum()), name))

    def members(codes: Sequence[int]) -> Journeys:
        rows = np.concatenate([order[starts[code] : starts[code + 1]] for code in dict.fromkeys(codes)])
        return attempts.only(np.sort(rows))

    parts = {name: members(groups[name]) for name in ranked[:SEGMENT_LIMIT]}
    if len(ranked) > SEGMENT_LIMIT:
        parts[OTHER] = members([code for name in ranked[SEGMENT_LIMIT:] for code in groups[name]])
    if plan.counting == "unique":
        parts = {name: rows.first_of_each() for name, rows in parts.items()}
    return parts


def _measures(plan: FunnelPlan, journeys: Journeys) -> dict[str, Any]:
    """Counts, ratios and mean times in seconds per step (F-35, F-36)."""
    counts = [int(np.count_nonzero(journeys.time[:, step] >= 0)) for step in range(len(plan.steps))]
    measures: dict[str, dict[str, Any]] = {
        name: {}
        for name in ("count", "step_conv_ratio", "overall_conv_ratio", "avg_time", "avg_time_from_start")
    }
    for step, selection in enumerate(plan.steps):
        label = f"{step + 1}. {selection.name}"
        measures["count"][label] = {ALL: _measured(plan, journeys, step, counts[step])}
        measures["step_conv_ratio"][label] = {ALL: _ratio(counts, step, step - 1)}
        measures["overall_conv_ratio"][label] = {ALL: _ratio(counts, step, 0)}
        measures["avg_time"][label] = {ALL: _time(plan, journeys, step - 1, step)}
        measures["avg_time_from_start"][label] = {ALL: _time(plan, journeys, 0, step)}
    return measures


def _merged(plan: FunnelPlan, groups: dict[str, Journeys]) -> dict[str, Any]:
    """The measures of one bucket with its segments side by side in every leaf."""
    each = {segment: _measures(plan, rows) for segment, rows in groups.items()}
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


def _time(plan: FunnelPlan, journeys: Journeys, start: int, end: int) -> float | None:
    """Seconds between two steps over the attempts that reached the later one: the mean, or what is asked."""
    if end == 0:
        return None
    reached = journeys.time[:, end] >= 0
    if not reached.any():
        return None
    elapsed = np.maximum(journeys.time[reached, end] - journeys.time[reached, start], 0) / 1000
    asked = plan.measure is not None and plan.measure.property is None
    return aggregate(elapsed, plan.measure.math if asked and plan.measure else "average")


def _measured(plan: FunnelPlan, journeys: Journeys, step: int, count: int) -> float | None:
    """How many reached a step; or the aggregate of a property over the events that satisfied it (F-38)."""
    if plan.measure is None or plan.measure.property is None:
        return count
    values = journeys.value[:, step]
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
