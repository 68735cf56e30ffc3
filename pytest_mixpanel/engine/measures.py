"""One metric over any part of its records: a number for every bucket (semantics §2.1, §2.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.breakdowns import numbers_of, text_of
from pytest_mixpanel.engine.calendar import Buckets, midnight, next_bucket
from pytest_mixpanel.engine.properties import event_column
from pytest_mixpanel.engine.store.columns import Column, NumberColumn
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan import Metric

Positions = NDArray[np.int64]
Numbers = NDArray[np.float64]

ACTIVE_DAYS = {"dau": 1, "wau": 7, "mau": 30}
PERCENTILES = {"median": 50.0, "p25": 25.0, "p75": 75.0, "p90": 90.0, "p99": 99.0}


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric with its property's column; ``total``: the whole range is one bucket."""

    metric: Metric
    store: Store
    owner: NDArray[np.int64]
    column: Column | None
    numbers: Numbers | None
    total: bool

    @classmethod
    def of(
        cls, metric: Metric, store: Store, owner: NDArray[np.int64], total: bool, now: datetime
    ) -> Measure:
        """Ready to measure; raises ``ParamValidationError`` where the metric lacks its property."""
        if metric.property is None:
            if metric.math not in ("total", "general", "unique", "cumulative_unique", *ACTIVE_DAYS):
                raise ParamValidationError(f"{metric.math} needs a property to measure")
            return cls(metric, store, owner, None, None, total)
        column = event_column(store, metric.property, metric.resource, metric.custom, now)
        return cls(metric, store, owner, column, numbers_of(column, len(store)), total)

    def values(self, at: Positions, buckets: Buckets) -> list[Any]:
        """The metric over these records, bucket by bucket; ``None`` where it has no value."""
        if self.metric.math in ACTIVE_DAYS:
            return [self._active(at, day) for day in self._closing_days(buckets)]
        index = buckets.index(self.store.time[at]).astype(np.int64)
        at, index = at[index >= 0], index[index >= 0]
        size = 1 if self.total else len(buckets)
        if self.total:
            index = np.zeros_like(index)
        return self._by_bucket(at, index, size)

    def _by_bucket(self, at: Positions, index: Positions, size: int) -> list[Any]:
        math = self.metric.math
        if self.metric.per_user is not None:
            index, stage = self._per_user(at, index)
            return _aggregated(self.metric, stage, index, size)
        if math in ("unique", "cumulative_unique"):
            return self._uniques(at, index, size)
        if math == "unique_values":
            return [self._distinct(at[index == number]) for number in range(size)]
        if self.numbers is None:
            return list(np.bincount(index, minlength=size).tolist())
        values = self.numbers[at]
        known = ~np.isnan(values)
        return _aggregated(self.metric, values[known], index[known], size)

    def _uniques(self, at: Positions, index: Positions, size: int) -> list[int]:
        users = self.owner[at]
        named = users >= 0
        pairs = np.unique(users[named] * size + index[named])
        users, buckets = pairs // size, pairs % size
        if self.metric.math == "unique":
            return list(np.bincount(buckets, minlength=size).tolist())
        first = np.r_[True, np.diff(users) != 0][: len(users)]
        return list(np.cumsum(np.bincount(buckets[first], minlength=size)).tolist())

    def _per_user(self, at: Positions, index: Positions) -> tuple[Positions, Numbers]:
        """The first stage: every user's number in every bucket they have one in (I-9, I-11)."""
        how, users = self.metric.per_user, self.owner[at]
        if how == "unique_values" and not isinstance(self.column, NumberColumn):
            codes = np.full(len(at), -1) if self.column is None else self.column.codes[at]
            values = np.where(codes < 0, np.nan, codes.astype(np.float64))
        else:
            values = np.ones(len(at)) if self.numbers is None else self.numbers[at]
        known = (users >= 0) & ~np.isnan(values)
        users, index, values = users[known], index[known], values[known]
        order = np.lexsort((values, users, index))
        users, index, values = users[order], index[order], values[order]
        if not len(users):
            return index, values
        starts = np.flatnonzero(np.r_[True, (np.diff(users) != 0) | (np.diff(index) != 0)])
        sizes = np.diff(np.r_[starts, len(users)])
        ends = starts + sizes - 1
        if how == "unique_values":
            new = np.r_[True, np.diff(values) != 0]
            new[starts] = True
            stage = np.add.reduceat(new.astype(np.float64), starts)
        elif how in ("min", "max"):
            stage = values[starts if how == "min" else ends]
        else:
            sums = np.add.reduceat(values, starts)
            stage = sums if how == "total" else sums / sizes
        return index[starts], stage

    def _distinct(self, at: Positions) -> int:
        if self.column is None:
            return 0
        if isinstance(self.column, NumberColumn):
            numbers = self.column.numbers[at]
            return len(np.unique(numbers[~np.isnan(numbers)]))
        codes = self.column.codes[at]
        return len({text_of(self.column.values[code]) for code in np.unique(codes[codes >= 0])})

    def _closing_days(self, buckets: Buckets) -> list[date]:
        """The last day of every bucket, cut at the range."""
        if self.total or buckets.unit == "hour":
            return [buckets.last]
        starts = [date.fromisoformat(label[:10]) for label in buckets.labels]
        return [min(next_bucket(start, buckets.unit) - timedelta(days=1), buckets.last) for start in starts]

    def _active(self, at: Positions, day: date) -> int:
        zone = self.store.time_zone
        end = midnight(day + timedelta(days=1), zone)
        start = midnight(day - timedelta(days=ACTIVE_DAYS[self.metric.math] - 1), zone)
        time = self.store.time[at]
        users = self.owner[at[(time >= start) & (time < end)]]
        return len(np.unique(users[users >= 0]))


def _aggregated(metric: Metric, values: Numbers, index: Positions, size: int) -> list[Any]:
    if metric.math in ("total", "general"):
        return [_plain(value) for value in np.bincount(index, weights=values, minlength=size).tolist()]
    aggregate = _aggregate(metric)
    order = np.argsort(index, kind="stable")
    parts = np.split(values[order], np.searchsorted(index[order], np.arange(1, size)))
    return [_plain(float(aggregate(part))) if len(part) else None for part in parts]


def _aggregate(metric: Metric) -> Callable[[Numbers], Any]:
    simple: dict[str, Callable[[Numbers], Any]] = {"average": np.mean, "min": np.min, "max": np.max}
    if metric.math in simple:
        return simple[metric.math]
    share = PERCENTILES.get(metric.math, metric.percentile)
    if share is None:
        raise ParamValidationError(f"{metric.math} is no aggregate of numbers, or a percentile is missing")
    return lambda values: np.percentile(values, share)


def _plain(value: float) -> float:
    """Whole numbers as integers, as the service sends them."""
    return int(value) if value.is_integer() and abs(value) < 2**53 else value
