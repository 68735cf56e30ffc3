"""Read export files into a store, with a report of what was read and what was not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from pytest_mixpanel.core.errors import EventDataError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.words import counted
from pytest_mixpanel.engine.importing.blocks import Scanned, scanned
from pytest_mixpanel.engine.importing.companions import NOTHING, Companions
from pytest_mixpanel.engine.importing.files import read_blocks
from pytest_mixpanel.engine.importing.lines import Event, Rejected, read_line, read_record
from pytest_mixpanel.engine.importing.parquet import is_parquet
from pytest_mixpanel.engine.importing.table import EventTable
from pytest_mixpanel.engine.settings import DEFAULTS, Settings
from pytest_mixpanel.engine.store.store import Store

Progress = Callable[[int], None]
"""Called with the number of events read so far, now and then."""

HOPELESS = 1_000
"""A file whose first so many lines hold no event is not an export; reading on would not help."""


@frozen
class RejectedLine:
    """A line, or a row of a Parquet file, that is no event: where it stands and why."""

    file: str
    line: int
    reason: str


@frozen
class ImportReport:
    """What became of the lines: every one is an event, a repeated delivery, or rejected."""

    events: int
    users: int
    repeated: int
    rejected: tuple[RejectedLine, ...]
    first: str
    last: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ImportReport:
        return cls(**{**data, "rejected": tuple(RejectedLine(**line) for line in data["rejected"])})

    def summary(self) -> str:
        """One line for people, as ``262,200 events of 13,087 users, 3 lines rejected (first: …)``."""
        said = f"{counted(self.events, 'event')} of {counted(self.users, 'user')}, {self.first} … {self.last}"
        if self.repeated:
            deliveries = "delivery" if self.repeated == 1 else "deliveries"
            said += f", {self.repeated:,} repeated {deliveries} left out"
        if self.rejected:
            worst = self.rejected[0]
            lines = counted(len(self.rejected), "line")
            said += f", {lines} rejected (first: {worst.file}:{worst.line}: {worst.reason})"
        return said


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
    files: Sequence[Path], progress: Progress | None = None
) -> tuple[EventTable, list[int], list[RejectedLine]]:
    """The events of files in their order, how many each has, and what is none."""
    table, counts, rejected = EventTable(), [], []
    for file in files:
        before = len(table)
        rejected += _read_file(file, table, progress)
        counts.append(len(table) - before)
    return table, counts, rejected


def nothing_in(files: Sequence[Path], rejected: Sequence[RejectedLine]) -> EventDataError:
    """What to raise where files hold no event at all."""
    why = ""
    if rejected:
        why = f"; the first problem: {rejected[0].file}:{rejected[0].line}: {rejected[0].reason}"
    names = ", ".join(map(str, files[:3]))
    empty = "is empty" if not rejected else "holds no event"
    return EventDataError(
        f"{names} {empty}{why}; an export has one JSON object a line: "
        '{"event": "Login", "properties": {"time": 1735689600, "distinct_id": "u1"}}'
    )


def _read_file(file: Path, table: EventTable, progress: Progress | None) -> list[RejectedLine]:
    rejected: list[RejectedLine] = []
    before, told = len(table), len(table)

    def read_other(number: int, line: bytes) -> Event | None:
        found = _decoded(line)
        if isinstance(found, Event):
            return found
        rejected.append(RejectedLine(str(file), number, found.reason))
        return None

    def tell(number: int, reason: str) -> None:
        rejected.append(RejectedLine(str(file), number, reason))

    for found in _scanned(file, tell):
        table.add_block(found, read_other)
        if len(rejected) >= HOPELESS and len(table) == before:
            del rejected[HOPELESS:]
            break
        if progress is not None and len(table) - told >= 100_000:
            told = len(table)
            progress(told)
    return rejected


def _scanned(file: Path, tell: Callable[[int, str], None]) -> Iterator[Scanned]:
    """The lines or rows of a file in blocks."""
    if not is_parquet(file):
        return scanned(read_blocks(file, tell))
    from pytest_mixpanel.engine.importing.arrow import parquet_rows

    return parquet_rows(file, tell)


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
