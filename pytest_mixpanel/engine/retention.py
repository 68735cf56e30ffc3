"""Retention: birth cohorts by row of the range, returns by bucket, completeness and the average curve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.breakdowns import NO_SEGMENT, Segments, segments_of
from pytest_mixpanel.engine.calendar import Buckets, calendar_units, day_edges, local_days, local_moment
from pytest_mixpanel.engine.envelope import envelope, milliseconds
from pytest_mixpanel.engine.filters import all_hold
from pytest_mixpanel.engine.kernels.returns import count_returns
from pytest_mixpanel.engine.marks import Marks, marks_of
from pytest_mixpanel.engine.store.parts import over_parts
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan import UNIT_MS, RetentionPlan

MOST_BUCKETS = 61
"""Buckets 0 to 60 (semantics R-27)."""

CRITERIA = ("none", "carry_back", "carry_forward", "consecutive_forward")
"""In the kernel's numbering."""

RECORDS = ("total", "average")

BACK = np.uint8(2)
"""The bit of a return in the marks of births and returns."""

OVERALL, AVERAGE = "$overall", "$average"


@dataclass(frozen=True, slots=True)
class _Table:
    """Cohort sizes by row, and returns by row and bucket."""

    first: NDArray[np.int64]
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Found:
    """Tables of all users, under one name, and of segments."""

    whole: dict[str, _Table]
    segments: dict[str, _Table]


def answer_retention(plan: RetentionPlan, store: Store, now: datetime) -> dict[str, Any]:
    """The answer to a retention query, in the shape of Mixpanel's."""
    today = local_moment(now, store.time_zone).date()
    rows = Buckets.of(plan.range, today, store.time_zone)
    bracket = _brackets(plan, rows, now)
    found = over_parts(store, lambda part: _found(plan, part.store, rows, bracket, now))
    whole = _added(each.whole for each in found)[OVERALL]
    complete = _complete(plan, rows, bracket, now)
    block = _block(whole, rows, complete, plan, now)
    headers = ["$metric"]
    if plan.breakdown is not None:
        parts = _added(each.segments for each in found)
        ranked = sorted(parts, key=lambda name: (-int(parts[name].first.sum()), name))[:200]
        block = {OVERALL: block} | {
            name: _block(parts[name], rows, complete, plan, now) for name in ranked if parts[name].first.any()
        }
        headers.append(plan.breakdown.property)
    name = f"{plan.born.name} and then {plan.back.name}"
    return envelope({name: block}, headers, rows, now)


def _brackets(plan: RetentionPlan, rows: Buckets, now: datetime) -> NDArray[np.int32]:
    """The bucket of every number of elapsed units; as many as have begun for the oldest row."""
    if plan.edges:
        widths = np.diff([0, *plan.edges])
        return np.repeat(np.arange(len(widths)), widths).astype(np.int32)
    begun = (milliseconds(now) - rows.start) // UNIT_MS[plan.unit] + 1
    return np.arange(max(1, min(MOST_BUCKETS, begun)), dtype=np.int32)


def _found(
    plan: RetentionPlan, store: Store, rows: Buckets, bracket: NDArray[np.int32], now: datetime
) -> _Found:
    """What a part of the store holds: all its users, and those of each segment."""
    marks = marks_of(store, (plan.born, plan.back), now)
    allowed = all_hold(store, plan.where, now)
    if allowed is not None:
        marks = _born_only(marks, allowed)  # a global filter speaks of the birth (semantics R-29)
    whole = _tables(plan, store, marks, rows, bracket, None, now)
    if plan.breakdown is None:
        return _Found(whole, {})
    segments = segments_of(store, plan.breakdown, now)
    if segments.items:
        raise ParamValidationError(
            "retention by the items of a list is not computed by the embedded engine yet"
        )
    marks = _born_only(marks, segments.codes != NO_SEGMENT)
    return _Found(whole, _tables(plan, store, marks, rows, bracket, segments, now))


