"""One metric over groups of its records: a tally by group and bucket (semantics §2.1, §2.2)."""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.calendar import Buckets, day_edges, midnight, next_bucket
from pytest_mixpanel.engine.insights.aggregates import Numbers, aggregate_of, one_by_one
from pytest_mixpanel.engine.insights.tallies import Counts, Positions, Tallied, Tally, Texts, Values
from pytest_mixpanel.engine.kernels import cells as kernel
from pytest_mixpanel.engine.properties import as_coded, event_column, numbers_of, set_codes
from pytest_mixpanel.engine.segments.labels import text_of
from pytest_mixpanel.engine.sessions.finding import NO_SESSION, sessions_of
from pytest_mixpanel.engine.store.columns import CodedColumn, Column, NumberColumn, picked
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.insights import Metric

NOTHING = np.empty(0, np.int64)
EPOCH = date(1970, 1, 1).toordinal()
DISTRIBUTIONS = frozenset({"histogram", "first_value", "numeric_summary"})
"""Answered by several numbers under names of their own."""
WITHOUT_PROPERTY = frozenset(
    {"total", "general", "multi_attribution", "sessions", "unique", "cumulative_unique", "dau", "wau", "mau"}
)
ACTIVE_DAYS = {"dau": 1, "wau": 7, "mau": 30}


