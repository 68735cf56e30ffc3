"""Which segments stay as they are, and which are sorted anew together with what is new."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.importing.evidence import (
    Evidence,
    Told,
    spoken_of,
    told_by_segment,
    who_is_who,
)
from pytest_mixpanel.engine.importing.growth import between, outgrown
from pytest_mixpanel.engine.importing.identity import Links
from pytest_mixpanel.engine.importing.pieces import Piece, Together, piece_of_rows, piece_of_segment
from pytest_mixpanel.engine.importing.rewriting import rewrite_segment
from pytest_mixpanel.engine.importing.rows import Rows, rows_of
from pytest_mixpanel.engine.importing.writing import Known, write_segment
from pytest_mixpanel.engine.settings import Identity, Settings
from pytest_mixpanel.engine.store.manifest import Entry, SourceFile
from pytest_mixpanel.engine.store.segments import Segment

SORTING = ("identity", "merged_events", "dedupe_by_day")
"""Settings that decide how the rows of a segment are sorted."""


@frozen
class Stored:
    """A segment in a store and its entry in the manifest."""

    entry: Entry
    segment: Segment

    @property
    def alive(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which of its files are still there."""
        return np.array([file is not None for file in self.entry.files], bool)


Renamed = Mapping[int, str | None]
"""Users of a segment, and their names in the store."""


@frozen
class Fresh:
    """A segment to be written: its ``files``, the ``names`` of its users, and what fills its folder."""

    files: tuple[SourceFile, ...]
    names: Sequence[str]
    write: Callable[..., None]


@frozen
class Settled:
    """What a store will consist of: segments that stay, each with users whose names were looked at, and rows.

    A name is ``None`` where a user has no events any more. ``canonical``: joined identifiers → a user's.
    ``steady``: users whose names were not looked at are who they were.
    """

    kept: tuple[tuple[Stored, Renamed], ...]
    fresh: Fresh | None
    canonical: Mapping[str, str]
    steady: bool


def sorted_otherwise(stored: Sequence[Stored], settings: Settings, before: Mapping[str, Any]) -> set[str]:
    """Segments that must be sorted anew by themselves: their settings or their files are others now."""
    wanted = settings.to_json()
    if any(before[name] != wanted[name] for name in SORTING):
        return {each.entry.folder for each in stored}
    return {each.entry.folder for each in stored if not each.alive.all() and _is_worn(each)}


def _is_worn(stored: Stored) -> bool:
    """Whether most rows are gone, or one that is gone had repeated one that is not."""
    segment, alive = stored.segment, stored.alive
    rows = np.array(segment.told["file_rows"])
    left_out, instead = segment.order[segment.visible :], segment.repeats
    revived = alive[segment.file_of(left_out)] & ~alive[segment.file_of(instead)]
    return bool(revived.any() or rows[alive].sum() * 2 < rows.sum())


def settle(
    stored: Sequence[Stored], anew: set[str], fresh: Rows | None, settings: Settings, steady: bool = False
) -> Settled:
    """Put together what has to be; see ``update.py`` for what that is.

    ``steady``: nothing has gone and nothing is to be sorted anew, so that only those users can have been
    joined of whom something new is said.
    """
    identity = settings.identity
    new = None if fresh is None else Told.of(fresh, identity)
    evidence = _evidence(stored, anew, fresh, identity)
    said = [*evidence.values(), *([new.evidence] if new and new.evidence else ())]
    owners: dict[str, Renamed | None]
    if steady:
        names = spoken_of(said, new.atoms.moving if new else ())
        some = [each.about(names) for each in said]
        known, before = who_is_who(identity, some), who_is_who(identity, some[: len(evidence)])
        moved = {name for name in names if known.get(name, name) != before.get(name, name)}
        owners = {each.entry.folder: _renamed(each, known, moved) for each in stored}
    else:
        known = who_is_who(identity, said)
        owners = {each.entry.folder: _names(each, known) for each in stored if each.entry.folder not in anew}
    split = {name for name, found in owners.items() if found is None}
    chosen = _chosen(stored, anew | split, fresh)
    if chosen and steady and identity != "legacy":
        return settle(stored, anew, fresh, settings)  # what is put together is put so by all that is said
    kept = tuple(
        (each, owners[each.entry.folder] or {}) for each in stored if each.entry.folder not in chosen
    )
    canonical = known if identity == "original" else {}
    if not chosen:
        return Settled(kept, _sorted_whole(new, known) if new else None, canonical, steady)
    again = [each for each in stored if each.entry.folder in chosen]

    def pieces() -> Iterator[Piece]:
        for each in again:
            name = each.entry.folder
            if name in anew | split and (identity != "legacy" or each.segment.told["has_ids"]):
                yield piece_of_rows(Told.of(rows_of(each.entry, each.segment), identity), known)
            else:
                renamed = owners.get(name) or {}
                users = enumerate(each.segment.read_users())
                names = [renamed.get(at, user) for at, user in users]
                yield piece_of_segment(each.entry, each.segment, names, evidence.get(name))
        if new is not None:
            yield piece_of_rows(new, known)

    together = Together.of(pieces())
    write = partial(rewrite_segment, together=together)
    fresh_segment = Fresh(together.streams.files, together.streams.names, write)
    return Settled(kept, fresh_segment, canonical, steady)


