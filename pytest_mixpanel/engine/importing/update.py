"""Bring a store up to date with a source: read what is new into one segment, list it, leave the rest.

The answers of a store are a function of the files in it, however they came into it. Files come in the order
of their names; those of a segment follow on each other (``growth.py``), so among events of one user and
moment those of the later segment are the later delivery. What goes across segments is found anew each time:

- *users*: what identity events say is kept beside every segment. All of it together says which users of
  the segments are one; where files have only been added, those are looked at of whom these say something.
  Where it parts what a segment has sorted as one user, which takes a late and contradicting event, the
  segment is sorted anew (``settling.py``).
- *repeats*: rows of segments that reach over the same time, or of users that were joined, are compared; the
  last delivery stays and the others are hidden (``store/hidden.py``).
- *files*: rows of files that changed or are gone are hidden. Where one of them had repeated an event of
  another file, the segment is sorted anew without it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Any

import numpy as np

from pytest_mixpanel.core.files import write_whole
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.importing.companions import NOTHING, Companions
from pytest_mixpanel.engine.importing.files import Feed
from pytest_mixpanel.engine.importing.known_users import People, UserIndex, people_of
from pytest_mixpanel.engine.importing.read import nothing_in, read_files
from pytest_mixpanel.engine.importing.report import ImportReport, Progress, RejectedLine
from pytest_mixpanel.engine.importing.rows import Rows
from pytest_mixpanel.engine.importing.settling import Settled, Stored, settle, sorted_otherwise
from pytest_mixpanel.engine.importing.sources import PIPED, Difference
from pytest_mixpanel.engine.settings import Settings, settings_from
from pytest_mixpanel.engine.store import disk
from pytest_mixpanel.engine.store.hidden import Hidden, Placed, hidden_rows
from pytest_mixpanel.engine.store.manifest import Entry, Manifest, SourceFile
from pytest_mixpanel.engine.store.readers import sweep
from pytest_mixpanel.engine.store.segments import Segment
from pytest_mixpanel.engine.store.spool import SPOOLED


@frozen
class Wanted:
    """What a store should hold: files as they differ from it, and what lies beside them.

    ``beside`` is ``None`` where that is as it was; ``beside_key`` tells how it looked. ``reader`` is the
    version of what reads files; ``feeds``: where those come from that do not lie at their path.
    """

    files: Difference
    beside: Companions | None
    time_zone: str
    beside_key: Sequence[Any]
    reader: int
    feeds: Mapping[Path, Feed] = field(default_factory=dict)


def update(folder: Path, manifest: Manifest | None, wanted: Wanted, progress: Progress | None) -> Manifest:
    """Write what is missing, then the manifest, then remove what is no longer needed.

    Where all turns out to be there already, the manifest is the old one. Raises ``EventDataError`` where no
    events would be left; the old store stays then.
    """
    files, beside = wanted.files, wanted.beside or _as_it_was(manifest)
    settings = beside.settings
    fresh, read, rejected = _read(folder, files, wanted.feeds, progress)
    if manifest is not None and _is_there(manifest, wanted, read):
        return manifest
    stored = _stored(folder, manifest, files)
    if fresh is None and not stored:
        raise nothing_in([*files.given.values()] or [folder], rejected)
    anew = sorted_otherwise(stored, settings, manifest.settings) if manifest else set()
    people = people_of(folder, beside.profiles if wanted.beside is not None else None, manifest)
    steady = manifest is not None and not (anew or files.gone) and _same_people(manifest, people)
    settled = settle(stored, anew, fresh, settings, steady)
    index = UserIndex.of(folder, manifest, settled, people)
    listed = _listed(folder, settled, index, settings)
    hidden = hidden_rows(_placed(listed, index), len(index.names), settings.dedupe_by_day)
    barren = [files.kept[file] for file in (manifest.barren if manifest else ()) if file in files.kept]
    lines, named = _rejected(manifest, files, rejected)
    found = Manifest(
        time_zone=wanted.time_zone,
        fingerprint=_fingerprint(wanted, listed),
        settings=settings.to_json(),
        lexicon=list(beside.lexicon),
        groups={key: list(value) for key, value in beside.groups.items()},
        segments=tuple(_entries(folder, listed, index, hidden)),
        users=index.written(folder, manifest.users if manifest else ()),
        user_count=len(index.names),
        people=index.people_written(folder),
        beside=wanted.beside_key,
        barren=(*barren, *(file for file in read if not file.rows)),
        facts={
            **_facts(listed, hidden, index, lines),
            "named": named,
            "reader": wanted.reader,
        },
    )
    disk.sync_one(folder)
    write_whole(folder / disk.MANIFEST, found.to_json())
    sweep(folder, found.kept)
    return found


def _same_people(manifest: Manifest | None, people: People) -> bool:
    """Whether who had a profile has one now."""
    return manifest is not None and (manifest.people[0] if manifest.people else None) == people.folder


def _as_it_was(manifest: Manifest | None) -> Companions:
    if manifest is None:
        return NOTHING
    return Companions(settings_from(manifest.settings), groups=manifest.groups, lexicon=manifest.lexicon)


def _is_there(manifest: Manifest, wanted: Wanted, read: Sequence[SourceFile]) -> bool:
    """Whether what was read from a pipe is what had come from one before, and nothing else is new."""
    before = {(file.name, file.digest) for file in wanted.files.gone}
    same = before == {(file.name, file.digest) for file in read if file.path == PIPED}
    return bool(before) and same and wanted.beside is None and wanted.time_zone == manifest.time_zone


def _read(
    folder: Path, files: Difference, feeds: Mapping[Path, Feed], progress: Progress | None
) -> tuple[Rows | None, list[SourceFile], list[RejectedLine]]:
    with disk.synced_meanwhile(folder, SPOOLED):
        given = [files.given[file] for file in files.new]
        table, found, rejected = read_files(given, progress, feeds, folder)
    read = [
        replace(file, rows=each.events, digest=each.digest)
        for file, each in zip(files.new, found, strict=True)
    ]
    rows = table.rows([file for file in read if file.rows]) if len(table) else None
    return rows, read, rejected


def _stored(folder: Path, manifest: Manifest | None, files: Difference) -> list[Stored]:
    """The segments that have a file left."""
    stored = []
    for entry in manifest.segments if manifest else ():
        left = tuple(None if file is None else files.kept.get(file) for file in entry.files)
        if any(file is not None for file in left):
            stored.append(Stored(replace(entry, files=left), Segment(folder / entry.folder)))
    return stored


def _listed(folder: Path, settled: Settled, index: UserIndex, settings: Settings) -> list[Stored]:
    """All segments in the order of their files, the new one among them."""
    listed = [stored for stored, _ in settled.kept]
    fresh = settled.fresh
    if fresh is not None:
        name = f"segment-{secrets.token_hex(8)}"
        position = index.positions(fresh.names)
        disk.write_folder(
            folder, name, lambda draft: fresh.write(draft, position=position, settings=settings)
        )
        listed.append(Stored(Entry(name, fresh.files), Segment(folder / name)))
    return sorted(listed, key=lambda stored: stored.entry.live[0].rank)


def _placed(listed: Sequence[Stored], index: UserIndex) -> list[Placed]:
    return [Placed(each.segment, each.alive, index.place_of(each)) for each in listed]


def _entries(
    folder: Path, listed: Sequence[Stored], index: UserIndex, hidden: Sequence[Hidden]
) -> list[Entry]:
    entries = []
    for stored, left_out in zip(listed, hidden, strict=True):
        place = index.place_of(stored)
        counts_up = np.array_equal(place, np.arange(len(place)))
        entries.append(
            replace(
                stored.entry,
                place=None if counts_up else disk.write_array(folder, "place", place.astype(np.int64)),
                hidden=disk.write_array(folder, "hidden", left_out.rows) if len(left_out.rows) else None,
            )
        )
    return entries


def _facts(
    listed: Sequence[Stored], hidden: Sequence[Hidden], index: UserIndex, rejected: Sequence[RejectedLine]
) -> dict[str, Any]:
    """The report of all that is in the store, and the first and the last moment."""
    spans = []
    events = repeated = 0
    for stored, left_out in zip(listed, hidden, strict=True):
        segment = stored.segment
        spare = stored.alive[segment.file_of(segment.order[segment.visible :])]
        events += segment.visible - len(left_out.rows)
        repeated += int(spare.sum()) + left_out.repeated
        spans += _span(segment, left_out)
    first, last = (str(np.datetime64(edge, "ms"))[:10] for edge in (min(spans), max(spans)))
    report = ImportReport(events, len(index.names), repeated, tuple(rejected), first, last)
    return {"report": report.to_json(), "span": [min(spans), max(spans)]}


def _span(segment: Segment, left_out: Hidden) -> list[int]:
    """The first and the last moment of the rows that count; all are looked at where others are as early."""
    others = np.append(segment.time[left_out.rows], segment.time[segment.visible :])
    if not np.isin(segment.span, others).any():
        return [*segment.span]
    time = np.delete(segment.time[: segment.visible], left_out.rows)
    return [int(time.min()), int(time.max())] if len(time) else []


def _rejected(
    manifest: Manifest | None, files: Difference, new: Sequence[RejectedLine]
) -> tuple[list[RejectedLine], dict[str, str]]:
    """Lines that are no events, of all files that are still there, and where the files they name lie."""
    known = ImportReport.from_json(manifest.facts["report"]).rejected if manifest else ()
    before: Mapping[str, str] = manifest.facts["named"] if manifest else {}
    gone = {str(file.path) for file in (*files.gone, *files.new)}
    lines = [line for line in known if before[line.file] not in gone] + list(new)
    lie = {**before, **{str(path): str(file.path) for file, path in files.given.items()}}
    lines.sort(key=lambda line: (Path(lie[line.file]).parts, line.line))
    return lines, {line.file: lie[line.file] for line in lines}


def _fingerprint(wanted: Wanted, listed: Sequence[Stored]) -> str:
    files = sorted((file.name, file.digest) for stored in listed for file in stored.entry.live)
    told: Mapping[str, Any] = {"files": files, "beside": wanted.beside_key, "zone": wanted.time_zone}
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]
