"""One metric over groups of its records: a tally by group and bucket (semantics §2.1, §2.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.breakdowns import numbers_of, text_of
from pytest_mixpanel.engine.calendar import Buckets, day_edges, midnight, next_bucket, stretches
from pytest_mixpanel.engine.kernels.activity import count_active, count_users
from pytest_mixpanel.engine.properties import event_column
from pytest_mixpanel.engine.sessions import NO_SESSION, sessions_of
from pytest_mixpanel.engine.store.columns import Column, NumberColumn
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.tallies import Counts, Numbers, Positions, Tally, Texts, Values
from pytest_mixpanel.query.plan import Metric

EPOCH = date(1970, 1, 1).toordinal()
ACTIVE_DAYS = {"dau": 1, "wau": 7, "mau": 30}
PERCENTILES = {"median": 50.0, "p25": 25.0, "p75": 75.0, "p90": 90.0, "p99": 99.0}


@dataclass(frozen=True, slots=True)
class Records:
    """Records by user and time: their places in the store, and the group of each among so many."""

    at: Positions
    group: Positions
    groups: int


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric with its property's column; ``total``: the whole range is one bucket."""

    metric: Metric
    store: Store
    column: Column | None
    numbers: Numbers | None
    total: bool

    @classmethod
    def of(cls, metric: Metric, store: Store, total: bool, now: datetime) -> Measure:
        """Ready to measure; raises ``ParamValidationError`` where the metric lacks its property."""
        if metric.property is None:
            if metric.math not in (
                "total",
                "general",
                "sessions",
                "unique",
                "cumulative_unique",
                *ACTIVE_DAYS,
            ):
                raise ParamValidationError(f"{metric.math} needs a property to measure")
            return cls(metric, store, None, None, total)
        column = event_column(store, metric.property, metric.resource, metric.custom, now)
        return cls(metric, store, column, numbers_of(column, len(store)), total)

    def size(self, buckets: Buckets) -> int:
        """How many values the metric has over a range."""
        return 1 if self.total else len(buckets)

    def tally(self, records: Records, buckets: Buckets) -> Tally:
        """The metric over these records, by group and bucket."""
        if self.metric.math in ACTIVE_DAYS:
            return self._active(records, self._closing_days(buckets))
        index = buckets.index(self.store.time[records.at])
        inside = index >= 0
        at, group = records.at[inside], records.group[inside]
        cell = group if self.total else group * len(buckets) + index[inside]
        return self._by_cell(Records(at, group, records.groups), cell, self.size(buckets))

    def _by_cell(self, records: Records, cell: Positions, size: int) -> Tally:
        math, at, cells = self.metric.math, records.at, records.groups * size
        if self.metric.per_user is not None:
            cell, stage = self._per_user(at, cell)
            return _aggregated(self.metric, stage, cell, cells)
        if math == "unique":
            return Counts(counted_once(self._owner(at), cell, cell, cells))
        if math == "cumulative_unique":
            new = counted_once(self._owner(at), records.group, cell, cells)
            return Counts(np.cumsum(new.reshape(-1, size), axis=1).ravel())
        if math == "sessions":
            session = sessions_of(self.store)[at]
            known = session != NO_SESSION
            return Counts(counted_once(session[known], cell[known], cell[known], cells))
        if math == "unique_values":
            return self._distinct(at, cell, cells)
        if self.numbers is None:
            return Counts(np.bincount(cell, minlength=cells))
        values = self.numbers[at]
        known = ~np.isnan(values)
        return _aggregated(self.metric, values[known], cell[known], cells)

    def _owner(self, at: Positions) -> Positions:
        return self.store.owners(at)

    def _per_user(self, at: Positions, index: Positions) -> tuple[Positions, Numbers]:
        """The first stage: every user's number in every bucket they have one in (I-9, I-11)."""
        how, users = self.metric.per_user, self._owner(at)
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

    def _distinct(self, at: Positions, cell: Positions, cells: int) -> Tally:
        """Different values of the property: as texts, but for numbers without a dictionary."""
        if isinstance(self.column, NumberColumn):
            numbers = self.column.numbers[at]
            known = ~np.isnan(numbers)
            return Values(cell[known], numbers[known], lambda values: len(np.unique(values)), nothing=0)
        texts: list[set[str]] = [set() for _ in range(cells)]
        if self.column is not None:
            width = len(self.column.values)
            codes = np.asarray(self.column.codes[at], np.int64)
            pairs = np.unique(cell[codes >= 0] * width + codes[codes >= 0])
            for place, code in zip((pairs // width).tolist(), (pairs % width).tolist(), strict=True):
                texts[place].add(text_of(self.column.values[code]))
        return Texts([frozenset(found) for found in texts])

    def _closing_days(self, buckets: Buckets) -> list[date]:
        """The last day of every bucket, cut at the range."""
        if self.total or buckets.unit == "hour":
            return [buckets.last]
        starts = [date.fromisoformat(label[:10]) for label in buckets.labels]
        return [min(next_bucket(start, buckets.unit) - timedelta(days=1), buckets.last) for start in starts]

    def _active(self, records: Records, days: Sequence[date]) -> Tally:
        """Users with a record in the days up to each of these."""
        length, zone = ACTIVE_DAYS[self.metric.math], self.store.time_zone
        first = days[0].toordinal() - EPOCH - length + 1
        edges, numbers = day_edges(midnight(days[0], zone), midnight(days[-1], zone), zone, margin=1)
        wanted = np.array([day.toordinal() - EPOCH - first for day in days])
        low, high = np.searchsorted(numbers, [first, first + wanted[-1] + 1])
        day = stretches(edges[low : high + 1], self.store.time[records.at])
        changes = np.zeros((records.groups, int(wanted[-1]) + 1), np.int64)
        count_active(
            self._owner(records.at),
            day,
            np.ascontiguousarray(records.group),
            length,
            np.full(2 * records.groups, -1, np.int64),
            changes,
        )
        return Counts(np.cumsum(changes, axis=1)[:, wanted].ravel())


def counted_once(who: Positions, key: Positions, cell: Positions, cells: int) -> Positions:
    """Everyone once for each key, in the cell of the first record with it; ``who`` comes in runs."""
    counts = np.zeros(cells, np.int64)
    mark = np.full(int(key.max(initial=-1)) + 1, -1, np.int64)
    count_users(who, key, cell, mark, counts)
    return counts


def _aggregated(metric: Metric, values: Numbers, cell: Positions, cells: int) -> Tally:
    if metric.math in ("total", "general"):
        return Counts(np.bincount(cell, weights=values, minlength=cells))
    return Values(cell, values, _aggregate(metric))


def _aggregate(metric: Metric) -> Callable[[Numbers], Any]:
    simple: dict[str, Callable[[Numbers], Any]] = {"average": np.mean, "min": np.min, "max": np.max}
    if metric.math in simple:
        return simple[metric.math]
    share = PERCENTILES.get(metric.math, metric.percentile)
    if share is None:
        raise ParamValidationError(f"{metric.math} is no aggregate of numbers, or a percentile is missing")
    return lambda values: np.percentile(values, share)
