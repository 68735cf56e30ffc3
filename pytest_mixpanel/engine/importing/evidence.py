"""What is said of who is who, by events that were just read and by segments: all of it says whose a name is.

A segment keeps what its events say, so that these need not be looked at again.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.importing.identity import AT_ONCE, Atoms, Link, Links, atoms, known_ids, links
from pytest_mixpanel.engine.importing.rows import Rows, starts_of
from pytest_mixpanel.engine.settings import Identity
from pytest_mixpanel.engine.store.manifest import Entry, SourceFile
from pytest_mixpanel.engine.store.segments import Segment

Rank = tuple[tuple[str, ...], str]
Files = Sequence[SourceFile | None]
Places = NDArray[np.int64]


@frozen
class Evidence:
    """What the events of ``files`` say; of those that are ``None`` by now nothing counts.

    ``links`` are numbered as the events are, those of a file from its place in ``starts`` on. ``ids``:
    distinct ids as they came, by the rank of the file that each came with first; they matter where a user is
    named by the first of them.
    """

    files: Files
    starts: Places
    links: Links
    ids: Sequence[tuple[Rank, Sequence[str]]]

    def about(self, names: Container[str]) -> Evidence:
        """What is said of some names."""
        ids = [(rank, [name for name in came if name in names]) for rank, came in self.ids]
        return Evidence(self.files, self.starts, self.links.about(names), ids)

    def numbered(self, first: Mapping[SourceFile, int]) -> Iterator[Link]:
        """The links of files that are still there, by the number of the ``first`` event of each."""
        places = np.searchsorted(self.starts, self.links.order, side="right") - 1
        shifts = [
            None if file is None else first[file] - start
            for file, start in zip(self.files, self.starts.tolist(), strict=True)
        ]
        for (time, order, kind, one, other), place in zip(
            zip(*self.links, strict=True), places.tolist(), strict=True
        ):
            shift = shifts[place]
            if shift is not None:
                yield Link(time, order + shift, kind, one, other)


@frozen
class Told:
    """Events wherever they were read, and what they say: nothing, where distinct ids are the users."""

    rows: Rows
    atoms: Atoms
    evidence: Evidence | None

    @classmethod
    def of(cls, rows: Rows, identity: Identity) -> Told:
        if identity == "legacy":
            return cls(rows, atoms(identity, rows.user, rows.users, rows.columns), None)
        told = rows.user, rows.users, rows.event, rows.event_names, rows.time, rows.columns, rows.order
        starts = starts_of(rows.files)
        found = Links.of(links(identity, *told, starts))
        ids: Sequence[tuple[Rank, Sequence[str]]] = []
        if identity == "original":
            ids = ids_by_file(rows.files, starts, rows.order, rows.user, rows.users)
        moved = atoms(identity, rows.user, rows.users, rows.columns)
        return cls(rows, moved, Evidence(rows.files, starts, found, ids))


def told_by_segment(entry: Entry, segment: Segment, identity: Identity, new: Sequence[Rank]) -> Evidence:
    """What a segment keeps of what its events say; ``new``: ranks of files that come beside its own."""
    ids: Sequence[tuple[Rank, Sequence[str]]] = []
    if identity == "original":
        first, last = entry.live[0].rank, entry.live[-1].rank
        ids = [(first, segment.ids[1])]
        if None in entry.files or any(first < rank < last for rank in new):
            ids = ids_by_file(entry.files, segment.starts, segment.order, *segment.ids)
    return Evidence(entry.files, segment.starts, Links(**segment.links()), ids)


def ids_by_file(
    files: Files, starts: Places, order: NDArray[Any], codes: NDArray[Any], names: Sequence[str]
) -> list[tuple[Rank, list[str]]]:
    """Names of events whose files are still there, as they came, by the file of the first event of each."""
    first, last = np.full(len(names), len(order)), len(order)
    alive = np.array([file is not None for file in files])
    for low in range(0, len(order), AT_ONCE):
        number = np.asarray(order[low : low + AT_ONCE], np.int64)
        there = alive[np.searchsorted(starts, number, side="right") - 1]
        np.minimum.at(first, codes[low : low + AT_ONCE][there], number[there])
    ranked = np.argsort(first, kind="stable")
    cuts = [*np.searchsorted(first[ranked], starts).tolist(), np.count_nonzero(first < last)]
    return [
        (file.rank, [names[at] for at in ranked[low:high].tolist()])
        for file, low, high in zip(files, cuts[:-1], cuts[1:], strict=True)
        if file is not None
    ]


def spoken_of(told: Sequence[Evidence], names: Iterable[str]) -> set[str]:
    """Names, and all that links join with them, whether or not such a join holds."""
    found = set(names)
    while True:
        before = len(found)
        for each in told:
            for one, other in zip(each.links.one, each.links.other, strict=True):
                if (one in found) != (other in found):
                    found |= {one, other}
        if len(found) == before:
            return found


def who_is_who(identity: Identity, told: Sequence[Evidence]) -> dict[str, str]:
    """Whose a name is by all that is said, where it is not the user's own.

    Names that links do not join in any way do not touch each other, so this can be asked of what is said
    ``about`` some alone, with all that are ``spoken_of`` with them.
    """
    files = sorted((file for each in told for file in each.files if file), key=lambda file: file.rank)
    first = {file: at << 40 for at, file in enumerate(files)}
    everything = [link for each in told for link in each.numbered(first)]
    in_files = sorted((ids for each in told for ids in each.ids), key=lambda pair: pair[0])
    ids = dict.fromkeys(name for _, names in in_files for name in names)
    return known_ids(identity, everything, list(ids))
