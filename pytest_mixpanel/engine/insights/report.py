"""Insights: metrics and formulas between them, by bucket and segment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.analysis import before, compared, moved
from pytest_mixpanel.engine.calendar import Buckets, local_moment
from pytest_mixpanel.engine.envelope import envelope, milliseconds
from pytest_mixpanel.engine.grouped import COPY
from pytest_mixpanel.engine.insights.arithmetic import Arithmetic, combined, letter_of
from pytest_mixpanel.engine.insights.attribution import shared_out
from pytest_mixpanel.engine.insights.behaviors import behavior_block
from pytest_mixpanel.engine.insights.blocks import OVERALL, Block, finished, first_leaf, nested, repeated
from pytest_mixpanel.engine.insights.groups import Groups, Level, together
from pytest_mixpanel.engine.insights.measures import ACTIVE_DAYS, DISTRIBUTIONS, Measure
from pytest_mixpanel.engine.insights.names import label_of, unused
from pytest_mixpanel.engine.insights.profiles import asked_of_profiles
from pytest_mixpanel.engine.insights.tallies import Counts
from pytest_mixpanel.engine.properties import event_column
from pytest_mixpanel.engine.segments.breakdowns import Segments, segments_of, with_undefined
from pytest_mixpanel.engine.selection.chosen import places_where
from pytest_mixpanel.engine.selection.cohorts import members
from pytest_mixpanel.engine.selection.filters import all_hold
from pytest_mixpanel.engine.selection.seen import seen_by
from pytest_mixpanel.engine.store.parts import over_parts
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.insights import (
    BehaviorMetric,
    CohortMetric,
    InsightsPlan,
    Metric,
    ProfileMetric,
)
from pytest_mixpanel.query.plan.segments import Breakdown, Grouping

PEOPLE = frozenset({"unique", "cumulative_unique", "dau", "wau", "mau"})
"""What counts users, each of whom may be assigned to one segment."""


@frozen
class _Scene:
    """What all metrics of a query share; ``earlier``: the buckets a rolling mean looks back on."""

    plan: InsightsPlan
    buckets: Buckets
    earlier: Buckets | None
    now: datetime


def answer_insights(plan: InsightsPlan, store: Store, now: datetime) -> dict[str, Any]:
    """The answer to an insights query, in the shape of Mixpanel's."""
    today = local_moment(now, store.time_zone).date()
    buckets = Buckets.of(plan.range, today, store)
    headers = ["$metric", *(breakdown.property for breakdown in plan.breakdowns)]
    answer = envelope(_series(plan, store, buckets, now), headers, buckets, now)
    if plan.comparison is not None:
        span = compared(plan.range, plan.comparison, today, store)
        past = Buckets.of(span, today, store)
        answer["time_comparison"] = {
            "date_range": past.date_range(),
            "series": _series(moved(replace(plan, comparison=None), span), store, past, now),
        }
    return answer


def _series(plan: InsightsPlan, store: Store, buckets: Buckets, now: datetime) -> dict[str, Any]:
    earlier = before(buckets, plan.rolling - 1) if plan.rolling > 1 and not plan.total else None
    scene = _Scene(plan, buckets, earlier, now)
    parts = over_parts(store, lambda part: _found(scene, part.store))
    blocks = {
        letter_of(at): _of_behavior(scene, store, metric)
        if isinstance(metric, BehaviorMetric)
        else _of_profiles(scene, store, metric)
        if isinstance(metric, ProfileMetric)
        else _block(scene, metric, [part[at] for part in parts])
        for at, metric in enumerate(plan.metrics)
    }
    series: dict[str, Any] = {}
    for metric, block in zip(plan.metrics, blocks.values(), strict=True):
        if not metric.hidden:
            series[unused(label_of(metric), series)] = finished(plan, buckets, block)
    for formula in plan.formulas:
        block = _computed(Arithmetic(formula.definition), blocks)
        series[unused(formula.name or formula.definition, series)] = finished(plan, buckets, block)
    return series


