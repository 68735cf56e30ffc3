"""Which segments stay as they are, and which are sorted anew together with what is new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

import numpy as np

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.importing.growth import MOST_ROWS, MOST_STREAMED, between, outgrown
from pytest_mixpanel.engine.importing.identity import Link, atoms, known_ids, links
from pytest_mixpanel.engine.importing.rewriting import rewrite_segment
from pytest_mixpanel.engine.importing.rows import Rows, joined, rows_of
from pytest_mixpanel.engine.importing.streams import Stream, Streams, stream_of, streams_of
from pytest_mixpanel.engine.importing.writing import Known, write_segment
from pytest_mixpanel.engine.settings import Settings
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
    names: dict[str, list[str | None] | None] = {}
    by_folder = {each.entry.folder: each for each in stored}
    new = [] if fresh is None else [fresh]
    legacy = settings.identity == "legacy"
    while True:
        chosen = set(anew)
        if new or anew:
            sizes = {name: each.segment.rows for name, each in by_folder.items()}
            read = sum(map(len, new)) + sum(sizes.pop(name) for name in anew)
            ranks = [file.rank for rows in new for file in rows.files]
            more = outgrown(sizes, read, MOST_STREAMED if legacy else MOST_ROWS)
            chosen = between(anew | more, [each.entry for each in stored], ranks)
        again = [by_folder[name] for name in sorted(chosen)]
        kept = [each for name, each in by_folder.items() if name not in chosen]
        rows = None
        if new or (again and not legacy):
            rows = fresh if legacy else joined([*new, *(rows_of(each.entry, each.segment) for each in again)])
        found = [] if rows is None else _links(rows, settings)
        ids = _known(settings, kept, rows, found)
        if steady:
            break
        names = {each.entry.folder: _names(each, ids) for each in kept}
        split = {name for name, owners in names.items() if owners is None}
        if not split:
            break
        anew = chosen | split
    canonical = ids if settings.identity == "original" else {}
    pairs = tuple((each, names.get(each.entry.folder)) for each in kept)
    if legacy and again:
        return Settled(pairs, _streamed(again, new), canonical)
    return Settled(pairs, None if rows is None else _sorted_whole(rows, ids, found, settings), canonical)


def _sorted_whole(rows: Rows, ids: Mapping[str, str], found: Sequence[Link], settings: Settings) -> Fresh:
    moved = atoms(settings.identity, rows.user, rows.users, rows.columns)
    known = Known(moved, moved.owners(ids), found)
    return Fresh(rows.files, known.owners.names, partial(write_segment, rows=rows, known=known))


def _streamed(again: Sequence[Stored], new: Sequence[Rows]) -> Fresh:
    """Segments and what is new, put together user by user."""
    together = Streams.of(chain(chain.from_iterable(map(_streams_of, again)), map(stream_of, new)))
    return Fresh(together.files, together.names, partial(rewrite_segment, streams=together))


def _streams_of(stored: Stored) -> Iterable[Stream]:
    if stored.segment.told["has_ids"]:  # sorted by users of another identity
        return [stream_of(rows_of(stored.entry, stored.segment))]
    return streams_of(stored.entry, stored.segment)


def _links(rows: Rows, settings: Settings) -> list[Link]:
    if settings.identity == "legacy":  # nothing joins identifiers
        return []
    told = rows.user, rows.users, rows.event, rows.event_names, rows.time, rows.columns, rows.order
    return links(settings.identity, *told, rows.file_of)


def _known(
    settings: Settings, kept: Sequence[Stored], rows: Rows | None, found: Sequence[Link]
) -> dict[str, str]:
    """Who is who, by all that is known."""
    if settings.identity == "legacy":
        return {}
    files = [file for each in kept for file in each.entry.live] + list(rows.files if rows else ())
    number = {file: at for at, file in enumerate(sorted(files, key=lambda file: file.rank))}
    everything: list[Link] = []
    seen: list[tuple[Any, Sequence[str]]] = []
    for each in kept:
        told = [Link(*link) for link in each.segment.links()]
        everything += _numbered(told, each.entry.files, each.segment.starts.tolist(), number)
        if settings.identity == "original":
            seen.append((each.entry.live[0].rank, each.segment.ids[1]))
    if rows is not None:
        starts = [0, *np.cumsum([file.rows for file in rows.files]).tolist()]
        everything += _numbered(found, rows.files, starts[:-1], number)
        seen.append((rows.files[0].rank, rows.users))
    ids = dict.fromkeys(name for _, names in sorted(seen, key=lambda pair: pair[0]) for name in names)
    return known_ids(settings.identity, everything, list(ids))


def _numbered(
    told: Sequence[Link],
    files: Sequence[SourceFile | None],
    starts: list[int],
    number: Mapping[SourceFile, int],
) -> Iterator[Link]:
    """Links of files that are still there, in the order of all files."""
    places = np.searchsorted(starts, [link.order for link in told], side="right") - 1
    for link, place in zip(told, places.tolist(), strict=True):
        file = files[place]
        if file is not None:
            order = (number[file] << 40) + link.order - starts[place]
            yield Link(link.time, order, link.kind, link.one, link.other)


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
