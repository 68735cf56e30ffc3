"""Prefix trees of what followed an anchor, with how long it took (semantics W-21)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.flows.paths import DROPPED, Paths
from pytest_mixpanel.engine.flows.shapes import OTHER, Node, split

PERCENTILES = (10, 25, 50, 75, 90)
"""Of the seconds that entries took to a node."""


@dataclass(frozen=True, slots=True)
class _Walk:
    """What is left of a sequence, whether the user was lost at its end, and how many took it.

    ``times``: of each entry at each of its events, in milliseconds; ``segment``: whose entries they are.
    """

    events: tuple[Node, ...]
    lost: bool
    count: int
    times: NDArray[np.int64]
    shares: Mapping[str, int]


def trees(paths: Paths, anchor: int, cardinality: int, segments: Mapping[str, Paths]) -> list[dict[str, Any]]:
    """One tree for each event that was the anchor; nodes say how many seconds it took to them."""
    roots = _children(_walks(paths, anchor, segments), len(paths.names), 0)
    depth = len(paths.kinds) - anchor
    return [
        {"root": _tree(node, rest, 0, cardinality), "num_steps": depth, "segments": _shares(rest)}
        for node, rest in roots
    ]


def _walks(paths: Paths, anchor: int, segments: Mapping[str, Paths]) -> list[_Walk]:
    counts = {
        name: dict(zip(map(tuple, part.cells.tolist()), part.counts.tolist(), strict=True))
        for name, part in segments.items()
    }
    kinds, ends = paths.kinds[anchor:], np.cumsum(paths.counts)
    walks = []
    for row, (cells, count) in enumerate(zip(paths.cells.tolist(), paths.counts.tolist(), strict=True)):
        after = cells[anchor:]
        seen = [place for place, cell in enumerate(after) if cell >= 0]
        assert paths.times is not None
        times = paths.times[ends[row] - count : ends[row], anchor:][:, seen]
        shares = {name: part[tuple(cells)] for name, part in counts.items() if tuple(cells) in part}
        events = tuple((paths.names[after[place]], kinds[place]) for place in seen)
        walks.append(_Walk(events, DROPPED in after, count, times, shares))
    return walks


def _children(walks: Sequence[_Walk], cardinality: int, depth: int) -> list[tuple[Node, list[_Walk]]]:
    """Walks by their event at a depth: the most frequent ones, then all others as one."""
    groups: dict[Node, list[_Walk]] = {}
    for walk in walks:
        if len(walk.events) > depth:
            groups.setdefault(walk.events[depth], []).append(walk)
    ranked = sorted(groups.items(), key=lambda item: (-sum(walk.count for walk in item[1]), item[0][0]))
    merged = [walk for _, rest in ranked[cardinality:] for walk in rest]
    return ranked[:cardinality] + ([((OTHER, "PRUNED"), merged)] if merged else [])


def _tree(node: Node, walks: Sequence[_Walk], depth: int, cardinality: int) -> dict[str, Any]:
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
        "timePercentilesFromStart": _percentiles(walks, 0, depth),
        "timePercentilesFromPrev": _percentiles(walks, depth - 1, depth),
        "segments": _shares(walks),
        "children": [
            _tree(child, rest, depth + 1, cardinality)
            for child, rest in _children(walks, cardinality, depth + 1)
        ],
    }


def _percentiles(walks: Sequence[_Walk], start: int, end: int) -> dict[str, float]:
    """Seconds between two depths; nothing at the root."""
    if end == 0:
        return {}
    took = np.concatenate([walk.times[:, end] - walk.times[:, start] for walk in walks]) / 1000
    return {f"p{share}": float(np.percentile(took, share)) for share in PERCENTILES}


def _shares(walks: Sequence[_Walk]) -> list[dict[str, str]]:
    names = dict.fromkeys(name for walk in walks for name in walk.shares)
    return split({name: sum(walk.shares.get(name, 0) for walk in walks) for name in names})
