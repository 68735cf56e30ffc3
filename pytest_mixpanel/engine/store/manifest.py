"""What a store that grows consists of: a list of its segments, and of what lies beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pytest_mixpanel.core.errors import EventDataError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.store.disk import MANIFEST

FORMAT = 5
READABLE = (3, 4, FORMAT)
"""Formats that are read; with 4 links were kept one by one, with 3 every column had files of its own."""

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
        raise EventDataError(
            f"{folder / MANIFEST} is damaged ({problem}); remove {folder} and import all of its events again"
        ) from error


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