@frozen
class Records:
    """Records by user and time: their places in the store, and the group of each among so many.

    ``group``: nothing where there is one group alone. ``weight``: the share of each record that counts; all
    of it where none are given.
    """

    at: Positions
    group: Positions = field(default_factory=lambda: NOTHING)
    groups: int = 1
    weight: Numbers | None = None

    def only(self, rows: NDArray[Any]) -> Records:
        """Some of the records, by mask or place."""
        group = self.group[rows] if len(self.group) else self.group
        return Records(self.at[rows], group, self.groups, None if self.weight is None else self.weight[rows])

    def cells(self, width: int, code: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """Where each record is in a table of groups and so many codes."""
        return self.group * width + code if len(self.group) else code


@frozen
class Measure:
    """A metric with its property's column; ``total``: the whole range is one bucket."""

    metric: Metric
    store: Store
    column: Column | None
    total: bool

    @classmethod
    def of(cls, metric: Metric, store: Store, total: bool, now: datetime) -> Measure:
        """Ready to measure; raises ``ParamValidationError`` where the metric lacks its property."""
        if metric.property is None:
            if metric.math not in WITHOUT_PROPERTY and metric.per_user is None:
                raise ParamValidationError(f"{metric.math} needs a property to measure")
            return cls(metric, store, None, total)
        column = event_column(store, metric.property, metric.resource, metric.custom, now)
        return cls(metric, store, column, total)

    def size(self, buckets: Buckets) -> int:
        """How many values the metric has over a range."""
        return 1 if self.total else len(buckets)

    def tally(self, records: Records, buckets: Buckets) -> Tally:
        """The metric over these records, by group and bucket."""
        math, metric = self.metric.math, self.metric
        if math in ACTIVE_DAYS:
            return self._active(records, buckets)
        edges = self._edges(buckets)
        if metric.per_user is None and math == "unique":
            return Counts(self._users(records, edges))
        if self.counts_records and records.weight is None:
            return Counts(self._records(records, edges).ravel())
        bucket = np.empty(len(records.at), np.int64)
        inside = kernel.find_buckets(self.store.time, records.at, edges, bucket)
        if inside < len(bucket):
            rows = np.flatnonzero(bucket >= 0)
            records, bucket = records.only(rows), bucket[rows]
        size = len(edges) - 1
        return self._by_cell(records, records.cells(size, bucket), size)

    @property
    def counts_records(self) -> bool:
        """Whether a record counts as one, whatever it is and whosever, but for its weight."""
        return self.metric.per_user is None and self._plain()

    def occurring(self, records: Records, buckets: Buckets, tally: Tally) -> NDArray[np.bool_]:
        """Which groups have records in the range, of which ``tally`` is what the metric comes to."""
        if isinstance(tally, Counts) and records.weight is None:
            owned = not len(records.at) or records.at[-1] < self.store.offsets[-1]
            if self.counts_records or (
                self.metric.per_user is None and self.metric.math == "unique" and owned
            ):
                return np.asarray(tally.counts.reshape(records.groups, -1).any(axis=1))
        return np.asarray(self._records(records, self._edges(buckets)).any(axis=1))

    def _edges(self, buckets: Buckets) -> Positions:
        return buckets.edges[[0, -1]] if self.total else buckets.edges

    def _plain(self) -> bool:
        """Whether records are counted, whatever they are."""
        math = self.metric.math
        return math == "multi_attribution" or (math in ("total", "general") and self.metric.property is None)

    def _records(self, records: Records, edges: Positions) -> Positions:
        counts = np.zeros((records.groups, len(edges) - 1), np.int64)
        kernel.count_records(self.store.time, records.at, records.group, edges, counts)
        return counts

    def _users(self, records: Records, edges: Positions) -> Positions:
        counts = np.zeros((records.groups, len(edges) - 1), np.int64)
        mark = np.full_like(counts, -1)
        store = self.store
        kernel.count_users(store.offsets, store.time, records.at, records.group, edges, mark, counts)
        return counts.ravel()

    def _by_cell(self, records: Records, cell: Positions, size: int) -> Tally:
        math, at, cells = self.metric.math, records.at, records.groups * size
        if self.metric.per_user is not None:
            cell, stage = self._per_user(at, cell)
            return _aggregated(self.metric, stage, cell, cells)
        if math == "cumulative_unique":
            new = counted_once(self._owner(at), records.cells(1, np.zeros(len(at), np.int64)), cell, cells)
            return Counts(np.cumsum(new.reshape(-1, size), axis=1).ravel())
        if math == "sessions":
            session = sessions_of(self.store)[at]
            known = session != NO_SESSION
            return Counts(counted_once(session[known], cell[known], cell[known], cells))
        if math == "unique_values":
            return self._distinct(at, cell, cells)
        if math in ("most_frequent", "first_value"):
            return self._tallied(at, cell, cells)
        if self._plain():
            return Counts(np.bincount(cell, records.weight, minlength=cells))
        rows, values = self._numbers_at(at)
        return _aggregated(self.metric, values, cell[rows], cells)

    def _numbers_at(self, at: Positions) -> tuple[Positions, Numbers]:
        """The numbers of these records, and whose they are; every item of a list is one (semantics I-4)."""
        values = numbers_of(picked(self.column, at), len(at))
        rows = np.flatnonzero(~np.isnan(values))
        if not isinstance(self.column, CodedColumn):
            return rows, values[rows]
        column = self.column
        lists = self.store.once("lists of numbers", column.values, lambda: _numbers_of_lists(column))
        if not lists:
            return rows, values[rows]
        codes = column.codes[at]
        extra = [
            (row, number)
            for row in np.flatnonzero(np.isin(codes, list(lists)))
            for number in lists[int(codes[row])]
        ]
        more = np.array([number for _, number in extra], np.float64)
        return np.r_[rows, np.array([row for row, _ in extra], np.int64)], np.r_[values[rows], more]

    def _tallied(self, at: Positions, cell: Positions, cells: int) -> Tally:
        """The set values of a property by how often they occur, or by how many users had them first."""
        counts: list[Counter[str]] = [Counter() for _ in range(cells)]
        how = _most_frequent if self.metric.math == "most_frequent" else dict
        if self.column is None:
            return Tallied(counts, how)
        column = as_coded(self.column)
        known = np.array([*(value is not None for value in column.values), False])[column.codes[at]]
        at, cell = at[known], cell[known]
        if self.metric.math == "first_value":
            users = self._owner(at)
            at, cell, users = at[users >= 0], cell[users >= 0], users[users >= 0]
            first = np.sort(np.unique(np.stack([users, cell]), axis=1, return_index=True)[1])
            at, cell = at[first], cell[first]
        pairs, times = np.unique(np.stack([cell, column.codes[at]]), axis=1, return_counts=True)
        for place, code, count in zip(*pairs.tolist(), times.tolist(), strict=True):
            for label in texts_of(column.values[code]):
                counts[place][label] += count
        return Tallied(counts, how)

    def _owner(self, at: Positions) -> Positions:
        return self.store.owners(at)

    def _per_user(self, at: Positions, index: Positions) -> tuple[Positions, Numbers]:
        """The first stage: every user's number in every bucket they have one in (I-9, I-11)."""
        how, users = self.metric.per_user, self._owner(at)
        if how == "unique_values" and not isinstance(self.column, NumberColumn):
            values = np.full(len(at), np.nan) if self.column is None else set_codes(self.column, at)
        else:
            counted = self.metric.property is None
            values = np.ones(len(at)) if counted else numbers_of(picked(self.column, at), len(at))
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
        """Different values of the property, of which the text ``"1"`` and the number 1 are two."""
        if isinstance(self.column, NumberColumn):
            numbers = self.column.numbers[at]
            known = ~np.isnan(numbers)
            distinct = one_by_one(lambda values: len(np.unique(values)))
            return Values.of(cell[known], cells, numbers[known], distinct, nothing=0)
        texts: list[set[str]] = [set() for _ in range(cells)]
        if self.column is not None:
            width = len(self.column.values)
            codes = np.asarray(self.column.codes[at], np.int64)
            pairs = np.unique(cell[codes >= 0] * width + codes[codes >= 0])
            for place, code in zip((pairs // width).tolist(), (pairs % width).tolist(), strict=True):
                texts[place].update(_values_of(self.column.values[code]))
        return Texts([frozenset(found) for found in texts])

    def _closing_days(self, buckets: Buckets) -> list[date]:
        """The last day of every bucket, cut at the range."""
        if self.total:
            return [buckets.last]
        starts = [date.fromisoformat(label[:10]) for label in buckets.labels]
        if buckets.unit == "hour":
            return starts  # whole days, even where the buckets are hours (semantics I-7)
        return [min(next_bucket(start, buckets.unit) - timedelta(days=1), buckets.last) for start in starts]

    def _active(self, records: Records, buckets: Buckets) -> Tally:
        """Users with a record in the days up to the last one of every bucket."""
        length, store = ACTIVE_DAYS[self.metric.math], self.store
        edges, wanted = store.once(("days", length, self.total), buckets, lambda: self._days(buckets))
        changes = np.zeros((records.groups, len(edges) - 1), np.int64)
        last = np.full((records.groups, 2), -1, np.int64)
        kernel.count_active(
            store.offsets, store.time, records.at, records.group, edges, length, last, changes
        )
        return Counts(np.cumsum(changes, axis=1)[:, wanted].ravel())

    def _days(self, buckets: Buckets) -> tuple[Positions, Positions]:
        """Where the days begin on which a user may be active, and which of them are told."""
        length, zone = ACTIVE_DAYS[self.metric.math], self.store.time_zone
        days = self._closing_days(buckets)
        first = days[0].toordinal() - EPOCH - length + 1
        edges, numbers = day_edges(midnight(days[0], zone), midnight(days[-1], zone), zone, margin=1)
        wanted = np.array([day.toordinal() - EPOCH - first for day in days])
        low, high = np.searchsorted(numbers, [first, first + wanted[-1] + 1])
        return edges[low : high + 1], wanted


def texts_of(value: Any) -> set[str]:
    """A set value as a text, the items of a list one by one; nothing of what is undefined."""
    if isinstance(value, list):
        return set().union(*map(texts_of, value))
    return set() if value is None else {text_of(value)}


def _values_of(value: Any) -> set[str]:
    """A set value, the items of a list one by one, so written that values of two types differ."""
    if isinstance(value, list):
        return set().union(*map(_values_of, value))
    return set() if value is None else {f'"{value}' if isinstance(value, str) else text_of(value)}


def _most_frequent(counts: Counter[str]) -> str | None:
    """Ties by label (semantics I-1)."""
    return min(counts, key=lambda label: (-counts[label], label), default=None)


def _numbers_of_lists(column: CodedColumn) -> dict[int, list[float]]:
    """The numbers in the lists of a column, by code."""
    lists = {code: value for code, value in enumerate(column.values) if isinstance(value, list)}
    return {
        code: [float(item) for item in value if isinstance(item, int | float) and not isinstance(item, bool)]
        for code, value in lists.items()
    }


def counted_once(who: Positions, key: Positions, cell: Positions, cells: int) -> Positions:
    """Everyone once for each key, in the cell of the first record with it; ``who`` comes in runs."""
    counts = np.zeros(cells, np.int64)
    mark = np.full(int(key.max(initial=-1)) + 1, -1, np.int64)
    kernel.count_once(who, key, cell, mark, counts)
    return counts


def _aggregated(metric: Metric, values: Numbers, cell: Positions, cells: int) -> Tally:
    if metric.math in ("total", "general"):
        return Counts(np.bincount(cell, weights=values, minlength=cells))
    return Values.of(cell, cells, values, aggregate_of(metric))
