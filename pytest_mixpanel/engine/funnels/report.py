"""Funnels: attempts found by the kernel, counted by bucket of entry, step and segment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.analysis import compared
from pytest_mixpanel.engine.calendar import Buckets, local_moment
from pytest_mixpanel.engine.envelope import envelope
from pytest_mixpanel.engine.funnels.attempts import NOT_REACHED, Attempts, attempts_of, last_of, progress_of
from pytest_mixpanel.engine.funnels.journeys import Journeys, joined
from pytest_mixpanel.engine.funnels.progress import Measured, Progress, summed
from pytest_mixpanel.engine.properties import event_column, numbers_of
from pytest_mixpanel.engine.segments.breakdowns import (
    Segments,
    by_times,
    crossed,
    merged_segments,
    segments_of,
    with_undefined,
)
from pytest_mixpanel.engine.segments.labels import distribution
from pytest_mixpanel.engine.selection.filters import TRUE_WHERE_ABSENT, holds
from pytest_mixpanel.engine.selection.frequencies import times_along
from pytest_mixpanel.engine.selection.seen import seen_by
from pytest_mixpanel.engine.store.columns import CodedColumn, picked
from pytest_mixpanel.engine.store.parts import Part, over_parts
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.funnels import FunnelPlan
from pytest_mixpanel.query.plan.segments import (
    CohortBreakdown,
    CohortsBreakdown,
    FrequencyBreakdown,
    Grouping,
)
from pytest_mixpanel.query.plan.selecting import Filter, Member

SEGMENT_LIMIT = 200
OVERALL, OTHER, ALL = "$overall", "$other", "all"


@frozen
class _Found:
    """What a part of the store holds: all attempts, and those that are shared out among segments.

    All attempts are counted in the part where counts and times are all that is told of them.
    """

    whole: Journeys | Progress
    segmented: Journeys | None = None
    segments: Segments | None = None


def answer_funnel(plan: FunnelPlan, store: Store, now: datetime) -> dict[str, Any]:
    """The answer to a funnel, in the shape of Mixpanel's."""
    today = local_moment(now, store.time_zone).date()
    buckets = Buckets.of(plan.range, today, store)
    headers = ["$metric", *(breakdown.property for breakdown in plan.breakdowns)]
    answer = envelope(funnel_series(plan, store, buckets, now), headers, buckets, now)
    if plan.comparison is not None:
        past = Buckets.of(compared(plan.range, plan.comparison, today, store), today, store)
        told = {"date_range": past.date_range(), "series": funnel_series(plan, store, past, now)}
        answer["time_comparison"] = told
    return answer


def funnel_series(plan: FunnelPlan, store: Store, buckets: Buckets, now: datetime) -> dict[str, Any]:
    edges = buckets.edges if plan.trends else buckets.edges[[0, -1]]
    found = over_parts(store, lambda part: _found(plan, part, edges, now))
    size = len(edges) - 1
    whole = _in_buckets(plan, [each.whole for each in found], size)
    parts = {
        name: _in_buckets(plan, [rows], size) for name, rows in _shared_among_segments(plan, found).items()
    }
    name = f"{plan.steps[0].name} through {plan.steps[-1].name}"
    if plan.trends:
        block: dict[str, Any] = {
            label: _merged(plan, {key: rows[number] for key, rows in ({ALL: whole} | parts).items()})
            for number, label in enumerate(buckets.labels)
        }
    elif not plan.breakdowns:
        block = _measures(plan, whole[0])
    else:
        block = {OVERALL: _measures(plan, whole[0])}
        block |= {segment: _measures(plan, rows[0]) for segment, rows in parts.items()}
    return {name: block}


def _found(plan: FunnelPlan, part: Part, edges: NDArray[np.int64], now: datetime) -> _Found:
    store = seen_by(part.store, plan, now)
    part = replace(part, store=store)
    whole = _all_found(plan, part, edges, now)
    if not plan.breakdowns:
        return _Found(whole)
    # With uniques it is settled within each segment which of a user's entries counts (F-31).
    unique = plan.counting == "unique"
    attempts = attempts_of(plan, store, edges, now, every=True, independent=unique)
    attempts = _filtered(plan, store, attempts, now)
    segments = _labelled(plan, store, attempts, now)
    return _Found(whole, _journeys(plan, part, edges, attempts, now), segments)


