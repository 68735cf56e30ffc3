"""Retention: birth cohorts by row of the range, returns by bucket, completeness and the average curve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.analysis import compared
from pytest_mixpanel.engine.calendar import Buckets, day_edges, local_days, local_moment
from pytest_mixpanel.engine.envelope import envelope, milliseconds
from pytest_mixpanel.engine.kernels.returns import count_returns
from pytest_mixpanel.engine.properties import event_column, numbers_of
from pytest_mixpanel.engine.retention.returned import Walk, sum_returns
from pytest_mixpanel.engine.segments.breakdowns import NO_SEGMENT, Segments, combined_segments
from pytest_mixpanel.engine.selection.filters import all_hold
from pytest_mixpanel.engine.selection.marks import Marks, marks_of
from pytest_mixpanel.engine.selection.seen import seen_by
from pytest_mixpanel.engine.store.columns import picked
from pytest_mixpanel.engine.store.parts import over_parts
from pytest_mixpanel.engine.store.scratch import scratch
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.retention import RetentionPlan
from pytest_mixpanel.query.plan.selecting import Selection
from pytest_mixpanel.query.plan.times import UNIT_MS

SEGMENT_LIMIT = 200
MOST_BUCKETS = 61
"""Buckets 0 to 60 (semantics R-27)."""

CRITERIA = ("none", "carry_back", "carry_forward", "consecutive_forward")
"""In the kernel's numbering."""

RECORDS = ("total", "average")

BACK = np.uint8(2)
"""The bit of a return in the marks of births and returns."""

OVERALL, AVERAGE = "$overall", "$average"


@frozen
class _Table:
    """Cohort sizes by row, and returns by row and bucket."""

    first: NDArray[np.int64]
    counts: NDArray[Any]


@frozen
class _Found:
    """Tables of all users, under one name, and of segments."""

    whole: dict[str, _Table]
    segments: dict[str, _Table]


def answer_retention(plan: RetentionPlan, store: Store, now: datetime) -> dict[str, Any]:
    """The answer to a retention query, in the shape of Mixpanel's.

    Where it is asked for, ``whole_range`` is beside the series: all births of the range as one row, each
    user once (semantics R-25).
    """
    today = local_moment(now, store.time_zone).date()
    rows = Buckets.of(plan.range, today, store)
    headers = ["$metric", *(breakdown.property for breakdown in plan.breakdowns)]
    answer = envelope(_series(plan, store, rows, now), headers, rows, now)
    if plan.whole_range:
        tables = _tables_of(plan, store, rows, rows.edges[[0, -1]], now)
        told = {name: (int(table.first[0]), table.counts[0].tolist()) for name, table in tables.items()}
        answer["whole_range"] = {name: _cohort(*row, plan) for name, row in told.items()}
    if plan.comparison is not None:
        past = Buckets.of(compared(plan.range, plan.comparison, today, store), today, store)
        shifted = {"date_range": past.date_range(), "series": _series(plan, store, past, now)}
        answer["time_comparison"] = shifted
    return answer


def retention_by_row(
    plan: RetentionPlan, store: Store, rows: Buckets, now: datetime
) -> dict[str, list[tuple[int, list[Any]]]]:
    """For all users and every segment: of each row, or of the whole range, the size and what returned."""
    edges = rows.edges[[0, -1]] if plan.whole_range else rows.edges
    tables = _tables_of(plan, store, rows, edges, now)
    return {
        name: list(zip(table.first.tolist(), table.counts.tolist(), strict=True))
        for name, table in tables.items()
    }


def _series(plan: RetentionPlan, store: Store, rows: Buckets, now: datetime) -> dict[str, Any]:
    complete = _complete(plan, rows, _brackets(plan, rows, now), now)
    tables = _tables_of(plan, store, rows, rows.edges, now)
    block = {name: _block(table, rows, complete, plan, now) for name, table in tables.items()}
    name = f"{plan.born.name} and then {plan.back.name}"
    return {name: block if plan.breakdowns else block[OVERALL]}


def _tables_of(
    plan: RetentionPlan, store: Store, rows: Buckets, edges: NDArray[np.int64], now: datetime
) -> dict[str, _Table]:
    """The table of all users, then that of every segment with births, largest first (semantics R-26)."""
    scene = _Scene(plan, _brackets(plan, rows, now), edges, _ticks(plan, rows, now), now)
    found = over_parts(store, lambda part: _found(scene, part.store))
    parts = _added(each.segments for each in found)
    sizes = {name: int(table.first.sum()) for name, table in parts.items()}
    ranked = sorted((name for name in parts if sizes[name]), key=lambda name: (-sizes[name], name))
    whole = _added(each.whole for each in found)
    return whole | {name: parts[name] for name in ranked[:SEGMENT_LIMIT]}


