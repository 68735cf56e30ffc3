"""Read export files into a store, with a report of what was read and what was not."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pytest_mixpanel.core.errors import EventDataError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.importing.blocks import BreaksOffError, ByColumn, Scanned
from pytest_mixpanel.engine.importing.companions import NOTHING, Companions
from pytest_mixpanel.engine.importing.files import NO_FEEDS, Feed, read_blocks
from pytest_mixpanel.engine.importing.lines import Event, Rejected, read_line, read_record
from pytest_mixpanel.engine.importing.report import ImportReport, Progress, Reading, RejectedLine
from pytest_mixpanel.engine.importing.scanning import scanned
from pytest_mixpanel.engine.importing.sources import PIPED
from pytest_mixpanel.engine.importing.table import EventTable
from pytest_mixpanel.engine.settings import DEFAULTS, Settings
from pytest_mixpanel.engine.store.store import Store

TOLD_EVERY = 100_000
"""Events after which the progress is told."""

HOPELESS = 1_000
"""A file whose first so many lines hold no event is not an export; reading on would not help."""


@frozen
class ReadFile:
    """What was read of a file: its events, and the SHA-256 of its bytes as they were read."""

    events: int
    digest: str


def import_files(
    files: Sequence[Path],
    time_zone: str = "UTC",
    progress: Progress | None = None,
    beside: Companions = NOTHING,
) -> tuple[Store, ImportReport]:
    """Read export files; raises ``EventDataError`` when they hold no event at all."""
    table, _, rejected = read_files(files, progress)
    if not len(table):
        raise nothing_in(files, rejected)
    store, repeated = table.store(beside, time_zone)
    return store, _report(store, repeated, rejected)


def read_files(
    files: Sequence[Path],
    progress: Progress | None = None,
    feeds: Mapping[Path, Feed] = NO_FEEDS,
    room: Path | None = None,
) -> tuple[EventTable, list[ReadFile], list[RejectedLine]]:
    """The events of files in their order, what was read of each, and what is no event.

    ``feeds``: where files come from that do not lie at their path, as standard input. ``room``: a folder for
    what need not be in memory, to be written to a store in it.
    """
    size = None if feeds else sum(file.stat().st_size for file in files)
    ends: dict[Path, BreaksOffError] = {}
    while True:
        intake = _Intake(EventTable(room), [], progress, size, ends)
        try:
            found = [intake.read(file, feeds.get(file)) for file in files]
        except BreaksOffError as error:  # of a file of columns, which lies at its path
            ends[error.path] = error.with_traceback(None)  # which would hold what was read
        else:
            intake.tell()
            return intake.table, found, intake.rejected


def nothing_in(files: Sequence[Path], rejected: Sequence[RejectedLine]) -> EventDataError:
    """What to raise where files hold no event at all."""
    why = ""
    if rejected:
        why = f"; the first problem: {rejected[0].file}:{rejected[0].line}: {rejected[0].reason}"
    names = ", ".join("standard input" if file == PIPED else str(file) for file in files[:3])
    empty = "is empty" if not rejected else "holds no event"
    form = (
        'one JSON object a line: {"event": "Login", "properties": {"time": 1735689600, "distinct_id": "u1"}}'
    )
    if all(file.suffix == ".parquet" for file in files):
        form = "the columns event, time and distinct_id"
    return EventDataError(f"{names} {empty}{why}; an export has {form}")


@dataclass(slots=True)
class _Intake:
    """Where the events of files go; ``ends`` of broken files.

    ``done``: bytes of the files before; ``told``: events, as they were told last.
    """

    table: EventTable
    rejected: list[RejectedLine]
    progress: Progress | None
    size: int | None
    ends: Mapping[Path, BreaksOffError]
    done: int = 0
    told: int = 0

    def read(self, file: Path, feed: Feed | None) -> ReadFile:
        events, rejected = len(self.table), len(self.rejected)

        def tell(number: int, reason: str) -> None:
            self.rejected.append(RejectedLine(str(file), number, reason))

        def read_other(number: int, line: bytes) -> Event | None:
            found = _decoded(line)
            if isinstance(found, Event):
                return found
            tell(number, found.reason)
            return None

        try:
            feed = feed or Feed.of(file)
        except OSError as error:
            tell(1, f"the file cannot be opened: {error.strerror}")
            return ReadFile(0, "")
        with (
            feed,
            ThreadPoolExecutor(1, thread_name_prefix="mixpanel-digest") as aside,
            closing(_scanned(file, feed, tell, self.ends.get(file))) as blocks,
        ):
            # Columns are read in another order than the bytes of a file lie in.
            digest = aside.submit(feed.digest) if feed.is_parquet else None
            for found in blocks:
                if isinstance(found, ByColumn):
                    self.table.add_columns(found)
                    continue
                self.table.add_block(found, read_other)
                if len(self.rejected) - rejected >= HOPELESS and len(self.table) == events:
                    del self.rejected[rejected + HOPELESS :]
                    break
                if len(self.table) - self.told >= TOLD_EVERY:
                    self.tell(feed.taken)
            blocks.close()
            sha = feed.digest() if digest is None else digest.result()
            self.done += feed.taken
        # A file is read ahead, and what ends it early is told before lines that are scanned yet.
        self.rejected[rejected:] = sorted(self.rejected[rejected:], key=lambda each: each.line)
        return ReadFile(len(self.table) - events, sha)

    def tell(self, taken: int = 0) -> None:
        """Tell the progress; ``taken``: bytes of the file that is being read."""
        self.told = len(self.table)
        if self.progress is not None:
            self.progress(Reading(self.told, len(self.rejected), self.done + taken, self.size))


def _scanned(
    file: Path, feed: Feed, tell: Callable[[int, str], None], end: BreaksOffError | None
) -> Generator[Scanned | ByColumn, None, None]:
    """The lines or rows of a file in blocks."""
    if not feed.is_parquet:
        return scanned(read_blocks(feed, tell))
    from pytest_mixpanel.engine.importing.columnar import parquet_rows

    return parquet_rows(file, tell, end)


def _decoded(line: bytes) -> Event | Rejected:
    try:
        return read_line(line.decode("utf-8"))
    except UnicodeDecodeError:
        return Rejected("not UTF-8 text")


def store_of_events(
    events: Iterable[Mapping[str, Any]],
    profiles: Sequence[Mapping[str, Any]] = (),
    lexicon: Sequence[Mapping[str, Any]] = (),
    time_zone: str = "UTC",
    settings: Settings = DEFAULTS,
) -> Store:
    """A store of records as an export holds them; raises ``EventDataError`` at the first that is no event."""
    table = EventTable()
    for number, event in enumerate(_records(events)):
        if isinstance(event, Rejected):
            raise EventDataError(f"event {number}: {event.reason}")
        table.add(event)
    return table.store(Companions(settings, profiles=profiles, lexicon=lexicon), time_zone)[0]


def _records(events: Iterable[Mapping[str, Any]]) -> Iterator[Event | Rejected]:
    return (read_record(dict(event)) for event in events)


def _report(store: Store, repeated: int, rejected: Sequence[RejectedLine]) -> ImportReport:
    first, last = np.datetime64(int(store.time.min()), "ms"), np.datetime64(int(store.time.max()), "ms")
    return ImportReport(
        events=len(store),
        users=store.n_users,
        repeated=repeated,
        rejected=tuple(rejected),
        first=str(first)[:10],
        last=str(last)[:10],
    )