def _found(scene: _Scene, store: Store) -> list[list[Level]]:
    """For every metric its levels in a part of the store: all records, then by segment, and so on."""
    plan, now = scene.plan, scene.now
    store = seen_by(store, plan, now)
    several = len(plan.metrics) > 1 or any(map(_is_shared_out, plan.metrics))
    allowed = all_hold(store, plan.where, now) if several else None
    segments = [_segmenting(store, breakdown, now, several) for breakdown in plan.breakdowns]
    found: list[list[Level]] = []
    for metric in plan.metrics:
        if isinstance(metric, BehaviorMetric | ProfileMetric):
            found.append([])  # asked of the whole store
            continue
        if isinstance(metric, CohortMetric):
            found.append([_sizes(scene, store, metric)])
            continue
        measure = Measure.of(metric, store, plan.total, now)
        at = places_where(store, metric.selection, () if several else plan.where, now)
        if scene.buckets.end > milliseconds(now) + 1:
            at = at[store.time[at] <= milliseconds(now)]
        if allowed is not None:
            at = at[allowed[at]]
        if COPY in store.columns and not _of_people(metric):
            at = at[store.columns[COPY].codes[at] < 0]  # type: ignore[union-attr]  # made by ``by_group``
        if metric.attribution is not None:
            found.append(list(_attributed(scene, measure, at, segments)))
        else:
            found.append(list(_levels(scene, measure, at, segments)))
    return found


_Segmenting = Callable[[NDArray[np.int64]], Segments]
"""The segment of each of the records at some places."""


def _segmenting(store: Store, breakdown: Grouping, now: datetime, several: bool) -> _Segmenting:
    """Of the records that are asked for alone, or, where several metrics ask, of all at once."""
    if not several:
        return lambda at: segments_of(store, breakdown, now, at)
    segments = segments_of(store, breakdown, now)
    return lambda at: replace(segments, codes=segments.codes[at])


def _is_shared_out(metric: Metric | CohortMetric | ProfileMetric | BehaviorMetric) -> bool:
    return isinstance(metric, Metric) and metric.attribution is not None


def _of_people(metric: Metric) -> bool:
    """Whether users are counted, to whom an event of several groups belongs each time (E-35)."""
    return metric.per_user is not None or metric.math in PEOPLE | {"sessions", "first_value"}


def _levels(
    scene: _Scene, measure: Measure, at: NDArray[np.int64], segments: Sequence[_Segmenting]
) -> Iterator[Level]:
    whole = groups = Groups.whole(at)
    if segments and measure.metric.segment_method != "all" and measure.metric.math in PEOPLE:
        groups = Groups.whole(at[_deciding(scene, measure, at)])
    if not (segments and measure.counts_records):
        yield _level(scene, measure, whole)
    for number, each in enumerate(segments):
        groups = groups.split(each(groups.records.at))
        level = _level(scene, measure, groups)
        if number == 0 and measure.counts_records:
            # Where every record has one segment, they add up to the whole.
            yield level.added_up() if groups.parted else _level(scene, measure, whole)
        yield level


def _level(scene: _Scene, measure: Measure, groups: Groups) -> Level:
    ranges = [scene.buckets] if scene.earlier is None else [scene.earlier, scene.buckets]
    tallies = [(measure.tally(groups.records, span), measure.size(span)) for span in ranges]
    if groups.names == [()]:
        return Level(groups.names, np.ones(1, bool), tallies)  # which is shown in any case
    # Days before the range count in rolling means and among active users, so their segments show as well.
    told = zip(tallies, ranges, strict=True)
    inside = np.any([measure.occurring(groups.records, span, tally) for (tally, _), span in told], axis=0)
    if measure.metric.math in ACTIVE_DAYS:
        for tally, _ in tallies:
            inside |= np.any(np.reshape(tally.cells(0), (len(inside), -1)), axis=1)
    return Level(groups.names, inside, tallies)