def _all_found(plan: FunnelPlan, part: Part, edges: NDArray[np.int64], now: datetime) -> Journeys | Progress:
    store, every = part.store, plan.counting == "total"
    if not plan.where and plan.measure is None:
        return progress_of(plan, store, edges, now, every)
    attempts = _filtered(plan, store, attempts_of(plan, store, edges, now, every), now)
    if plan.measure is None:
        return Progress.of(attempts, np.asarray(store.time), edges)
    return _journeys(plan, part, edges, attempts, now)


def _labelled(plan: FunnelPlan, store: Store, attempts: Attempts, now: datetime) -> Segments:
    """The segment of every attempt, by the value each level's property has for it."""
    levels = []
    for breakdown in plan.breakdowns:
        if isinstance(breakdown, FrequencyBreakdown):
            times = times_along(store, breakdown.selection, attempts, plan.window_ms, plan.sessions, now)
            levels.append(by_times(times, breakdown))
            continue
        at, row = _distinct(_attributed(plan, store, attempts, breakdown, now))
        segments, undefined = with_undefined(segments_of(store, breakdown, now, at))
        codes = np.append(segments.codes, np.int32(undefined))[row]
        levels.append(replace(segments, codes=codes))
    return crossed(levels)


def _journeys(
    plan: FunnelPlan, part: Part, edges: NDArray[np.int64], attempts: Attempts, now: datetime
) -> Journeys:
    store = part.store
    value = np.empty((len(attempts), 0))
    if plan.measure is not None and plan.measure.property is not None:
        of = plan.measure.property
        at, row = _distinct(attempts)
        column = picked(event_column(store, of.property, of.resource, of.custom, now), at)
        value = np.append(numbers_of(column, len(at)), np.nan)[row]
    time = store.time[np.maximum(attempts, 0)]
    time[attempts < 0] = NOT_REACHED
    return Journeys(
        np.searchsorted(store.offsets, attempts[:, 0], side="right") - 1 + part.first_user,
        np.searchsorted(edges, time[:, 0], side="right") - 1,
        time,
        value,
        last_of(attempts),
    )


