"""Which segments stay as they are, and which are sorted anew together with what is new."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.importing.evidence import Evidence, Told, told_by_segment, who_is_who
from pytest_mixpanel.engine.importing.growth import between, outgrown
from pytest_mixpanel.engine.importing.pieces import Piece, Together, piece_of_rows, piece_of_segment
from pytest_mixpanel.engine.importing.rewriting import rewrite_segment
from pytest_mixpanel.engine.importing.rows import Rows, rows_of
from pytest_mixpanel.engine.importing.writing import Known, write_segment
from pytest_mixpanel.engine.settings import Identity, Settings
from pytest_mixpanel.engine.store.segments import Entry, Segment, SourceFile

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


@frozen
class Fresh:
    """A segment to be written: its ``files``, the ``names`` of its users, and what fills its folder."""

    files: tuple[SourceFile, ...]
    names: Sequence[str]
    write: Callable[..., None]


@frozen
class Settled:
    """What a store will consist of: segments that stay, with the names of their users, and rows to write.

    A name is ``None`` where a user has no events any more; all names are where users are the same as before.
    ``canonical``: joined identifiers → a user's.
    """

    kept: tuple[tuple[Stored, Sequence[str | None] | None], ...]
    fresh: Fresh | None
    canonical: Mapping[str, str]


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

    ``steady``: no user can have gone or been joined, so nobody's name is looked at.
    """
    identity = settings.identity
    new = None if fresh is None else Told.of(fresh, identity)
    evidence = _evidence(stored, anew, fresh, identity)
    known = who_is_who(identity, [*evidence.values(), *([new.evidence] if new and new.evidence else ())])
    owners: dict[str, Sequence[str | None] | None] = {}
    if not steady:
        owners = {each.entry.folder: _names(each, known) for each in stored if each.entry.folder not in anew}
        anew = anew | {name for name, found in owners.items() if found is None}
    chosen = _chosen(stored, anew, fresh)
    kept = tuple((each, owners.get(each.entry.folder)) for each in stored if each.entry.folder not in chosen)
    canonical = known if identity == "original" else {}
    if not chosen:
        return Settled(kept, _sorted_whole(new, known) if new else None, canonical)
    again = [each for each in stored if each.entry.folder in chosen]

    def pieces() -> Iterator[Piece]:
        for each in again:
            name = each.entry.folder
            if name in anew and (identity != "legacy" or each.segment.told["has_ids"]):
                yield piece_of_rows(Told.of(rows_of(each.entry, each.segment), identity), known)
            else:
                names = owners.get(name) or each.segment.read_users()
                yield piece_of_segment(each.entry, each.segment, names, evidence.get(name))
        if new is not None:
            yield piece_of_rows(new, known)

    together = Together.of(pieces())
    write = partial(rewrite_segment, together=together)
    return Settled(kept, Fresh(together.streams.files, together.streams.names, write), canonical)


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
    links = new.evidence.links if new.evidence else ()
    whose = Known(new.atoms, *new.atoms.users(known), links)
    return Fresh(new.rows.files, whose.users, partial(write_segment, rows=new.rows, known=whose))


def _names(stored: Stored, ids: Mapping[str, str]) -> list[str | None] | None:
    """Whose the users of a segment are; ``None`` where one of them turns out to be several."""
    names, user, moves = stored.segment.atoms()
    found: list[str | None] = [None] * (len(stored.segment.offsets) - 1)
    for name, at, moved in zip(names, np.asarray(user).tolist(), np.asarray(moves).tolist(), strict=True):
        owner = ids.get(name, name) if moved else name
        if found[at] not in (None, owner):
            return None
        found[at] = owner
    if stored.alive.all():
        return found
    segment = stored.segment
    living = stored.alive[segment.file_of(segment.order[: segment.visible])]
    before = np.concatenate([[0], np.cumsum(living)])
    counts = np.diff(before[np.asarray(segment.offsets)]).tolist()
    return [name if count else None for name, count in zip(found, counts, strict=True)]
