"""Who came back, and how often: the older retention and frequency calls (semantics R-3, R-33, R-34)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.calendar import local_days, midnight
from pytest_mixpanel.engine.envelope import milliseconds
from pytest_mixpanel.engine.kernels.returns import BACK, BORN, count_returns
from pytest_mixpanel.engine.legacy.span import Mask, Span
from pytest_mixpanel.engine.visibility import ALL_EVENTS
from pytest_mixpanel.query.plan.times import UNIT_MS

ANY_EVENT = ALL_EVENTS[0]
INNER_UNITS = {"hour": {"day": 24, "week": 168, "month": 744}, "day": {"day": 1, "week": 7, "month": 31}}
"""How many hours and days a day, a week, a month has at most."""

ON, ON_OR_AFTER = 0, 1
"""In the kernel's numbering."""


@frozen
class Retention:
    """``born`` and ``back`` are names of events; ``first_time``: a user is born at most once in history.

    ``days``: the length of rows and columns where it is not the span's unit. ``columns`` begin at the birth.
    """

    born: str
    back: str
    born_where: str | None
    back_where: str | None
    first_time: bool
    columns: int
    days: int | None = None
    unbounded: bool = False


def retention(asked: Retention, span: Span) -> dict[str, Any]:
    """First day of a cohort → its size and who came back in each interval after their birth.

    Intervals that have not begun for a cohort's first member are left out.
    """
    store = span.store
    born = span.chosen(asked.born, asked.born_where)
    if asked.first_time:
        born &= _first_ever(span, asked.born)
    edges, labels = _rows(asked, span)
    width = UNIT_MS["day"] * asked.days if asked.days else UNIT_MS[span.unit]
    first = np.zeros((len(labels), 1), np.int64)
    counts = np.zeros((len(labels), 1, asked.columns), np.int64)
    same = (asked.born, asked.born_where) == (asked.back, asked.back_where)
    back = span.chosen(asked.back, asked.back_where)
    count_returns(
        np.asarray(store.offsets),
        np.asarray(store.time),
        BORN * born.astype(np.uint8) | BACK * back.astype(np.uint8),
        np.arange(1 + BORN + BACK, dtype=np.uint64),
        edges,
        np.empty(0, np.int32),
        np.empty(0, np.int64),
        width,
        np.arange(asked.columns, dtype=np.int32),
        milliseconds(span.now),
        False,
        ON_OR_AFTER if asked.unbounded else ON,
        same,
        np.full(first.shape, -1, np.int64),
        np.empty(len(store), np.int64),
        np.empty(len(store), np.int64),
        first,
        counts,
    )
    found = np.cumsum(counts[:, 0, ::-1], axis=-1)[:, ::-1] if asked.unbounded else counts[:, 0]
    begun = np.clip((milliseconds(span.now) - edges[:-1]) // width + 1, 0, asked.columns)
    return {
        label: {"first": int(first[number, 0]), "counts": found[number, : begun[number]].tolist()}
        for number, label in enumerate(labels)
    }


def _rows(asked: Retention, span: Span) -> tuple[NDArray[np.int64], list[str]]:
    """Where cohorts begin and, last, where the range ends."""
    if asked.days is None:
        return span.buckets.edges, span.labels
    length = (span.last - span.first).days + 1
    starts = [span.first + timedelta(days=passed) for passed in range(0, length, asked.days)]
    zone = span.store.time_zone
    ends = [*starts, span.last + timedelta(days=1)]
    return np.array([midnight(day, zone) for day in ends], np.int64), [day.isoformat() for day in starts]


def _first_ever(span: Span, event: str) -> Mask:
    """Events at the time of their user's first one of this name, in all of history (semantics E-64)."""
    at = np.flatnonzero(span.chosen(event, None) & (span.owner >= 0))
    mask = np.zeros(len(span.store), bool)
    if len(at):
        starts = np.flatnonzero(np.r_[True, np.diff(span.owner[at]) != 0])
        time = np.asarray(span.store.time)[at]
        earliest = np.repeat(time[starts], np.diff(np.r_[starts, len(at)]))
        mask[at] = time == earliest
    return mask


def frequency(
    span: Span, inner: Literal["hour", "day"], event: str | None, where: str | None
) -> dict[str, list[int]]:
    """Bucket → users active in at least 1, 2, 3 … hours (or days) of it."""
    at = span.positions(event or ANY_EVENT, where)
    at = at[span.owner[at] >= 0]
    outer, owner = span.index[at], span.owner[at]
    time = np.asarray(span.store.time)[at]
    if inner == "hour":
        part = (time - span.buckets.edges[outer]) // UNIT_MS["hour"]
    else:
        part = local_days(time, span.store.time_zone)
    active = np.unique(np.stack([outer, owner, part]), axis=1)[:2]
    pairs, times = np.unique(active, axis=1, return_counts=True)
    most = INNER_UNITS[inner][span.unit]
    exactly = np.zeros((len(span.labels), most), np.int64)
    np.add.at(exactly, (pairs[0], np.minimum(times, most) - 1), 1)
    at_least = np.cumsum(exactly[:, ::-1], axis=1)[:, ::-1]
    return dict(zip(span.labels, at_least.tolist(), strict=True))