def _deciding(scene: _Scene, measure: Measure, at: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first, or last, record of every user in every bucket: it alone decides the segment (E-58)."""
    store, time = measure.store, measure.store.time[at]
    bucket = np.minimum(scene.buckets.index(time), 0) if scene.plan.total else scene.buckets.index(time)
    if scene.earlier is not None:
        bucket = np.where(bucket < 0, -2 - scene.earlier.index(time), bucket)
    user = store.user_of_event()[at]
    rows = np.arange(len(at))
    if measure.metric.segment_method == "last":
        rows = rows[::-1]
    _, first = np.unique(np.stack([user[rows], bucket[rows]]), axis=1, return_index=True)
    return np.sort(rows[first])


def _attributed(
    scene: _Scene, measure: Measure, at: NDArray[np.int64], segments: Sequence[_Segmenting]
) -> Iterator[Level]:
    """Conversions shared out among the touches before them, by the first breakdown's value (E-66)."""
    metric, now = measure.metric, scene.now
    told, first = metric.attribution, scene.plan.breakdowns[0] if segments else None
    of = metric.property if isinstance(first, Breakdown) and metric.property else None
    if told is None or not isinstance(first, Breakdown) or of not in (None, first.property):
        yield from _levels(scene, measure, at, segments)
        return
    column = event_column(measure.store, first.property, first.resource, first.custom, now)
    shares = shared_out(measure.store, column, at, told)
    groups = Groups.whole(at)
    summed = np.bincount(shares.conversion, shares.weight, minlength=len(at)).astype(np.float64)
    yield _level(scene, measure, replace(groups, records=replace(groups.records, weight=summed)))
    named, undefined = with_undefined(segments[0](np.maximum(shares.touch, 0)))
    rows = groups.records.only(shares.conversion)
    codes = np.where(shares.touch >= 0, named.codes, undefined)
    groups = groups.named(replace(rows, weight=shares.weight), codes, named.names)
    yield _level(scene, measure, groups)
    for each in segments[1:]:
        groups = groups.split(each(groups.records.at))
        yield _level(scene, measure, groups)


def _block(scene: _Scene, metric: Metric | CohortMetric, parts: Sequence[Sequence[Level]]) -> Block:
    """A metric's values over all parts; a cohort has no segments."""
    levels = [together(level) for level in zip(*parts, strict=True)]
    found = nested(levels, isinstance(metric, Metric) and metric.math in DISTRIBUTIONS)
    return {OVERALL: found} if scene.plan.breakdowns and len(levels) == 1 else found


def _of_behavior(scene: _Scene, store: Store, metric: BehaviorMetric) -> Block:
    if scene.earlier is None:
        return behavior_block(metric, store, scene.buckets, scene.now)
    spans = [behavior_block(metric, store, span, scene.now) for span in (scene.earlier, scene.buckets)]
    if not metric.plan.breakdowns:
        return [value for span in spans for value in span]
    nothing = [[None] * len(next(iter(span.values()))) for span in spans]
    return {
        name: [value for at, span in enumerate(spans) for value in span.get(name, nothing[at])]
        for name in spans[1]
    }


def _of_profiles(scene: _Scene, store: Store, metric: ProfileMetric) -> Block:
    """One number of the profiles as they are now, in every bucket the same (I-30)."""
    plan, people = asked_of_profiles(metric, scene.plan, store, scene.now)
    today = Buckets.of(plan.range, local_moment(scene.now, store.time_zone).date(), people)
    shown = _Scene(plan, today, None, scene.now)
    (measured,) = plan.metrics
    assert isinstance(measured, Metric)
    block = _block(shown, measured, [_found(shown, people)[0]])
    return block if scene.plan.total else repeated(block, len(scene.buckets) + len(scene.earlier or ()))


def _sizes(scene: _Scene, store: Store, metric: CohortMetric) -> Level:
    """Members at the end of every bucket, of the current one now (I-28)."""
    earlier = scene.earlier.edges[1:] if scene.earlier is not None else ()
    ends = [*earlier, *scene.buckets.edges[1:]]
    if scene.plan.total:
        ends = ends[-1:]
    instants = [min(datetime.fromtimestamp((int(end) - 1) / 1000, UTC), scene.now) for end in ends]
    sizes = np.array([int(members(store, metric.cohort, instant).sum()) for instant in instants])
    return Level([()], np.ones(1, bool), [(Counts(sizes), len(sizes))])


def _computed(formula: Arithmetic, blocks: Mapping[str, Block]) -> Block:
    unknown = sorted(formula.letters - blocks.keys())
    if unknown:
        raise ParamValidationError(f"formula {formula.definition!r}: there is no metric {', '.join(unknown)}")
    return combined(formula, blocks, len(first_leaf(next(iter(blocks.values())))))
