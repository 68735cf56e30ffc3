"""Insights: metrics and formulas between them, by bucket and segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.analysis import before, compared, cumulative, rolling
from pytest_mixpanel.engine.arithmetic import Arithmetic, combined, letter_of
from pytest_mixpanel.engine.breakdowns import Segments, segments_of
from pytest_mixpanel.engine.calendar import Buckets, local_moment
from pytest_mixpanel.engine.cohorts import members
from pytest_mixpanel.engine.envelope import envelope, milliseconds
from pytest_mixpanel.engine.filters import all_hold, select
from pytest_mixpanel.engine.groups import Groups, Level, together
from pytest_mixpanel.engine.measures import Measure
from pytest_mixpanel.engine.store.parts import over_parts
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.tallies import Counts
from pytest_mixpanel.query.plan import CohortMetric, InsightsPlan, Metric

OVERALL = "$overall"
SEGMENT_LIMIT = 3_000
TITLES = {
    "total": "Total Events",
    "general": "Total Events",
    "unique": "Unique Users",
    "cumulative_unique": "Cumulative Unique Users",
    "dau": "DAU",
    "wau": "WAU",
    "mau": "MAU",
    "sessions": "Total Sessions",
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

Block = Any
"""Segments within segments; at the bottom a list of values, one per bucket."""


@dataclass(frozen=True, slots=True)
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
        past = Buckets.of(compared(plan.range, plan.comparison, today), today, store)
        answer["time_comparison"] = {
            "date_range": past.date_range(),
            "series": _series(replace(plan, comparison=None), store, past, now),
        }
    return answer


def _series(plan: InsightsPlan, store: Store, buckets: Buckets, now: datetime) -> dict[str, Any]:
    earlier = before(buckets, plan.rolling - 1) if plan.rolling > 1 and not plan.total else None
    scene = _Scene(plan, buckets, earlier, now)
    parts = over_parts(store, lambda part: _found(scene, part.store))
    blocks = {letter_of(at): _block(scene, [part[at] for part in parts]) for at in range(len(plan.metrics))}
    series: dict[str, Any] = {}
    for metric, block in zip(plan.metrics, blocks.values(), strict=True):
        if not metric.hidden:
            series[_unused(_label(metric), series)] = _finished(plan, scene, block)
    for formula in plan.formulas:
        block = _computed(Arithmetic(formula.definition), blocks)
        series[_unused(formula.name or formula.definition, series)] = _finished(plan, scene, block)
    return series


def _found(scene: _Scene, store: Store) -> list[list[Level]]:
    """For every metric its levels in a part of the store: all records, then by segment, and so on."""
    plan, now = scene.plan, scene.now
    past = store.time <= milliseconds(now)
    allowed = all_hold(store, plan.where, now)
    visible = past if allowed is None else past & allowed
    segments = [segments_of(store, breakdown, now) for breakdown in plan.breakdowns]
    found = []
    for metric in plan.metrics:
        if isinstance(metric, CohortMetric):
            found.append([_sizes(scene, store, metric)])
            continue
        measure = Measure.of(metric, store, plan.total, now)
        at = np.flatnonzero(select(store, metric.selection, now) & visible)
        found.append(list(_levels(scene, measure, at, segments)))
    return found


def _levels(
    scene: _Scene, measure: Measure, at: NDArray[np.int64], segments: Sequence[Segments]
) -> Iterator[Level]:
    groups = Groups.whole(at)
    for level in range(len(segments) + 1):
        ranges = [scene.buckets] if scene.earlier is None else [scene.earlier, scene.buckets]
        tallies = [(measure.tally(groups.records, span), measure.size(span)) for span in ranges]
        yield Level(groups.names, _occurring(scene, measure.store, groups), tallies)
        if level < len(segments):
            groups = groups.split(segments[level])


def _occurring(scene: _Scene, store: Store, groups: Groups) -> NDArray[np.bool_]:
    """Which groups have records in the range; the whole is shown in any case."""
    if groups.names == [()]:
        return np.ones(1, bool)
    found = np.zeros(len(groups.names), bool)
    found[groups.records.group[scene.buckets.index(store.time[groups.records.at]) >= 0]] = True
    return found


def _block(scene: _Scene, parts: Sequence[Sequence[Level]]) -> Block:
    """A metric's values by segment, with the roll-up at each level."""
    levels = [together(level) for level in zip(*parts, strict=True)]

    def block(path: tuple[str, ...]) -> Block:
        values = levels[len(path)][path]
        if len(path) == len(levels) - 1:
            return values
        children = (name for *above, name in levels[len(path) + 1] if tuple(above) == path)
        return {OVERALL: values, **{name: block((*path, name)) for name in children}}

    found = block(())
    # A cohort has no segments.
    return {OVERALL: found} if scene.plan.breakdowns and len(levels) == 1 else found


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
    return combined(formula, blocks, len(_first_leaf(next(iter(blocks.values())))))


def _first_leaf(block: Block) -> list[Any]:
    return _first_leaf(block[OVERALL]) if isinstance(block, dict) else block


def _finished(plan: InsightsPlan, scene: _Scene, block: Block) -> dict[str, Any]:
    """Values analysed and labelled, segments largest first (I-18: formulas come before analysis)."""
    if isinstance(block, dict):
        parts = {name: _finished(plan, scene, inner) for name, inner in block.items()}
        overall = parts.pop(OVERALL)
        ranked = sorted(parts, key=lambda name: (-_size(parts[name]), name))[:SEGMENT_LIMIT]
        return {OVERALL: overall, **{name: parts[name] for name in ranked}}
    if plan.total:
        return {"all": block[0]}
    if plan.rolling > 1:
        block = rolling(block, plan.rolling)[-len(scene.buckets) :]
    elif plan.cumulative:
        block = cumulative(block)
    return dict(zip(scene.buckets.labels, block, strict=True))


def _size(block: Mapping[str, Any]) -> float:
    leaf = block.get(OVERALL, block)
    return sum(value or 0 for value in leaf.values() if not isinstance(value, str))


def _label(metric: Metric | CohortMetric) -> str:
    if isinstance(metric, CohortMetric):
        return f"{metric.name} [Unique Users]"
    title = TITLES.get(
        metric.math, f"{metric.percentile:g}th Percentile" if metric.percentile else metric.math
    )
    if metric.math == "total" and metric.property:
        title = "Sum"
    return f"{metric.selection.name} [{title}{f' {metric.property}' if metric.property else ''}]"


def _unused(label: str, taken: Mapping[str, Any]) -> str:
    number, free = 1, label
    while free in taken:
        number += 1
        free = f"{label} ({number})"
    return free
