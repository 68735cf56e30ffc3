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
from pytest_mixpanel.engine.store.segments import Entry, Segment, SourceFile

Rank = tuple[tuple[str, ...], str]
Files = Sequence[SourceFile | None]
Places = NDArray[np.int64]


class _Everybody(Container[str]):
    def __contains__(self, name: object) -> bool:
        return True


EVERYBODY: Container[str] = _Everybody()


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

    def numbered(self, first: Mapping[SourceFile, int], about: Container[str] = EVERYBODY) -> Iterator[Link]:
        """The links of files that are still there, by the number of the ``first`` event of each.

        Only those ``about`` some identifiers, whichever of their two it is.
        """
        links = self.links.some(about)
        places = np.searchsorted(self.starts, [link.order for link in links], side="right") - 1
        shifts = [
            None if file is None else first[file] - start
            for file, start in zip(self.files, self.starts.tolist(), strict=True)
        ]
        for (time, order, *joined), place in zip(links, places.tolist(), strict=True):
            shift = shifts[place]
            if shift is not None:
                yield Link(time, order + shift, *joined)


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


def who_is_who(
    identity: Identity, told: Sequence[Evidence], about: Container[str] = EVERYBODY
) -> dict[str, str]:
    """Whose a name is by all that is said, where it is not the user's own.

    What links do not join in any way does not touch each other, so that it can be found for some names alone:
    ``about`` has with a name all that are ``spoken_of`` with it.
    """
    files = sorted((file for each in told for file in each.files if file), key=lambda file: file.rank)
    first = {file: at << 40 for at, file in enumerate(files)}
    everything = [link for each in told for link in each.numbered(first, about)]
    in_files = sorted((ids for each in told for ids in each.ids), key=lambda pair: pair[0])
    ids = dict.fromkeys(name for _, names in in_files for name in names if name in about)
    return known_ids(identity, everything, list(ids))