def _born_only(marks: Marks, allowed: NDArray[np.bool_]) -> Marks:
    """Births are those records alone that are allowed to be; returns stay."""
    bits = marks.of_events().astype(np.uint8)
    bits[~allowed] &= BACK
    return Marks(bits, np.arange(4, dtype=np.uint64))


def _tables(
    plan: RetentionPlan,
    store: Store,
    marks: Marks,
    rows: Buckets,
    bracket: NDArray[np.int32],
    segments: Segments | None,
    now: datetime,
) -> dict[str, _Table]:
    names = (OVERALL,) if segments is None else segments.names
    shape = (len(rows), len(names))
    first = np.zeros(shape, np.int64)
    counts = np.zeros((*shape, int(bracket[-1]) + 1), np.int64)
    count_returns(
        np.asarray(store.offsets),
        np.asarray(store.time),
        np.asarray(marks.kind),
        marks.matches,
        rows.edges,
        np.empty(0, np.int32) if segments is None else np.ascontiguousarray(segments.codes, np.int32),
        _ticks(plan, rows, now),
        UNIT_MS[plan.unit],
        bracket,
        milliseconds(now),
        plan.math in RECORDS,
        CRITERIA.index(plan.criterion),
        plan.born == plan.back,
        np.full(shape, -1, np.int64),
        np.empty(len(store), np.int64),
        np.empty(len(store), np.int32),
        first,
        counts,
    )
    counts = _spread(counts, plan.criterion)
    return {name: _Table(first[:, code], counts[:, code]) for code, name in enumerate(names)}


def _ticks(plan: RetentionPlan, rows: Buckets, now: datetime) -> NDArray[np.int64]:
    """Where the calendar's units begin, from the first row's on; nothing where units run from a birth."""
    if plan.alignment == "birth":
        return np.empty(0, np.int64)
    edges, days = day_edges(rows.start, max(rows.end, milliseconds(now)), rows.time_zone)
    units = calendar_units(days, plan.unit)
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


def _spread(counts: NDArray[np.int64], criterion: str) -> NDArray[np.int64]:
    """From the one bucket in which a user was counted to all in which the user is retained (R-11, R-12)."""
    if criterion == "none":
        return counts
    if criterion == "carry_forward":
        return np.asarray(np.cumsum(counts, axis=-1))
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
    last = calendar_units(local_days(ends - 1, rows.time_zone), plan.unit)
    current = calendar_units(local_days(np.array([milliseconds(now)]), rows.time_zone), plan.unit)[0]
    return np.asarray(last[:, None] + units[None, :] <= current)


def _block(
    table: _Table, rows: Buckets, complete: NDArray[np.bool_], plan: RetentionPlan, now: datetime
) -> dict[str, Any]:
    """Cohorts by date with what has begun of their buckets, and the average curve."""
    begun = _begun(rows, complete.shape[1], plan, now)
    block: dict[str, Any] = {
        label: _cohort(int(table.first[row]), table.counts[row, : begun[row]].tolist())
        for row, label in enumerate(rows.labels)
    }
    block[AVERAGE] = _average(table, complete)
    if plan.math == "average":  # per user of the cohort, whether retained or not (semantics R-19)
        for cohort in block.values():
            cohort["counts"] = list(cohort["rates"])
    return block


def _begun(rows: Buckets, buckets: int, plan: RetentionPlan, now: datetime) -> list[int]:
    """How many buckets of each row have begun for its first member; at least one."""
    elapsed = (milliseconds(now) - rows.edges[:-1]) // UNIT_MS[plan.unit]
    if plan.edges:
        starts = np.array([0, *plan.edges[:-1]])
        return [max(1, int((starts <= units).sum())) for units in elapsed]
    return [int(min(max(units + 1, 1), buckets)) for units in elapsed]


def _cohort(first: int, counts: list[int]) -> dict[str, Any]:
    return {"first": first, "counts": counts, "rates": [count / first if first else 0 for count in counts]}


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
