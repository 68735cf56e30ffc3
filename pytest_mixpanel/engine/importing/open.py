"""Open a path as a store: read once, kept in a cache, brought up to date when its files change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from pytest_mixpanel.core.errors import ConfigError, EventDataError
from pytest_mixpanel.core.files import write_whole
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.words import counted
from pytest_mixpanel.engine.importing.beside import saved_beside
from pytest_mixpanel.engine.importing.paths import companion_files, is_companion, source_files
from pytest_mixpanel.engine.importing.report import ImportReport, Progress
from pytest_mixpanel.engine.importing.sources import PIPED, Difference, difference, piped
from pytest_mixpanel.engine.store import disk, manifest as manifests, opening
from pytest_mixpanel.engine.store.manifest import Manifest
from pytest_mixpanel.engine.store.readers import WRITER
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.parse.node import NOTHING_SAVED, Saved

if TYPE_CHECKING:
    from pytest_mixpanel.engine.importing.files import Feed

READER = 4
"""Raised when the same files would be read differently: they are then read anew."""


@frozen
class Change:
    """What has become of a store's files: how many are new, changed, gone, and there already."""

    new: int
    changed: int
    gone: int
    kept: int

    def summary(self) -> str:
        """One line for people, as ``3 new files, 30 already there``; empty where all files are new."""
        if not (self.changed or self.gone or self.kept):
            return ""
        new = counted(self.new, "new file") if self.new else "no new file"
        changed = f", {self.changed:,} changed" if self.changed else ""
        gone = f", {self.gone:,} gone" if self.gone else ""
        return f"{new}{changed}{gone}, {self.kept:,} already there"


@frozen
class Opened:
    """A store, the report of its import, the file of rejected lines where there are any.

    ``last``: the moment of the last event, in milliseconds. ``saved``: the cohorts and custom properties
    that lie beside the events. ``change``: what this opening has read, ``None`` for nothing.
    """

    store: Store
    report: ImportReport
    rejected_file: Path | None
    last: int
    saved: Saved = NOTHING_SAVED
    change: Change | None = None


def open_source(
    path: Path, cache: Path, time_zone: str | None = None, progress: Progress | None = None
) -> Opened:
    """The store of exported events, which is made in ``cache`` where it is not there yet.

    Files that are new or changed since (by size and time of change, then by content) are read into it, the
    others are not. ``time_zone`` defaults to the one told beside the events, else UTC. Raises
    ``ProjectNotFoundError`` and ``EventDataError``.
    """
    if (path / disk.MANIFEST).exists():
        return _opened(path, time_zone, None)
    folder = cache / hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:32]
    change = _brought_up_to_date(_Source.of(path), folder, None, progress)
    return replace(_opened(folder, time_zone, change), saved=saved_beside(path))


def import_source(
    path: Path, folder: Path, time_zone: str | None = None, progress: Progress | None = None
) -> Opened:
    """Read exported events into a store of their own at ``folder``, which is then a project itself.

    Events of files that are there already are not read again; see ``difference`` for which these are. A
    killed import leaves the store as it was. Raises ``ConfigError`` where something else is at ``folder``,
    and what ``open_source`` raises.
    """
    if (path / disk.MANIFEST).exists():
        raise ConfigError(f"{path} is a store already, and a project as it is: --mixpanel-project={path}")
    return _imported(_Source.of(path), folder, time_zone, progress)


def import_stream(
    stream: BinaryIO, folder: Path, time_zone: str | None = None, progress: Progress | None = None
) -> Opened:
    """Read exported events from a pipe into a store, as ``import_source`` does from a path.

    They replace what came from a pipe before. Lines are read as they come, compressed or not; a Parquet
    file, which is read from its end, is put into a file first.
    """
    from pytest_mixpanel.engine.importing.files import BLOCK, Feed

    feed = Feed(stream)
    if feed.is_parquet:
        import shutil
        import tempfile

        with tempfile.TemporaryDirectory() as spool:
            path = Path(spool) / PIPED.name
            with path.open("wb") as kept:
                shutil.copyfileobj(feed.stream, kept, BLOCK)
            return import_source(path, folder, time_zone, progress)
    return _imported(_Source(PIPED, [], [], feed), folder, time_zone, progress)


def _imported(source: _Source, folder: Path, time_zone: str | None, progress: Progress | None) -> Opened:
    if folder.is_file():
        raise ConfigError(f"{folder} is a file; name the folder of the store")
    if folder.exists() and not _is_ours(folder):
        raise ConfigError(f"{folder} is not empty and no store of events; name a new folder")
    _refuse_to_forget(folder, source)
    change = _brought_up_to_date(source, folder, time_zone, progress)
    return _opened(folder, None, change or Change(0, 0, 0, len(_manifest(folder).files)))


def _is_ours(folder: Path) -> bool:
    """Whether a folder holds a store, or what a killed import has left.

    Raises ``EventDataError`` for a damaged store: what it held need not be among what is given now.
    """
    if manifests.read_manifest(folder) is not None or disk.is_store(folder):
        return True
    return all(entry.name.startswith((".", *manifests.PREFIXES)) for entry in folder.iterdir())


def _refuse_to_forget(folder: Path, source: _Source) -> None:
    """Raise ``ConfigError`` for a store that has to be made anew and holds events that are not given now."""
    manifest = manifests.read_manifest(folder)
    if manifest is None and disk.is_store(folder):
        raise ConfigError(
            f"{folder} is a store of an older version, to which nothing is added; "
            "name a new folder, and import all of its events into it"
        )
    if manifest is None or _readable(folder) is not None:
        return
    if others := source.difference(manifest).elsewhere:
        named = ", ".join(str(file.path) for file in others[:3])
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        raise ConfigError(
            f"{folder} was written by another version, which read files differently, so it has to be made "
            f"anew; it holds events of {named}{more} as well: give all of its files together, or a new folder"
        )


