"""Paths in the shapes Mixpanel answers: a graph by column, top paths, trees (semantics W-13 to W-21)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_PATHS = 50
DROPOFF, OTHER = "DROPOFF", "Other events"
NOTHING, DROPPED = -1, -2


@dataclass(frozen=True, slots=True)
class Paths:
    """Distinct rows of ``cells`` with their ``counts``: an event's code in each column, or one of the marks.

    ``kinds``: what a column shows, ``ANCHOR``, ``FORWARD`` or ``REVERSE``.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    cells: NDArray[np.int64]
    counts: NDArray[np.int64]


Node = tuple[str, str]
"""An event's name and the type of its node."""


def graph(paths: Paths, cardinality: int) -> list[dict[str, Any]]:
    """Columns of nodes with the edges that leave them; a column keeps its most frequent events."""
    columns = [_column(paths, number, cardinality) for number in range(len(paths.kinds))]
    nodes: list[Counter[Node]] = [Counter() for _ in columns]
    edges: list[Counter[tuple[Node, int, Node]]] = [Counter() for _ in columns]
    before = np.full(len(paths.cells), NOTHING)
    for number in range(len(columns)):
        cell = paths.cells[:, number]
        here = cell != NOTHING
        for code, count in _summed(cell[here], paths.counts[here]):
            nodes[number][columns[number][code]] += count
        for earlier in range(number):
            both = here & (before == earlier)
            origin = paths.cells[both, earlier]
            width = len(paths.names) + 3
            for pair, count in _summed((origin + 2) * width + cell[both] + 2, paths.counts[both]):
                source, target = columns[earlier][pair // width - 2], columns[number][pair % width - 2]
                edges[earlier][source, number, target] += count
        before[here] = number
    return [{"nodes": _nodes(found, edges[number])} for number, found in enumerate(nodes)]


def _summed(keys: NDArray[np.int64], counts: NDArray[np.int64]) -> Iterable[tuple[int, int]]:
    """The distinct keys with the sums of their counts."""
    distinct, place = np.unique(keys, return_inverse=True)
    sums = np.bincount(place, counts, len(distinct)).astype(np.int64)
    return zip(distinct.tolist(), sums.tolist(), strict=True)


def _column(paths: Paths, number: int, cardinality: int) -> dict[int, Node]:
    """The node of every code in a column; anchors are never merged, drop-offs never ranked (W-13)."""
    column, kind = paths.cells[:, number], paths.kinds[number]
    sizes = {int(code): int(paths.counts[column == code].sum()) for code in np.unique(column) if code >= 0}
    ranked = sorted(sizes, key=lambda code: (-sizes[code], paths.names[code]))
    kept = len(ranked) if kind == "ANCHOR" else cardinality
    nodes = {code: (paths.names[code], kind) for code in ranked[:kept]}
    return nodes | dict.fromkeys(ranked[kept:], (OTHER, "PRUNED")) | {DROPPED: (DROPOFF, DROPOFF)}


def _nodes(found: Counter[Node], edges: Counter[tuple[Node, int, Node]]) -> list[dict[str, Any]]:
    leaving: dict[Node, list[dict[str, Any]]] = {node: [] for node in found}
    for (source, step, target), moved in _ranked(edges.items(), lambda edge: edge[2]):
        leaving[source].append({**_described(target, moved), "step": step})
    return [
        {
            **_described(node, count),
            "isCustomEvent": False,
            "conversionRateChange": 0,
            "breakdowns": [],
            "edges": leaving[node],
        }
        for node, count in _ranked(found.items(), lambda node: node)
    ]


def _ranked(items: Iterable[tuple[Any, int]], node_of: Any) -> list[tuple[Any, int]]:
    """By count, then by name; what was merged or lost comes last."""
    return sorted(
        items,
        key=lambda item: (
            ("PRUNED", DROPOFF).index(kind) + 1
            if (kind := node_of(item[0])[1]) in ("PRUNED", DROPOFF)
            else 0,
            -item[1],
            node_of(item[0])[0],
        ),
    )


def _described(node: Node, count: int) -> dict[str, Any]:
    return {
        "event": node[0],
        "type": node[1],
        "anchorType": "NORMAL",
        "totalCount": str(count),
        "isComputed": False,
        "segments": [],
    }


def top_paths(paths: Paths) -> list[dict[str, Any]]:
    """The most common whole sequences, by count and then by their events; nothing is merged (W-20)."""
    counts: Counter[tuple[Node, ...]] = Counter()
    for cells, count in zip(paths.cells.tolist(), paths.counts.tolist(), strict=True):
        shown = tuple(
            (paths.names[cell], kind) for cell, kind in zip(cells, paths.kinds, strict=True) if cell >= 0
        )
        counts[shown] += count
    ranked = sorted(counts.items(), key=lambda item: (-item[1], [event for event, _ in item[0]]))
    return [
        {"flowSteps": [_described(node, count) for node in shown], "segments": []}
        for shown, count in ranked[:MOST_PATHS]
    ]


@dataclass(frozen=True, slots=True)
class _Walk:
    """What is left of a sequence, whether the user was lost at its end, and how many took it."""

    events: tuple[Node, ...]
    lost: bool
    count: int


def trees(paths: Paths, anchor: int, cardinality: int) -> list[dict[str, Any]]:
    """Prefix trees of what followed the first anchor, one for each event that was the anchor (W-21)."""
    walks = []
    for cells, count in zip(paths.cells[:, anchor:].tolist(), paths.counts.tolist(), strict=True):
        kinds = paths.kinds[anchor:]
        events = tuple(
            (paths.names[cell], kind) for cell, kind in zip(cells, kinds, strict=True) if cell >= 0
        )
        walks.append(_Walk(events, DROPPED in cells, count))
    roots = _children(walks, len(walks), 0)
    depth = len(paths.kinds) - anchor
    return [
        {"root": _tree(node, rest, 0, cardinality), "num_steps": depth, "segments": []}
        for node, rest in roots
    ]


def _children(walks: list[_Walk], cardinality: int, depth: int) -> list[tuple[Node, list[_Walk]]]:
    """Walks by their event at a depth: the most frequent ones, then all others as one."""
    groups: dict[Node, list[_Walk]] = {}
    for walk in walks:
        if len(walk.events) > depth:
            groups.setdefault(walk.events[depth], []).append(walk)
    ranked = sorted(groups.items(), key=lambda item: (-sum(walk.count for walk in item[1]), item[0][0]))
    merged = [walk for _, rest in ranked[cardinality:] for walk in rest]
    return ranked[:cardinality] + ([((OTHER, "PRUNED"), merged)] if merged else [])


def _tree(node: Node, walks: list[_Walk], depth: int, cardinality: int) -> dict[str, Any]:
    total = sum(walk.count for walk in walks)
    lost = sum(walk.count for walk in walks if walk.lost and len(walk.events) == depth + 1)
    return {
        "step": {
            "event": node[0],
            "type": node[1],
            "stepNumber": depth,
            "anchorType": "NORMAL",
            "isComputed": False,
        },
        "totalCount": str(total),
        "dropOffTotalCount": str(lost),
        "convertedTotalCount": str(total - lost),
        "timePercentilesFromStart": {},
        "timePercentilesFromPrev": {},
        "children": [
            _tree(child, rest, depth + 1, cardinality)
            for child, rest in _children(walks, cardinality, depth + 1)
        ],
    }
