"""Rows of segments that do not count: of files that are gone, and what a later segment delivers again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.store.assemble import DAY_MS, repeats
from pytest_mixpanel.engine.store.columns import UNDEFINED, NumberColumn
from pytest_mixpanel.engine.store.segments import Segment
from pytest_mixpanel.engine.store.store import INSERT_ID
from pytest_mixpanel.engine.store.texts import text_of

Places = NDArray[np.int64]


@frozen
class Placed:
    """A segment, which of its files are still there, and the place of its users in the store."""

    segment: Segment
    alive: NDArray[np.bool_]
    place: Places

    def gone(self) -> Places:
        """Rows of files that are gone."""
        if self.alive.all():
            return np.empty(0, np.int64)
        segment = self.segment
        return np.flatnonzero(~self.alive[segment.file_of(segment.order[: segment.visible])])


@frozen
class Hidden:
    """Rows of a segment, ascending, that do not count: in all, and those that are delivered again."""

    rows: Places
    repeated: int


def hidden_rows(placed: Sequence[Placed], users: int, by_day: bool) -> list[Hidden]:
    """For every segment, in the order of delivery, the rows that do not count."""
    gone = [each.gone() for each in placed]
    again = _delivered_again(placed, gone, users, by_day)
    return [
        Hidden(np.sort(np.concatenate([one, other])), len(other))
        for one, other in zip(gone, again, strict=True)
    ]


def _delivered_again(
    placed: Sequence[Placed], gone: Sequence[Places], users: int, by_day: bool
) -> list[Places]:
    """Repeated deliveries across segments, and of users that were joined (semantics E-23 to E-26)."""
    rows = [
        np.setdiff1d(_candidates(placed, at, by_day), gone[at], assume_unique=True)
        for at in range(len(placed))
    ]
    source = np.repeat(np.arange(len(placed)), [len(each) for each in rows])
    none = [np.empty(0, np.int64) for _ in placed]
    if not len(source):
        return none
    row = np.concatenate(rows)
    owner, moment = np.empty(len(row), np.int64), np.empty(len(row), np.int64)
    event, delivered = np.empty(len(row), np.int64), np.empty(len(row), np.int64)
    names: dict[str, int] = {}
    for at, each in enumerate(placed):
        segment, here = each.segment, source == at
        owner[here] = np.append(each.place, users)[
            np.searchsorted(segment.offsets, rows[at], side="right") - 1
        ]
        moment[here] = segment.time[rows[at]]
        codes, told = segment.raw_event
        event[here] = np.array([names.setdefault(name, len(names)) for name in told], np.int64)[
            codes[rows[at]]
        ]
        delivered[here] = segment.order[rows[at]].astype(np.int64) + (at << 40)
    if by_day:
        moment //= DAY_MS
    alike = _alike(owner, moment, event)
    ids = np.full(len(row), UNDEFINED, np.int64)
    coded: dict[bytes, int] = {}
    for at, each in enumerate(placed):
        here = alike[source[alike] == at]
        ids[here] = _ids(each.segment, row[here], coded)
    order = alike[np.lexsort((delivered[alike], moment[alike], owner[alike]))]
    dropped = repeats(order, owner, moment, event, ids, delivered)[0] if len(alike) else alike
    return [np.sort(row[dropped[source[dropped] == at]]) for at in range(len(placed))]


def _candidates(placed: Sequence[Placed], at: int, by_day: bool) -> Places:
    """Rows in a time that another segment reaches into, too, and those of users that were joined."""
    segment, place = placed[at].segment, placed[at].place
    width = DAY_MS if by_day else 1
    mask = np.zeros(segment.visible, bool)
    first, last = segment.span
    for number, other in enumerate(placed):
        low, high = (edge // width * width for edge in other.segment.span)
        if number != at and low <= last and first < high + width:
            time = segment.time[: segment.visible]
            mask |= (time >= low) & (time < high + width)
    times = np.bincount(place[place >= 0])
    several = np.flatnonzero(np.append(times, 0)[place] > 1) if (times > 1).any() else ()
    for user in several:
        mask[segment.offsets[user] : segment.offsets[user + 1]] = True
    return np.flatnonzero(mask)


def _alike(owner: Places, moment: Places, event: Places) -> Places:
    """Rows that share user, moment and name with another."""
    ranked = np.lexsort((event, moment, owner))
    same = np.ones(max(len(ranked) - 1, 0), bool)
    for values in (owner, moment, event):
        same &= values[ranked][1:] == values[ranked][:-1]
    return np.sort(ranked[np.append(same, False) | np.insert(same, 0, False)])


def _ids(segment: Segment, rows: Places, coded: dict[bytes, int]) -> Places:
    """Codes of insert ids, the same ones for all segments."""
    column: Any = segment.columns.get(INSERT_ID) if len(rows) else None
    if column is None:
        return np.full(len(rows), UNDEFINED, np.int64)
    if isinstance(column, NumberColumn):
        distinct, inverse = np.unique(column.numbers[rows], return_inverse=True)
        told = [None if value != value else text_of(value) for value in distinct.tolist()]
    else:
        distinct, inverse = np.unique(column.codes[rows], return_inverse=True)
        told = [None if code < 0 else text_of(column.values[code]) for code in distinct.tolist()]
    codes = [UNDEFINED if text is None else coded.setdefault(text, len(coded)) for text in told]
    return np.array(codes, np.int64)[inverse]