def _brackets(plan: RetentionPlan, rows: Buckets, now: datetime) -> NDArray[np.int32]:
    """The bucket of every number of elapsed units; as many as have begun for the oldest row."""
    if plan.edges:
        widths = np.diff([0, *plan.edges])
        return np.repeat(np.arange(len(widths)), widths).astype(np.int32)
    begun = _elapsed(plan, rows, np.array([rows.start]), now)[0] + 1
    return np.arange(max(1, min(MOST_BUCKETS, begun)), dtype=np.int32)


def _elapsed(plan: RetentionPlan, rows: Buckets, since: NDArray[np.int64], now: datetime) -> list[int]:
    """Units from each of some instants until now: of time, or those of the calendar that began since."""
    if plan.alignment == "birth":
        return ((milliseconds(now) - since) // UNIT_MS[plan.unit]).tolist()  # type: ignore[no-any-return]  # of integers
    days = local_days(np.append(since, max(milliseconds(now), int(since.min()))), rows.time_zone)
    *begins, current = rows.calendar.units(days, plan.unit).tolist()
    return [current - unit for unit in begins]


@frozen
class _Scene:
    """What all parts of a store are asked; ``edges``: where the rows begin, and where the last one ends."""

    plan: RetentionPlan
    bracket: NDArray[np.int32]
    edges: NDArray[np.int64]
    ticks: NDArray[np.int64]
    now: datetime


def _found(scene: _Scene, store: Store) -> _Found:
    """What a part of the store holds: all its users, and those of each segment."""
    plan, now = scene.plan, scene.now
    store = seen_by(store, plan, now)
    marks = marks_of(store, (plan.born, plan.back), now)
    allowed = all_hold(store, plan.where, now, marks.at)
    if allowed is not None:
        marks = _born_only(marks, allowed)  # a global filter speaks of the birth (semantics R-29)
    whole = _tables(scene, store, marks, None)
    if not plan.breakdowns:
        return _Found(whole, {})
    segments = combined_segments(store, plan.breakdowns, now, marks.at)
    if not segments.items:
        return _Found(whole, _of_segments(scene, store, marks, segments))
    # A birth with a list is one in every item's segment, so each item is counted on its own.
    parts: dict[str, _Table] = {}
    for name, group in segments.by_name(np.unique(segments.codes).tolist()).items():
        inside = np.where(np.isin(segments.codes, group), 0, NO_SEGMENT).astype(np.int32)
        parts |= _of_segments(scene, store, marks, Segments(inside, (name,)))
    return _Found(whole, parts)


def _of_segments(scene: _Scene, store: Store, marks: Marks, segments: Segments) -> dict[str, _Table]:
    return _tables(scene, store, _born_only(marks, segments.codes != NO_SEGMENT), segments)


def _born_only(marks: Marks, allowed: NDArray[np.bool_]) -> Marks:
    """Births are those records alone that are allowed to be; returns stay."""
    bits = marks.of_events().astype(np.uint8)
    bits[~allowed] &= BACK
    return marks.with_bits(bits)


def _tables(scene: _Scene, store: Store, marks: Marks, segments: Segments | None) -> dict[str, _Table]:
    plan = scene.plan
    names = (OVERALL,) if segments is None else segments.names
    codes = np.empty(0, np.int32) if segments is None else np.ascontiguousarray(segments.codes, np.int32)
    shape = (len(scene.edges) - 1, len(names))
    if plan.measured is not None:
        of = plan.measured
        column = event_column(store, of.property, of.resource, of.custom, scene.now)
        values = numbers_of(picked(column, marks.at), len(marks))
        first, counts = sum_returns(
            Walk(
                marks.offsets,
                marks.time,
                marks.of_events(),
                scene.edges,
                codes,
                scene.ticks,
                UNIT_MS[plan.unit],
                scene.bracket,
                milliseconds(scene.now),
                _same(plan),
            ),
            np.nan_to_num(values),
            shape,
        )
    else:
        first = np.zeros(shape, np.int64)
        counts = np.zeros((*shape, int(scene.bracket[-1]) + 1), np.int64)
        count_returns(
            marks.offsets,
            marks.time,
            marks.kind,
            marks.matches,
            scene.edges,
            codes,
            scene.ticks,
            UNIT_MS[plan.unit],
            scene.bracket,
            milliseconds(scene.now),
            plan.math in RECORDS,
            CRITERIA.index(plan.criterion),
            _same(plan),
            np.full(shape, -1, np.int64),
            scratch("cells", len(marks)),
            scratch("beyond", len(marks)),
            first,
            counts,
        )
    counts = _spread(counts, plan.criterion, plan.cumulative)
    return {name: _Table(first[:, code], counts[:, code]) for code, name in enumerate(names)}


def _same(plan: RetentionPlan) -> bool:
    """Whether users are born and return by one event, even if only its first time is a birth."""
    return _apart_from_names(plan.born) == _apart_from_names(plan.back)


def _apart_from_names(selection: Selection) -> Selection:
    others = tuple(map(_apart_from_names, selection.others))
    return replace(selection, label=None, first_time=False, first_of=(), others=others)


def _ticks(plan: RetentionPlan, rows: Buckets, now: datetime) -> NDArray[np.int64]:
    """Where the calendar's units begin, from the first row's on; nothing where units run from a birth."""
    if plan.alignment == "birth":
        return np.empty(0, np.int64)
    edges, days = day_edges(rows.start, max(rows.end, milliseconds(now)), rows.time_zone)
    units = rows.calendar.units(days, plan.unit)
    begins = np.flatnonzero(np.r_[True, np.diff(units) != 0])
    ticks: NDArray[np.int64] = edges[begins]
    return ticks


def _added(parts: Iterable[dict[str, _Table]]) -> dict[str, _Table]:
    """Users of several parts together."""
    sums: dict[str, _Table] = {}
    for tables in parts:
        for name, table in tables.items():
            known = sums.get(name)
            sums[name] = (
                table if known is None else _Table(known.first + table.first, known.counts + table.counts)
            )
    return sums


def _spread(counts: NDArray[Any], criterion: str, cumulative: bool) -> NDArray[Any]:
    """From the one bucket in which a user was counted to all in which the user is retained (R-11, R-12)."""
    if criterion == "none":
        return counts
    if criterion == "carry_forward":
        return np.asarray(np.cumsum(counts, axis=-1))
    if cumulative:  # whom one of the others retains at all, it retains from the first bucket on
        return np.broadcast_to(counts.sum(axis=-1, keepdims=True), counts.shape)
    return np.asarray(np.cumsum(counts[..., ::-1], axis=-1)[..., ::-1])


def _complete(
    plan: RetentionPlan, rows: Buckets, bracket: NDArray[np.int32], now: datetime
) -> NDArray[np.bool_]:
    """Whether every member of a row has had all of a bucket (semantics R-21)."""
    buckets = int(bracket[-1]) + 1
    units = np.array([int(np.flatnonzero(bracket == k)[-1]) + 1 for k in range(buckets)])
    ends = rows.edges[1:]
    if plan.alignment == "birth":
        over = ends[:, None] + units[None, :] * UNIT_MS[plan.unit]
        return np.asarray(over <= milliseconds(now))
    days = local_days(np.append(ends - 1, milliseconds(now)), rows.time_zone)
    *last, current = rows.calendar.units(days, plan.unit)
    return np.asarray(np.array(last)[:, None] + units[None, :] <= current)


def _block(
    table: _Table, rows: Buckets, complete: NDArray[np.bool_], plan: RetentionPlan, now: datetime
) -> dict[str, Any]:
    """Cohorts by date with what has begun of their buckets, and the average curve."""
    begun = _begun(rows, complete.shape[1], plan, now)
    block: dict[str, Any] = {
        label: _cohort(int(table.first[row]), table.counts[row, : begun[row]].tolist(), plan)
        | {"complete": complete[row, : begun[row]].tolist()}
        for row, label in enumerate(rows.labels)
    }
    average = _average(table, complete)
    block[AVERAGE] = average | {"counts": list(average["rates"])} if plan.math == "average" else average
    return block


def _begun(rows: Buckets, buckets: int, plan: RetentionPlan, now: datetime) -> list[int]:
    """How many buckets of each row have begun for its first member; at least one."""
    elapsed = _elapsed(plan, rows, rows.edges[:-1], now)
    if plan.edges:
        starts = np.array([0, *plan.edges[:-1]])
        return [max(1, int((starts <= units).sum())) for units in elapsed]
    return [int(min(max(units + 1, 1), buckets)) for units in elapsed]


def _cohort(first: int, counts: list[Any], plan: RetentionPlan) -> dict[str, Any]:
    rates = [count / first if first else 0 for count in counts]
    # An average is per user of the cohort, whether retained or not (semantics R-19).
    return {"first": first, "counts": list(rates) if plan.math == "average" else counts, "rates": rates}


def _average(table: _Table, complete: NDArray[np.bool_]) -> dict[str, Any]:
    """Over complete cells, weighted by cohort size: rate = Σcp/Σp² (semantics R-23, R-24)."""
    counts: list[float | None] = []
    rates: list[float | None] = []
    for bucket in range(complete.shape[1]):
        size = table.first[complete[:, bucket]].astype(float)
        count = table.counts[complete[:, bucket], bucket].astype(float)
        if not size.sum():
            break
        counts.append(float(size @ count / size.sum()))
        rates.append(float(size @ count / (size @ size)))
    size = table.first[complete[:, 0]].astype(float)
    first = float(size @ size / size.sum()) if size.sum() else 0.0
    return {"first": first, "counts": counts, "rates": rates}
