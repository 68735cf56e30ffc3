"""Insights: counts, uniques and property aggregates by bucket and segment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.breakdowns import Segments, numbers_of, segments_of, text_of
from pytest_mixpanel.engine.calendar import Buckets, local_moment, midnight, next_bucket
from pytest_mixpanel.engine.envelope import envelope, milliseconds
from pytest_mixpanel.engine.filters import all_hold, select
from pytest_mixpanel.engine.properties import event_column
from pytest_mixpanel.engine.store.columns import Column, NumberColumn
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan import InsightsPlan, Metric

OVERALL = "$overall"
SEGMENT_LIMIT = 3_000
ACTIVE_DAYS = {"dau": 1, "wau": 7, "mau": 30}
PERCENTILES = {"median": 50.0, "p25": 25.0, "p75": 75.0, "p90": 90.0, "p99": 99.0}
TITLES = {
    "total": "Total Events",
    "general": "Total Events",
    "unique": "Unique Users",
    "dau": "DAU",
    "wau": "WAU",
    "mau": "MAU",
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

Leaf = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Records:
    """The records of one metric: bucket, user (−1 nobody) and position in the store."""

    at: NDArray[np.int64]
    bucket: NDArray[np.int64]
    user: NDArray[np.int64]


def answer_insights(plan: InsightsPlan, store: Store, now: datetime) -> dict[str, Any]:
    """The answer to an insights query, in the shape of Mixpanel's."""
    today = local_moment(now, store.time_zone).date()
    buckets = Buckets.of(plan.range, today, store.time_zone)
    owner = store.user_of_event()
    levels = [segments_of(store, breakdown, now) for breakdown in plan.breakdowns]
    series: dict[str, Any] = {}
    for metric in plan.metrics:
        selected = select(store, metric.selection, now) & (store.time <= milliseconds(now))
        allowed = all_hold(store, plan.where, now)
        if allowed is not None:
            selected &= allowed
        column = _property(store, metric, now)
        measure = _Measure(plan, store, buckets, metric, column, np.flatnonzero(selected), owner)
        series[_unused(_label(metric), series)] = _nested(measure, levels)
    headers = ["$metric", *(breakdown.property for breakdown in plan.breakdowns)]
    return envelope(series, headers, buckets, now)


def _property(store: Store, metric: Metric, now: datetime) -> Column | None:
    if metric.property is None:
        return None
    return event_column(store, metric.property, metric.resource, metric.custom, now)


class _Measure:
    """One metric, ready to be computed over any part of its records."""

    def __init__(
        self,
        plan: InsightsPlan,
        store: Store,
        buckets: Buckets,
        metric: Metric,
        column: Column | None,
        at: NDArray[np.int64],
        owner: NDArray[np.int64],
    ) -> None:
        self.plan, self.store, self.buckets, self.metric, self.owner = plan, store, buckets, metric, owner
        self.at = at
        self.column = column
        self.values = numbers_of(column, len(store)) if metric.property is not None else None

    def leaf(self, at: NDArray[np.int64]) -> Leaf:
        """The series over these records: label → value, or ``all`` where the range is one bucket."""
        if self.metric.math in ACTIVE_DAYS:
            values = [self._active(at, day) for day in self._closing_days()]
        else:
            index = self.buckets.index(self.store.time[at]).astype(np.int64)
            inside, index = at[index >= 0], index[index >= 0]
            if self.plan.total:
                index = np.zeros_like(index)
            values = self._by_bucket(inside, index, 1 if self.plan.total else len(self.buckets))
        labels: Sequence[str] = ("all",) if self.plan.total else self.buckets.labels
        return dict(zip(labels, values, strict=True))

    def _by_bucket(self, at: NDArray[np.int64], index: NDArray[np.int64], size: int) -> list[Any]:
        math = self.metric.math
        if math in ("total", "general") and self.values is None:
            return list(np.bincount(index, minlength=size).tolist())
        if math == "unique":
            users = self.owner[at]
            pairs = np.unique(np.stack([index[users >= 0], users[users >= 0]]), axis=1)
            return list(np.bincount(pairs[0], minlength=size).tolist())
        if math == "unique_values":
            return [self._distinct(at[index == number]) for number in range(size)]
        assert self.values is not None
        values = self.values[at]
        known = ~np.isnan(values)
        if math == "total":
            sums = np.bincount(index[known], weights=values[known], minlength=size)
            return [_plain(value) for value in sums.tolist()]
        aggregate = _aggregate(self.metric)
        return [_over(values[known & (index == number)], aggregate) for number in range(size)]

    def _distinct(self, at: NDArray[np.int64]) -> int:
        column = self.column
        if column is None:
            return 0
        if isinstance(column, NumberColumn):
            numbers = column.numbers[at]
            return len(np.unique(numbers[~np.isnan(numbers)]))
        codes = column.codes[at]
        return len({text_of(column.values[code]) for code in np.unique(codes[codes >= 0])})

    def _closing_days(self) -> list[date]:
        """The last day of every bucket, cut at the range."""
        if self.plan.total or self.buckets.unit == "hour":
            return [self.buckets.last]
        starts = [date.fromisoformat(label[:10]) for label in self.buckets.labels]
        return [
            min(next_bucket(start, self.buckets.unit) - timedelta(days=1), self.buckets.last)
            for start in starts
        ]

    def _active(self, at: NDArray[np.int64], day: date) -> int:
        zone = self.store.time_zone
        end = midnight(day + timedelta(days=1), zone)
        start = midnight(day - timedelta(days=ACTIVE_DAYS[self.metric.math] - 1), zone)
        time = self.store.time[at]
        users = self.owner[at[(time >= start) & (time < end)]]
        return len(np.unique(users[users >= 0]))


def _nested(measure: _Measure, levels: Sequence[Segments]) -> dict[str, Any]:
    """Segments within segments, with the roll-up at each level, largest first."""

    def block(at: NDArray[np.int64], rest: Sequence[Segments]) -> dict[str, Any]:
        if not rest:
            return measure.leaf(at)
        codes = rest[0].codes[at]
        parts = {}
        inside = np.unique(codes[measure.buckets.index(measure.store.time[at]) >= 0])
        for name, group in rest[0].by_name(inside.tolist()).items():
            parts[name] = block(at[np.isin(codes, group)], rest[1:])
        ranked = sorted(parts, key=lambda name: (-_size(parts[name]), name))[:SEGMENT_LIMIT]
        return {OVERALL: measure.leaf(at), **{name: parts[name] for name in ranked}}

    return block(measure.at, levels)


def _size(block: Mapping[str, Any]) -> float:
    leaf = block.get(OVERALL, block)
    return sum(value or 0 for value in leaf.values() if not isinstance(value, str))


def _aggregate(metric: Metric) -> Callable[[NDArray[np.float64]], float]:
    simple: dict[str, Callable[[NDArray[np.float64]], Any]] = {
        "average": np.mean,
        "min": np.min,
        "max": np.max,
    }
    if metric.math in simple:
        return simple[metric.math]
    share = PERCENTILES.get(metric.math, metric.percentile or 50.0)
    return lambda values: float(np.percentile(values, share))


def _over(values: NDArray[np.float64], aggregate: Callable[[NDArray[np.float64]], float]) -> float | None:
    return _plain(float(aggregate(values))) if len(values) else None


def _plain(value: float) -> float:
    """Whole sums as integers, as the service sends them."""
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _label(metric: Metric) -> str:
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
