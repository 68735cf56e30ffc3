"""Records in groups of segments, level by level, and what is told of the groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.insights.measures import Records
from pytest_mixpanel.engine.insights.tallies import Counts, Tally
from pytest_mixpanel.engine.segments.breakdowns import NO_SEGMENT, Segments

Name = tuple[str, ...]
"""A group's segments, one of each level."""

HANDFUL, FEW = 256, 1_000_000
"""So few possible combinations keep their numbers, whether they occur or not; so many are looked up in a
table; more are sorted."""


@frozen
class Groups:
    """Records, a list's once in the group of every item; ``names``: of each group.

    ``parted``: whether each record of the groups that were split is in one of these, and no other.
    """

    records: Records
    names: list[Name]
    parted: bool = False

    @classmethod
    def whole(cls, at: NDArray[np.int64]) -> Groups:
        return cls(Records(at), [()])

    def split(self, segments: Segments) -> Groups:
        """Every group by the segments of its records, of which there is one for each."""
        records, codes = self.records, segments.codes
        if segments.items:
            rows, codes = _item_by_item(codes, segments)
            records = records.only(rows)
        kept = codes != NO_SEGMENT
        whole = bool(kept.all())
        if not whole:
            records, codes = records.only(kept), codes[kept]
        return replace(self.named(records, codes, segments.names), parted=whole and not segments.items)

    def named(
        self, records: Records, codes: NDArray[np.integer[Any]], segment_names: Sequence[str]
    ) -> Groups:
        """Records of these groups, each in the segment of its code."""
        width = len(segment_names)
        keys, number = _numbered(records.cells(width, codes), len(self.names) * width)
        names = [(*self.names[key // width], segment_names[key % width]) for key in keys.tolist()]
        return Groups(replace(records, group=number, groups=len(names)), names)


def _item_by_item(
    codes: NDArray[np.int32], segments: Segments
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """A row for every segment of a record: a list is in the segment of each item (semantics E-48)."""
    items = [segments.items.get(code, (code,)) for code in range(len(segments.names))]
    items.append((NO_SEGMENT,))
    sizes = np.array([len(each) for each in items])
    starts = np.cumsum(sizes) - sizes
    flat = np.array([item for each in items for item in each], np.int32)
    rows = np.repeat(np.arange(len(codes)), sizes[codes])
    repeated = codes[rows]
    first = np.cumsum(sizes[codes]) - sizes[codes]
    return rows, flat[starts[repeated] + np.arange(len(rows)) - first[rows]]


def _numbered(keys: NDArray[np.integer[Any]], bound: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct keys in order, and the number of each key among them."""
    if bound <= HANDFUL:
        return np.arange(bound), keys.astype(np.int64)
    if bound > FEW:
        distinct, number = np.unique(keys, return_inverse=True)
        return distinct, number.astype(np.int64)
    occurs = np.zeros(bound, bool)
    occurs[keys] = True
    return np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[keys]


@frozen
class Level:
    """Groups with the metric's tallies over one range or several, and the buckets of each.

    ``inside``: whether a group has records in the range that is shown.
    """

    names: list[Name]
    inside: NDArray[np.bool_]
    tallies: list[tuple[Tally, int]]

    def added_up(self) -> Level:
        """All groups as one; of counts alone."""
        sums = [
            (Counts(tally.counts.reshape(-1, size).sum(axis=0)), size)
            for tally, size in self.tallies
            if isinstance(tally, Counts)
        ]
        return Level([()], np.ones(1, bool), [*sums])


def together(parts: Sequence[Level]) -> dict[Name, list[Any]]:
    """The values of every group that is shown, over all parts."""
    place: dict[Name, int] = {}
    places = [
        np.array([place.setdefault(name, len(place)) for name in part.names], np.int64) for part in parts
    ]
    shown = np.zeros(len(place), bool)
    for part, where in zip(parts, places, strict=True):
        shown[where[part.inside]] = True
    columns: list[list[Any]] = [[] for _ in place]
    for number, (_, buckets) in enumerate(parts[0].tallies):
        moved = [
            part.tallies[number][0].moved(where, len(place), buckets)
            for part, where in zip(parts, places, strict=True)
        ]
        cells = moved[0].added(moved[1:]).cells(len(place) * buckets)
        for group, column in enumerate(columns):
            column += cells[group * buckets : (group + 1) * buckets]
    return {name: columns[at] for name, at in place.items() if shown[at]}
