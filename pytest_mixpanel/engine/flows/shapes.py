"""Paths in the shapes Mixpanel answers: a graph by column, top paths (semantics W-13 to W-22)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pytest_mixpanel.engine.flows.moves import Moves
from pytest_mixpanel.engine.flows.paths import DROPPED, Paths

MOST_PATHS = 50
DROPOFF, OTHER = "DROPOFF", "Other events"
_LAST = {"PRUNED": 1, DROPOFF: 2}

Node = tuple[str, str]
"""An event's name and the type of its node."""


Edge = tuple[int, Node, int, Node]
"""From a node of one column to a node of another."""


def split(counts: Mapping[str, int]) -> list[dict[str, str]]:
    """A count by segments; those without are left out."""
    return [{"value": name, "totalCount": str(count)} for name, count in counts.items() if count]


def graph(
    moves: Moves, cardinality: int, custom: frozenset[str], segments: Mapping[str, Moves]
) -> list[dict[str, Any]]:
    """Columns of nodes with the edges that leave them; a column keeps its most frequent events.

    Segments have the columns of the whole, with counts of their own (semantics W-22). ``custom``: which names
    are those of custom events.
    """
    columns = [_column(moves, number, cardinality) for number in range(len(moves.kinds))]
    nodes, edges = _named(moves, columns)
    parts = {name: _named(part, columns) for name, part in segments.items()}
    leaving: dict[tuple[int, Node], list[dict[str, Any]]] = {}
    for edge, moved in _ranked(edges.items(), lambda edge: edge[3]):
        number, source, step, target = edge
        shares = split({name: part[edge] for name, (_, part) in parts.items()})
        leaving.setdefault((number, source), []).append({**_described(target, moved, shares), "step": step})
    return [
        {
            "nodes": [
                {
                    **_described(
                        node, count, split({name: part[place] for name, (part, _) in parts.items()})
                    ),
                    "isCustomEvent": node[0] in custom,
                    "conversionRateChange": 0,
                    "breakdowns": [],
                    "edges": leaving.get(place, []),
                }
                for place, count in _ranked(
                    ((place, count) for place, count in nodes.items() if place[0] == number),
                    lambda place: place[1],
                )
                for node in (place[1],)
            ]
        }
        for number in range(len(columns))
    ]


def _named(
    moves: Moves, columns: Sequence[Mapping[int, Node]]
) -> tuple[Counter[tuple[int, Node]], Counter[Edge]]:
    """How many entries are in each node of each column, and how many move from where to where."""
    nodes: Counter[tuple[int, Node]] = Counter()
    edges: Counter[Edge] = Counter()
    for number, column in enumerate(columns):
        for code, count in moves.in_column(number):
            nodes[number, column[code]] += count
        for earlier, origin, code, count in moves.into_column(number):
            edges[earlier, columns[earlier][origin], number, column[code]] += count
    return nodes, edges


def _column(moves: Moves, number: int, cardinality: int) -> dict[int, Node]:
    """The node of every code in a column; anchors are never merged, drop-offs never ranked (W-13)."""
    kind = moves.kinds[number]
    sizes = {code: size for code, size in moves.in_column(number) if code != DROPPED}
    ranked = sorted(sizes, key=lambda code: (-sizes[code], moves.names[code]))
    kept = len(ranked) if kind == "ANCHOR" else cardinality
    nodes = {code: (moves.names[code], kind) for code in ranked[:kept]}
    return nodes | dict.fromkeys(ranked[kept:], (OTHER, "PRUNED")) | {DROPPED: (DROPOFF, DROPOFF)}


def _ranked(items: Iterable[tuple[Any, int]], node_of: Any) -> list[tuple[Any, int]]:
    """By count, then by name; what was merged or lost comes last."""

    def key(item: tuple[Any, int]) -> tuple[int, int, str]:
        name, kind = node_of(item[0])
        return _LAST.get(kind, 0), -item[1], name

    return sorted(items, key=key)


def _described(node: Node, count: int, shares: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "event": node[0],
        "type": node[1],
        "anchorType": "NORMAL",
        "totalCount": str(count),
        "isComputed": False,
        "segments": shares,
    }


def top_paths(paths: Paths, segments: Mapping[str, Paths]) -> list[dict[str, Any]]:
    """The most common whole sequences, by count and then by their events; nothing is merged (W-20)."""
    counts = _sequences(paths)
    parts = {name: _sequences(part) for name, part in segments.items()}
    ranked = sorted(counts.items(), key=lambda item: (-item[1], [event for event, _ in item[0]]))
    found = []
    for shown, count in ranked[:MOST_PATHS]:
        shares = split({name: part[shown] for name, part in parts.items()})
        steps = [_described(node, count, shares) for node in shown]
        found.append({"flowSteps": steps, "segments": shares})
    return found


def _sequences(paths: Paths) -> Counter[tuple[Node, ...]]:
    counts: Counter[tuple[Node, ...]] = Counter()
    for cells, count in zip(paths.cells.tolist(), paths.counts.tolist(), strict=True):
        shown = tuple(
            (paths.names[cell], kind) for cell, kind in zip(cells, paths.kinds, strict=True) if cell >= 0
        )
        counts[shown] += count
    return counts
