"""How many entries show an event in a column, and move from there to another, added up over a store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.flows.paths import DROPPED, NOTHING
from pytest_mixpanel.engine.flows.tallies import Tally, added, tallied


@frozen
class Moves:
    """``nodes``: of each column how often each event's code, or that of a drop-off, is shown.

    ``edges``: of each column how often what is shown there follows what the entry shows last before.
    ``names``: of the codes; ``kinds``: what a column shows, ``ANCHOR``, ``FORWARD`` or ``REVERSE``.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    nodes: tuple[Tally, ...]
    edges: tuple[Tally, ...]

    def in_column(self, number: int) -> Iterator[tuple[int, int]]:
        """The codes shown in a column, and how often."""
        tally = self.nodes[number]
        return zip((tally.keys + DROPPED).tolist(), tally.counts.tolist(), strict=True)

    def into_column(self, number: int) -> Iterator[tuple[int, int, int, int]]:
        """The column and code that entries come from, the code they come to, and how many do."""
        tally, width = self.edges[number], _width(self.names)
        came, code = np.divmod(tally.keys, width)
        column, origin = np.divmod(came, width)
        told = (column, origin + DROPPED, code + DROPPED, tally.counts)
        return zip(*(each.tolist() for each in told), strict=True)


def moves_of(names: tuple[str, ...], kinds: tuple[str, ...], cells: Sequence[NDArray[np.int64]]) -> Moves:
    """The moves of some entries; ``cells``: of each column what every entry shows."""
    width = _width(names)
    last = np.full(len(cells[0]), -1)
    nodes, edges = [], []
    for number, column in enumerate(cells):
        seen = column != NOTHING
        code, came = _where(seen, column) - DROPPED, _where(seen, last)
        later = came >= 0
        pairs = _where(later, came) * width + _where(later, code)
        nodes.append(tallied(code, width))
        edges.append(tallied(pairs, number * width * width))
        last[seen] = number * width + code
    return Moves(names, kinds, tuple(nodes), tuple(edges))


def _where(chosen: NDArray[np.bool_], values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those that are chosen, which mostly are all."""
    return values if chosen.all() else values[chosen]


def all_moves(parts: Sequence[Moves]) -> Moves:
    """The moves of all parts."""
    nodes = tuple(map(added, zip(*(part.nodes for part in parts), strict=True)))
    edges = tuple(map(added, zip(*(part.edges for part in parts), strict=True)))
    return replace(parts[0], nodes=nodes, edges=edges)


def _width(names: Sequence[str]) -> int:
    """How many codes there are, marks among them."""
    return len(names) - DROPPED