def _distinct(at: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places that occur, ascending, and the number of each among them; −1 for what is not reached."""
    reached = at >= 0
    places, number = np.unique(at[reached], return_inverse=True)
    row = np.full(at.shape, NOT_REACHED, np.int64)
    row[reached] = number
    return places, row


def _filtered(plan: FunnelPlan, store: Store, attempts: Attempts, now: datetime) -> Attempts:
    """Global filters act on whole attempts, by the value the property has for the attempt (F-28)."""
    if not plan.where:
        return attempts
    kept = np.ones(len(attempts), bool)
    for condition in plan.where:
        at, row = _distinct(_attributed(plan, store, attempts, condition, now))
        # The last entry is the verdict on attempts that did not reach the step whose value counts.
        kept &= np.append(holds(store, condition, now, at), _holds_of_nothing(condition))[row]
    return attempts[kept]


def _holds_of_nothing(condition: Filter) -> bool:
    return not isinstance(condition, Member) and condition.operator in TRUE_WHERE_ABSENT


def _attributed(
    plan: FunnelPlan, store: Store, attempts: Attempts, of: Filter | Grouping, now: datetime
) -> NDArray[np.int64]:
    """The event whose value is the attempt's: a step's, or the first or last that defines it.

    −1 where that step was not reached (semantics F-29, F-30).
    """
    at = attempts
    if isinstance(of, Member | CohortBreakdown | CohortsBreakdown | FrequencyBreakdown) or (
        of.resource == "people" and of.custom is None
    ):
        return at[:, 0]  # a user's, and so the same at every step
    if isinstance(plan.attribution, int):
        return at[:, plan.attribution - 1]
    column = picked(event_column(store, of.property, of.resource, of.custom, now), np.maximum(at, 0))
    if column is None:
        return at[:, 0]
    if isinstance(column, CodedColumn):
        known = np.array([value is not None for value in column.values] + [False])
        defined = known[column.codes]
    else:
        defined = ~np.isnan(column.numbers)
    usable = (at >= 0) & defined
    step = usable.argmax(axis=1)
    if plan.attribution == "last_defined":
        step = usable.shape[1] - 1 - usable[:, ::-1].argmax(axis=1)
    step = np.where(usable.any(axis=1), step, 0)
    chosen: NDArray[np.int64] = at[np.arange(len(at)), step]
    return chosen


def _shared_among_segments(plan: FunnelPlan, found: Sequence[_Found]) -> dict[str, Journeys]:
    """Attempts by segment, largest segment first; the smallest ones beyond the limit are ``$other``."""
    if not plan.breakdowns:
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
        parts = {name: rows.one_of_each(plan.reentry) for name, rows in parts.items()}
    return parts


def _in_buckets(plan: FunnelPlan, parts: Sequence[Journeys | Progress], size: int) -> list[Measured]:
    """What is told of every bucket, over all parts."""
    counted = [part for part in parts if isinstance(part, Progress)]
    if counted:
        progress = summed(counted)
        return [progress.cell(bucket) for bucket in range(size)]
    journeys = joined([part for part in parts if isinstance(part, Journeys)])
    return [_measured(plan, rows) for rows in (journeys.by_bucket(size) if size > 1 else [journeys])]


def _measured(plan: FunnelPlan, journeys: Journeys) -> Measured:
    steps = range(len(plan.steps))
    counts = [int(np.count_nonzero(journeys.time[:, step] >= 0)) for step in steps]
    return Measured(
        counts,
        [_value(plan, journeys, step, counts[step]) for step in steps],
        [_time(plan, journeys, step - 1, step) for step in steps],
        [_time(plan, journeys, 0, step) for step in steps],
    )


def _measures(plan: FunnelPlan, told: Measured) -> dict[str, Any]:
    """Counts, ratios and mean times in seconds per step (F-35, F-36)."""
    measures: dict[str, dict[str, Any]] = {
        name: {}
        for name in ("count", "step_conv_ratio", "overall_conv_ratio", "avg_time", "avg_time_from_start")
    }
    for step, selection in enumerate(plan.steps):
        label = f"{step + 1}. {selection.name}"
        measures["count"][label] = {ALL: told.values[step]}
        measures["step_conv_ratio"][label] = {ALL: _ratio(told.counts, step, step - 1)}
        measures["overall_conv_ratio"][label] = {ALL: _ratio(told.counts, step, 0)}
        measures["avg_time"][label] = {ALL: told.times[step]}
        measures["avg_time_from_start"][label] = {ALL: told.times_from_start[step]}
    return measures


def _merged(plan: FunnelPlan, groups: dict[str, Measured]) -> dict[str, Any]:
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


def _time(plan: FunnelPlan, journeys: Journeys, start: int, end: int) -> Any:
    """Seconds between two steps over the attempts that reached the later one: the mean, or what is asked."""
    if end == 0:
        return None
    reached = journeys.time[:, end] >= 0
    if not reached.any():
        return None
    elapsed = np.maximum(journeys.time[reached, end] - journeys.time[reached, start], 0) / 1000
    asked = plan.measure is not None and plan.measure.property is None
    return aggregate(elapsed, plan.measure.math if asked and plan.measure else "average")


def _value(plan: FunnelPlan, journeys: Journeys, step: int, count: int) -> Any:
    """How many reached a step; or the aggregate of a property over the events that satisfied it (F-38)."""
    if plan.measure is None or plan.measure.property is None:
        return count
    values = journeys.value[:, step]
    return aggregate(values[~np.isnan(values)], plan.measure.math)


def aggregate(values: NDArray[np.float64], math: str) -> Any:
    """Sum, mean, extreme or percentile; ``None`` of nothing, but for a sum."""
    if math == "total":
        return float(values.sum())
    if not len(values):
        return None
    if math == "histogram":
        return distribution(values.tolist())
    simple: dict[str, Callable[..., Any]] = {
        "average": np.mean,
        "min": np.min,
        "max": np.max,
        "median": np.median,
    }
    if math in simple:
        return float(simple[math](values))
    return float(np.percentile(values, float(math.removeprefix("p"))))
