"""Sessions by the rules S-2 to S-6, one user at a time, over plain lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

DAY_MS = 86_400_000


@dataclass(frozen=True)
class Record:
    """An event of one user, in UTC; ``key``: the value of the session's property, if it has one."""

    time: int
    name: str
    key: str | None = None


@dataclass(frozen=True)
class Session:
    """Places of the records that are in it, and its length in seconds where both ends are known."""

    members: list[int]
    length: float | None


def by_timeout(user: Sequence[Record], timeout_ms: int, excluded: str) -> list[Session]:
    """A gap longer than the timeout, or midnight, begins a new one."""
    runs: list[list[int]] = []
    for place, record in enumerate(user):
        if record.name == excluded:
            continue
        last = user[runs[-1][-1]] if runs else None
        if last is None or record.time - last.time > timeout_ms or _day(record) != _day(last):
            runs.append([])
        runs[-1].append(place)
    return [_whole(user, run) for run in runs]


def by_property(user: Sequence[Record], excluded: str) -> list[Session]:
    """Every change of the value, or midnight, begins a new one; records without a value are ignored."""
    runs: list[list[int]] = []
    for place, record in enumerate(user):
        if record.name == excluded or record.key is None:
            continue
        last = user[runs[-1][-1]] if runs else None
        if last is None or record.key != last.key or _day(record) != _day(last):
            runs.append([])
        runs[-1].append(place)
    return [_whole(user, run) for run in runs]


def by_events(user: Sequence[Record], start: str, end: str, excluded: str) -> tuple[list[Session], int]:
    """From a start to the next end of the day; and how many ends there are with a start before them."""
    sessions: list[Session] = []
    running: list[int] = []
    pending, ends = False, 0

    def stop(closed: bool) -> None:
        nonlocal running
        if running:
            length = (user[running[-1]].time - user[running[0]].time) / 1000 if closed else None
            sessions.append(Session(running, length))
        running = []

    for place, record in enumerate(user):
        if record.name == excluded:
            continue
        if running and _day(record) != _day(user[running[-1]]):
            stop(closed=False)
        if record.name == start and not running:
            running, pending = [place], True
        elif running:
            running.append(place)
        if record.name == end and pending:
            ends, pending = ends + 1, False
            stop(closed=True)
    stop(closed=False)
    return sessions, ends


def _whole(user: Sequence[Record], run: list[int]) -> Session:
    return Session(run, (user[run[-1]].time - user[run[0]].time) / 1000)


def _day(record: Record) -> int:
    return record.time // DAY_MS
