"""The users of a store: every segment's and every profile's, each once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.files import write_whole
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.importing.clusters import DEVICE
from pytest_mixpanel.engine.importing.settling import Settled, Stored
from pytest_mixpanel.engine.store import disk
from pytest_mixpanel.engine.store.assemble import profile_columns
from pytest_mixpanel.engine.store.column_files import write_columns
from pytest_mixpanel.engine.store.manifest import Manifest, read_names
from pytest_mixpanel.engine.store.opening import people_names

Places = NDArray[np.int64]
Profiles = Sequence[Mapping[str, Any]]
MOST_CHUNKS = 16
"""Files that names are read from; with more of them they are written into one."""


@frozen
class People:
    """Who has a profile; ``folder`` is that of the profiles in the store."""

    folder: str | None = None
    names: Sequence[str] = ()


def people_of(folder: Path, profiles: Profiles | None, manifest: Manifest | None) -> People:
    """The people with these profiles, which are written where they are new; those of the manifest without."""
    if profiles is None:
        if manifest is None or manifest.people is None:
            return People()
        return People(manifest.people[0], people_names(folder / manifest.people[0]))
    if not profiles:
        return People()
    names = [str(profile["$distinct_id"]) for profile in profiles]
    text = json.dumps(list(profiles), sort_keys=True)
    name = f"people-{hashlib.sha256(text.encode()).hexdigest()[:16]}"

    def fill(draft: Path) -> None:
        columns = profile_columns(profiles)
        listed = write_columns(draft, "profile", [*columns], columns.__getitem__)
        (draft / "people.json").write_text(json.dumps({"names": names, "columns": listed}), encoding="utf-8")

    if not (folder / name).exists():
        disk.write_folder(folder, name, fill)
    return People(name, names)


@frozen
class UserIndex:
    """``names`` of all users, and the ``place`` of those that were looked for.

    ``before`` are the names in the old manifest; ``moved``: the place that each has now, −1 for one that is
    none any more, ``None`` where places are as they were. Users keep theirs, and new ones take those that
    have become free (``filled``) as long as they suffice for that, so that little has to be written.
    """

    folder: Path
    settled: Settled
    people: People
    canonical: Mapping[str, str]
    before: Sequence[str]
    names: list[str]
    place: Mapping[str, int]
    moved: Places | None
    filled: Sequence[int]
    places: dict[str, Places] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path, manifest: Manifest | None, settled: Settled, people: People) -> UserIndex:
        before = read_names(folder, manifest) if manifest is not None else []
        canonical = _canonical(folder, manifest, settled, people, before)
        wanted = dict.fromkeys(name for _, renamed in settled.kept for name in renamed.values() if name)
        if settled.fresh is not None:
            wanted.update(dict.fromkeys(name for name in settled.fresh.names if name))
        wanted.update(dict.fromkeys(canonical.get(name, name) for name in people.names))
        wanted.pop("", None)
        place = {name: at for at, name in enumerate(before) if name in wanted}
        stays = np.zeros(len(before) + 1, bool)  # the last place is nobody's
        for stored, renamed in settled.kept:
            old = _old_place(folder, stored)
            old[list(renamed)] = -1
            stays[old] = True
        stays[list(place.values())] = True
        stays, moved, names = stays[:-1], None, [*before]
        fresh = [name for name in wanted if name not in place]
        free = np.flatnonzero(~stays).tolist()
        if len(free) > len(fresh):
            moved = np.where(stays, np.cumsum(stays) - 1, -1)
            names = [name for name, there in zip(before, stays.tolist(), strict=True) if there]
            place = {name: int(moved[at]) for name, at in place.items()}
            free = []
        for at, name in zip(free, fresh, strict=False):
            names[at] = name
        taken = [*free, *range(len(names), len(names) + len(fresh) - len(free))]
        place.update(zip(fresh, taken, strict=True))
        names += fresh[len(free) :]
        return cls(folder, settled, people, canonical, before, names, place, moved, free)

    def place_of(self, stored: Stored) -> Places:
        """The places of a segment's users, −1 for one that is none any more."""
        name = stored.entry.folder
        if name not in self.places:
            self.places[name] = self._place_of(stored)
        return self.places[name]

    def _place_of(self, stored: Stored) -> Places:
        for each, renamed in self.settled.kept:
            if each is stored:
                place = _old_place(self.folder, stored)
                if self.moved is not None:
                    place = np.append(self.moved, -1)[place]
                told = [-1 if name is None else self.place[name] for name in renamed.values()]
                place[list(renamed)] = told
                return place
        return np.array([self.place[name] for name in stored.segment.users], np.int64)

    def positions(self, owners: Sequence[str]) -> Places:
        """For each owner of new rows the position among them, by place; nobody comes last."""
        last = len(self.names)
        places = np.array([self.place[name] if name else last for name in owners], np.int64)
        positions = np.empty(len(owners), np.int64)
        positions[np.argsort(places, kind="stable")] = np.arange(len(owners))
        return positions

    def written(self, folder: Path, chunks: tuple[str, ...]) -> tuple[str, ...]:
        """The files of names: ``chunks``, which there are, and one of new names."""
        known, filled = len(self.before), self.filled
        if self.moved is not None or len(chunks) >= MOST_CHUNKS:
            chunks, known, filled = (), 0, ()
        if known == len(self.names) and not filled:
            return chunks
        told = {"instead": [[at, self.names[at]] for at in filled], "more": self.names[known:]}
        text = json.dumps(told if filled else told["more"])
        name = f"users-{hashlib.sha256(text.encode()).hexdigest()[:16]}.json"
        write_whole(folder / name, text)
        return (*chunks, name)

    def people_written(self, folder: Path) -> tuple[str, str] | None:
        """The folder of profiles, and the file of their places: which row is whose.

        Of several profiles of one user the canonical one's values count, then the first one's; as what comes
        last stays, these come last.
        """
        if self.people.folder is None:
            return None
        given = self.people.names
        owners = [self.canonical.get(name, name) for name in given]
        # What a device's profile holds is not carried over to the user it turned out to be (semantics E-31).
        kept = [at for at, name in enumerate(given) if name == owners[at] or not name.startswith(DEVICE)]
        rows = sorted(kept, key=lambda row: (given[row] == owners[row], -row))
        places = np.array([rows, [self.place[owners[row]] for row in rows]], np.int64)
        return self.people.folder, disk.write_array(folder, "people-place", places)


def _old_place(folder: Path, stored: Stored) -> Places:
    """The places of a segment's users in the store as it was."""
    if stored.entry.place is None:
        return np.arange(len(stored.segment.offsets) - 1)
    return np.array(np.load(folder / stored.entry.place), np.int64)


def _canonical(
    folder: Path, manifest: Manifest | None, settled: Settled, people: People, before: Sequence[str]
) -> Mapping[str, str]:
    """Whose profiles are: as it is known now, and where nothing new is said of one, as it was."""
    if not settled.steady or manifest is None or manifest.people is None:
        return settled.canonical
    told = dict.fromkeys(people.names, "")  # those of devices that had been left out
    for row, place in np.load(folder / manifest.people[1]).T.tolist():
        told[people.names[row]] = before[place]
    return {**told, **settled.canonical}