def _evidence(
    stored: Sequence[Stored], anew: set[str], fresh: Rows | None, identity: Identity
) -> dict[str, Evidence]:
    """What every segment says; one to be sorted ``anew`` may have kept what another identity asks for."""
    new = [file.rank for file in fresh.files] if fresh else []
    found = {}
    for each in stored if identity != "legacy" else ():
        if each.entry.folder in anew:
            told = Told.of(rows_of(each.entry, each.segment), identity).evidence
        else:
            told = told_by_segment(each.entry, each.segment, identity, new)
        if told:
            found[each.entry.folder] = told
    return found


def _chosen(stored: Sequence[Stored], anew: set[str], fresh: Rows | None) -> set[str]:
    """Segments that are put together: those to be sorted ``anew``, and more of them as they grow."""
    if fresh is None and not anew:
        return set()
    sizes = {each.entry.folder: each.segment.rows for each in stored}
    new = sum(sizes.pop(name) for name in anew) + (0 if fresh is None else len(fresh))
    ranks = [file.rank for file in fresh.files] if fresh else []
    return between(anew | outgrown(sizes, new), [each.entry for each in stored], ranks)


def _sorted_whole(new: Told, known: Mapping[str, str]) -> Fresh:
    links = new.evidence.links if new.evidence else Links.of(())
    whose = Known(new.atoms, *new.atoms.users(known), links)
    return Fresh(new.rows.files, whose.users, partial(write_segment, rows=new.rows, known=whose))


def _names(stored: Stored, known: Mapping[str, str]) -> Renamed | None:
    """Whose the users of a segment are; ``None`` where one of them turns out to be several."""
    found = _owners(*stored.segment.atoms(), known)
    if found is None:
        return None
    users = len(stored.segment.offsets) - 1
    if stored.alive.all():
        return {user: found.get(user) for user in range(users)}
    segment = stored.segment
    living = stored.alive[segment.file_of(segment.order[: segment.visible])]
    before = np.concatenate([[0], np.cumsum(living)])
    counts = np.diff(before[np.asarray(segment.offsets)]).tolist()
    return {user: found.get(user) if counts[user] else None for user in range(users)}


def _renamed(stored: Stored, known: Mapping[str, str], moved: set[str]) -> Renamed | None:
    """The same for those users only of whom a name has ``moved``."""
    if not moved:
        return {}
    names, user, moves = stored.segment.atoms()
    touched = np.zeros(len(stored.segment.offsets) - 1, bool)
    touched[[at for name, at in zip(names, user.tolist(), strict=True) if name in moved]] = True
    some = np.flatnonzero(touched[user])
    return _owners([names[at] for at in some.tolist()], user[some], moves[some], known)


def _owners(
    names: Sequence[str], user: NDArray[Any], moves: NDArray[Any], known: Mapping[str, str]
) -> dict[int, str | None] | None:
    """The owner of users by their atoms; ``None`` where those of one have several."""
    found: dict[int, str | None] = {}
    for name, at, moved in zip(names, user.tolist(), moves.tolist(), strict=True):
        owner = known.get(name, name) if moved else name
        if found.setdefault(at, owner) != owner:
            return None
    return found
