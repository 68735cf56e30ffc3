"""A store that grows: a folder of segments, none of which is ever changed, and a manifest that lists them.

A segment holds the events of some files in columns sorted by user and time, like a store of its own
(``disk.py``), and beside them what is needed to sort them anew: under which number each row came in,
identifiers and names as they were told, and the rows that repeat others, at the end of every column.
Nothing is lost by being sorted, so files need not be there any more when identities, settings or other
files change what a segment should look like.

An addition writes one new segment and what goes across segments (which user of the store each user of a
segment is, which rows are hidden because a file is gone or a later one repeats them), then replaces the
manifest. Whoever has the old manifest open keeps its segments by a lock shared with all readers; they are
removed by a later addition that finds nobody reading.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.errors import EventDataError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.settings import settings_from
from pytest_mixpanel.engine.store.column_files import mapped, stored_columns
from pytest_mixpanel.engine.store.columns import CodedColumn, Column, LazyColumns, NumberColumn, rows_of_all
from pytest_mixpanel.engine.store.disk import MANIFEST
from pytest_mixpanel.engine.store.merged import NONE, Merge, MergedStore, Source
from pytest_mixpanel.engine.store.names import Names
from pytest_mixpanel.engine.store.readers import Reading
from pytest_mixpanel.engine.store.store import Store

FORMAT = 4
READABLE = (3, FORMAT)
"""Formats that are read; with 3 every column had files of its own."""

SEGMENT = "segment.json"
REJECTED = "rejected.jsonl"
"""Lines that were no events, with reasons."""

PREFIXES = ("segment-", "people-", "users-", "place-", "hidden-")
"""What the names of everything else in the folder begin with."""


@frozen
class SourceFile:
    """A file that was read: under ``name`` in ``root``, with this ``digest`` of its content.

    ``rows``: the events in it. Names order files; an event of a later file was delivered later.
    """

    name: str
    root: str
    size: int
    changed: int
    digest: str
    rows: int = 0

    @property
    def rank(self) -> tuple[tuple[str, ...], str]:
        """Files come in the order in which a folder of all of them is read."""
        return Path(self.name).parts, self.root

    @property
    def path(self) -> Path:
        return Path(self.root) / self.name


@frozen
class Entry:
    """A segment in the manifest: its folder, its files in the order of their rows (``None``: gone since),
    and the names of what lies beside it: ``place`` of its users in the store, ``hidden`` rows."""

    folder: str
    files: tuple[SourceFile | None, ...]
    place: str | None = None
    hidden: str | None = None

    @property
    def live(self) -> list[SourceFile]:
        return [file for file in self.files if file is not None]


@frozen
class Manifest:
    """What a store consists of. ``users``: files of names, to be read one after the other.

    ``people``: the folder of profiles and the file of their places. ``beside``: what the files beside the
    events looked like. ``barren``: files without an event. ``facts``: the report of the import, the first and
    the last moment of an event, and the version of what read the files.
    """

    time_zone: str
    fingerprint: str
    settings: Mapping[str, Any]
    lexicon: Sequence[Mapping[str, Any]]
    groups: Mapping[str, Any]
    segments: tuple[Entry, ...]
    users: tuple[str, ...]
    user_count: int
    people: tuple[str, str] | None
    beside: Sequence[Any]
    barren: tuple[SourceFile, ...]
    facts: Mapping[str, Any]

    def to_json(self) -> str:
        return json.dumps({"format": FORMAT, **asdict(self)})

    @property
    def files(self) -> list[SourceFile]:
        """All files that were read and are still there."""
        return [*self.barren, *(file for entry in self.segments for file in entry.live)]

    @property
    def kept(self) -> set[str]:
        """Names of all files and folders that belong to the store."""
        names = {MANIFEST, REJECTED, *self.users, *(self.people or ())}
        for entry in self.segments:
            names |= {entry.folder, entry.place or "", entry.hidden or ""}
        return names


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a store of segments; ``None`` where there is none of this format.

    Raises ``EventDataError`` for one that is not as it was written.
    """
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(told, dict) or told.pop("format", None) not in READABLE:
        return None
    try:
        return _manifest(told)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        problem = f"{type(error).__name__}: {error}"
        raise EventDataError(f"{folder / MANIFEST} is damaged ({problem}); import the events anew") from error


