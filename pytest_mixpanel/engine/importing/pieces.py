"""What is put together: segments and events that were just read, each by the users they turn out to be of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.importing.evidence import Evidence, Told
from pytest_mixpanel.engine.importing.identity import Links
from pytest_mixpanel.engine.importing.rows import starts_of
from pytest_mixpanel.engine.importing.streams import Stream, Streams, stream_of, streams_of
from pytest_mixpanel.engine.store.manifest import Entry
from pytest_mixpanel.engine.store.segments import Segment


@frozen
class Piece:
    """Events by user, what they say of who is who, ``atoms``: the name, whether it moves, and the owner."""

    streams: Sequence[Stream]
    evidence: Evidence | None = None
    atoms: Iterable[tuple[str, bool, str | None]] = ()


def piece_of_rows(told: Told, known: Mapping[str, str]) -> Piece:
    """Events in any order, where ``known`` says whose a name is."""
    if told.evidence is None:
        return Piece([stream_of(told.rows)])
    atoms = told.atoms
    names = zip(atoms.names, atoms.moves.tolist(), atoms.named(known), atoms.borne.tolist(), strict=True)
    found = [(name, moves, owner) for name, moves, owner, borne in names if borne]
    return Piece([stream_of(told.rows, atoms.owners(known))], told.evidence, found)


def piece_of_segment(
    entry: Entry, segment: Segment, names: Sequence[str | None], evidence: Evidence | None
) -> Piece:
    """A segment whose users bear these names, ``None``: without events by now.

    Without ``evidence`` names are as they were told.
    """
    if evidence is None:
        return Piece(streams_of(entry, segment, names))
    atoms, user, moves = segment.atoms()
    owners = [names[at] for at in user.tolist()]
    return Piece(streams_of(entry, segment, names), evidence, zip(atoms, moves.tolist(), owners, strict=True))


@frozen
class Together:
    """Pieces as one: their events, and what is known of their users beside these.

    ``links`` are numbered as the events of all files are; ``atoms``: name and whether it moves → its owner.
    """

    streams: Streams
    links: Links
    atoms: Mapping[tuple[str, bool], str]

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> Together:
        """Pieces put together; the names of one at a time are in memory."""
        evidence: list[Evidence] = []
        atoms: dict[tuple[str, bool], str] = {}

        def streams() -> Iterator[Stream]:
            for piece in pieces:
                evidence.extend([piece.evidence] if piece.evidence else [])
                atoms.update(((name, moves), owner) for name, moves, owner in piece.atoms if owner)
                yield from piece.streams

        found = Streams.of(streams())
        first = dict(zip(found.files, starts_of(found.files).tolist(), strict=True))
        links = Links.of(link for each in evidence for link in each.numbered(first))
        return cls(found, links, atoms)