@frozen
class _Source:
    """The files of a path; ``beside``: how what lies beside them looks, empty for nothing; or a pipe."""

    path: Path
    files: Sequence[Path]
    beside: Sequence[Any]
    feed: Feed | None = None

    @classmethod
    def of(cls, path: Path) -> _Source:
        files = [file for file in source_files(path) if not is_companion(file, path)]
        looks = [
            [file.name, (facts := file.stat()).st_size, facts.st_mtime_ns] for file in companion_files(path)
        ]
        return cls(path, files, [str(path.resolve()), *looks] if path.is_dir() else [])

    def difference(self, manifest: Manifest | None) -> Difference:
        old = manifest.files if manifest else []
        return difference(old, self.files, self.path) if self.feed is None else piped(old)

    @property
    def feeds(self) -> Mapping[Path, Feed]:
        return {} if self.feed is None else {self.path: self.feed}

    def takes_over(self, manifest: Manifest | None) -> bool:
        """Whether what lies beside these files replaces what lay beside the store's: a folder's own."""
        if manifest is None or not self.beside:
            return manifest is None
        same = manifest.beside[:1] == self.beside[:1]
        return list(manifest.beside) != list(self.beside) and (same or len(self.beside) > 1)


def _brought_up_to_date(
    source: _Source, folder: Path, time_zone: str | None, progress: Progress | None
) -> Change | None:
    """Read what is missing; ``None`` where nothing is."""
    manifest = _readable(folder)
    if _is_current(source, manifest, time_zone):
        return None
    # Only files that are to be read load what reads them.
    from pytest_mixpanel.engine.importing.companions import companions
    from pytest_mixpanel.engine.importing.update import Wanted, update

    with _alone(folder):
        manifest = _readable(folder)  # another process may have been first
        if _is_current(source, manifest, time_zone):
            return None
        files = source.difference(manifest)
        takes_over = source.takes_over(manifest)
        beside = companions(source.path) if takes_over else None
        told = beside.time_zone if beside else None
        zone = time_zone or told or (manifest.time_zone if manifest and not takes_over else "UTC")
        key = source.beside if takes_over or manifest is None else manifest.beside
        wanted = Wanted(files, beside, zone, key, READER, source.feeds)
        found = update(folder, manifest, wanted, progress)
        if found is manifest:
            return None
        _keep_rejected(folder, found)
    return Change(
        len(files.new) - files.changed, files.changed, len(files.gone) - files.changed, len(files.kept)
    )


def _readable(folder: Path) -> Manifest | None:
    """The manifest of a store that was read as files are read now."""
    try:
        manifest = manifests.read_manifest(folder)
    except EventDataError:
        return None
    return manifest if manifest is not None and manifest.facts.get("reader") == READER else None


def _is_current(source: _Source, manifest: Manifest | None, time_zone: str | None) -> bool:
    return (
        manifest is not None
        and time_zone in (None, manifest.time_zone)
        and not source.takes_over(manifest)
        and source.difference(manifest).nothing
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time writes a store; the others wait, and find it written."""
    import filelock

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / WRITER, thread_local=False):
            yield
    except OSError as error:
        _discard(folder)
        raise EventDataError(f"the store of events could not be written to {folder}: {error}") from error
    except BaseException:
        _discard(folder)
        raise


def _discard(folder: Path) -> None:
    """Remove what a failed import has left where there was no store before."""
    import shutil

    if not (folder / disk.MANIFEST).exists():
        shutil.rmtree(folder, ignore_errors=True)


def _manifest(folder: Path) -> Manifest:
    found = manifests.read_manifest(folder)
    assert found is not None
    return found


def _opened(folder: Path, time_zone: str | None, change: Change | None) -> Opened:
    try:
        found = opening.open_segments(folder, time_zone)
        return _opened_flat(folder) if found is None else _opened_segments(folder, *found, change)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        problem = f"{type(error).__name__}: {error}"
        raise EventDataError(f"{folder} is a damaged store ({problem}); import the events anew") from error


def _opened_segments(folder: Path, store: Store, manifest: Manifest, change: Change | None) -> Opened:
    report = ImportReport.from_json(manifest.facts["report"])
    rejected = folder / manifests.REJECTED
    if report.rejected and not rejected.exists():
        _keep_rejected(folder, manifest)  # whoever imported was killed before
    return Opened(
        store, report, rejected if report.rejected else None, manifest.facts["span"][1], change=change
    )


def _opened_flat(folder: Path) -> Opened:
    """A store of the format before segments."""
    report = ImportReport.from_json(disk.manifest_of(folder)["facts"]["report"])
    store, rejected = disk.read(folder), folder / manifests.REJECTED
    return Opened(store, report, rejected if report.rejected else None, int(store.time.max()))


def _keep_rejected(folder: Path, manifest: Manifest) -> None:
    rejected = ImportReport.from_json(manifest.facts["report"]).rejected
    if rejected:
        lines = [json.dumps({"file": r.file, "line": r.line, "reason": r.reason}) for r in rejected]
        write_whole(folder / manifests.REJECTED, "\n".join(lines) + "\n")
    else:
        (folder / manifests.REJECTED).unlink(missing_ok=True)