def _manifest(told: dict[str, Any]) -> Manifest:
    ZoneInfo(told["time_zone"])  # the error for a zone that is none is a KeyError
    entries = [
        Entry(**{**entry, "files": tuple(file and SourceFile(**file) for file in entry["files"])})
        for entry in told.pop("segments")
    ]
    barren = tuple(SourceFile(**file) for file in told.pop("barren"))
    people = told.pop("people")
    users = tuple(told.pop("users"))
    return Manifest(
        segments=tuple(entries), barren=barren, people=people and tuple(people), users=users, **told
    )


class Segment:
    """A folder of events, read as far as it is asked."""

    def __init__(self, folder: Path, held: object = None) -> None:
        self.folder, self._held = folder, held
        try:
            self.told: dict[str, Any] = json.loads((folder / SEGMENT).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise EventDataError(
                f"{folder} is no segment of a store: {error}; import the events anew"
            ) from error
        self.visible: int = self.told["visible"]
        self.rows: int = self.told["rows"]

    @cached_property
    def users(self) -> list[str]:
        return self.read_users()

    def read_users(self) -> list[str]:
        """The users, who are many, for one who needs them once."""
        return self._texts("users")

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        return np.asarray(self._array("offsets"))

    @cached_property
    def time(self) -> NDArray[np.int64]:
        return np.asarray(self._array("time"))

    @cached_property
    def order(self) -> NDArray[Any]:
        """The number under which each row came in: its file's first, and its place in the file."""
        return np.asarray(self._array("order"))

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """The number of the first event of every file."""
        return np.append(0, np.cumsum(self.told["file_rows"]))[:-1].astype(np.int64)

    def file_of(self, order: Any) -> NDArray[np.int64]:
        """The place among the segment's files of what came in under these numbers."""
        return np.asarray(np.searchsorted(self.starts, order, side="right") - 1)

    @cached_property
    def raw_event(self) -> tuple[NDArray[Any], list[str]]:
        """Codes of events as they were told, before any was merged into another, and their names."""
        names = self.told["raw_names"]
        return self._array("event") if names is None else self._array("raw"), names or self.told[
            "event_names"
        ]

    @property
    def told_ids(self) -> tuple[NDArray[Any], list[str]] | None:
        """Codes of the distinct ids as they were told, and these; ``None`` where these are the users."""
        return (self._array("ids"), self._texts("ids")) if self.told["has_ids"] else None

    @cached_property
    def ids(self) -> tuple[NDArray[Any], list[str]]:
        """Codes of the distinct ids as they were told, and these, in any case."""
        told = self.told_ids
        if told is not None:
            return told
        owner = np.full(self.rows, len(self.users), np.int64)
        offsets = np.asarray(self.offsets)
        owner[: offsets[-1]] = np.repeat(np.arange(len(self.users)), np.diff(offsets))
        owner[self.visible :] = self.spare_owner
        return owner, [*self.users, ""]

    @property
    def spare_owner(self) -> NDArray[Any]:
        """Of every row at the end the user, nobody being the one after all others."""
        return np.asarray(self._array("spare-owner"))

    @property
    def repeats(self) -> NDArray[Any]:
        """Of every row at the end, which repeats another: the number under which that one came in."""
        return np.asarray(self._array("repeats"))

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last moment."""
        return self.told["first"], self.told["last"]

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        return stored_columns(self.folder, self.told["columns"], self._held)

    def atoms(self) -> tuple[list[str], NDArray[Any], NDArray[Any]]:
        """Names that links may move, where they do not keep to themselves, and the segment's user of each."""
        if not self.told["has_atoms"]:
            everyone = np.arange(len(self.users))
            return self.users, everyone, np.zeros(len(everyone), bool)
        return self._texts("atoms"), self._array("atom-user"), self._array("atom-moves")

    def links(self) -> Mapping[str, list[Any]]:
        """What joins identifiers, as the importer has put it there: a list for each thing that is told."""
        found: Any = json.loads((self.folder / "links.json").read_text(encoding="utf-8"))
        if isinstance(found, list):  # one for each link, as they were kept before
            names = ("time", "order", "kind", "one", "other")
            return {name: [link[at] for link in found] for at, name in enumerate(names)}
        told: dict[str, list[Any]] = found
        return told

    def store(self, **fields: Any) -> Store:
        """The rows that repeat none as a store, of users that may be named otherwise."""
        n = self.visible
        return Store(
            event_names=tuple(self.told["event_names"]),
            offsets=self.offsets,
            time=self.time[:n],
            event=self._array("event")[:n],
            columns=self.columns if n == self.rows else rows_of_all(self.columns, slice(n)),
            **fields,
        )

    def _array(self, name: str) -> Any:
        return mapped(self.folder / f"{name}.npy")

    def _texts(self, name: str) -> list[str]:
        found: list[str] = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
        return found


def open_segments(folder: Path, time_zone: str | None = None) -> tuple[Store, Manifest] | None:
    """A store of segments and its manifest; ``None`` where the folder holds none.

    Events are mapped, or merged from several segments, when they are first asked for. What the manifest
    lists stays in place while the store is in use.
    """
    if read_manifest(folder) is None:
        return None
    held = Reading(folder)
    manifest = read_manifest(folder)
    return None if manifest is None else (_opened(folder, manifest, time_zone, held), manifest)


def _opened(folder: Path, manifest: Manifest, time_zone: str | None, held: Reading) -> Store:
    everything: dict[str, Any] = {
        "users": Names(manifest.user_count, lambda: read_names(folder, manifest, held)),
        "profiles": _people(folder, manifest, held),
        "lexicon": tuple(manifest.lexicon),
        "time_zone": time_zone or manifest.time_zone,
        "fingerprint": manifest.fingerprint,
        "settings": settings_from(manifest.settings, str(folder / MANIFEST)),
        "groups": manifest.groups,
    }
    segments = [Segment(folder / entry.folder, held) for entry in manifest.segments]
    (first, *more) = manifest.segments
    if not more and first.place is None and first.hidden is None:
        alone = segments[0].store(**everything)
        extra = manifest.user_count + 1 - len(alone.offsets)  # who has a profile and no events
        if extra:
            offsets = np.append(alone.offsets, np.full(extra, alone.offsets[-1]))
            alone = replace(alone, offsets=offsets)
        return alone
    sources = [
        Source(
            segment.store(users=()),
            np.arange(len(segment.offsets) - 1) if entry.place is None else mapped(folder / entry.place),
            lambda segment=segment: segment.order,  # type: ignore[misc]  # bound now, not at the call
            NONE if entry.hidden is None else np.asarray(mapped(folder / entry.hidden)),
        )
        for segment, entry in zip(segments, manifest.segments, strict=True)
    ]
    bare = Store(
        event_names=(), offsets=NONE, time=NONE, event=np.empty(0, np.uint8), columns={}, **everything
    )
    return MergedStore(Merge(sources, manifest.user_count), bare, 0, manifest.user_count)


def read_names(folder: Path, manifest: Manifest, held: object = None) -> list[str]:
    """The names of all users; ``held`` keeps the files in place until then."""
    names: list[str] = []
    for file in manifest.users:
        told = json.loads((folder / file).read_text(encoding="utf-8"))
        if isinstance(told, dict):  # users who came instead of others that are none any more
            for at, name in told["instead"]:
                names[at] = name
            told = told["more"]
        names += told
    return names


def people_names(folder: Path) -> list[str]:
    """Whose the profiles in a folder are."""
    found: list[str] = json.loads((folder / "people.json").read_text(encoding="utf-8"))["names"]
    return found


def _people(folder: Path, manifest: Manifest, held: Reading) -> Mapping[str, Column]:
    if manifest.people is None:
        return {}
    people, place = manifest.people
    told = json.loads((folder / people / "people.json").read_text(encoding="utf-8"))
    stored = stored_columns(folder / people, told["columns"], held)
    count = manifest.user_count
    return LazyColumns(stored, lambda name: _placed(stored[name], np.load(folder / place), count))


def _placed(column: Column, places: NDArray[np.int64], count: int) -> Column:
    """A column of ``count`` users: ``places`` are rows and the user of each, of several the last stays."""
    rows, users = places
    if isinstance(column, NumberColumn):
        numbers, told = np.full(count, np.nan), column.numbers[rows]
        some = ~np.isnan(told)
        numbers[users[some]] = told[some]
        return NumberColumn(numbers)
    codes, given = np.full(count, -1, column.codes.dtype), column.codes[rows]
    some = given >= 0
    codes[users[some]] = given[some]
    return CodedColumn(codes, column.values)
