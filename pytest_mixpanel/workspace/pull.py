"""Copy a project's events and profiles into a folder, day by day: what a local project is made of.

A day is a file that appears whole or not at all, so a run that was killed goes on where it was. What the
folder holds is said in ``.pull.json``; a day that was pulled before late events could arrive is pulled again.
"""

from __future__ import annotations

import gzip
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.files import write_whole
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.time import DateRange

STATE = ".pull.json"
EVENTS = "events"
PROFILES = "profiles.jsonl.gz"
DRAFTS = ".*.part"
"""Files that have not got their names yet."""

LATE = timedelta(days=5)
"""How long after a day its events may still arrive (ingestion takes those of the last five days)."""


class Source(Protocol):
    """What is pulled from: a ``Workspace``, or whatever streams like one."""

    def stream_events(self, *, from_date: str, to_date: str, raw: bool) -> Iterator[dict[str, Any]]: ...

    def stream_profiles(self, *, raw: bool) -> Iterator[dict[str, Any]]: ...


@frozen
class Pulled:
    """What a run has copied: ``events`` of ``days``; ``kept`` days were there already."""

    days: int
    kept: int
    events: int
    profiles: int


@frozen
class Step:
    """How far a run is: the day (``None`` for profiles), how many of its lines, days done and in all.

    ``finished`` is told once for every file, when it has its name.
    """

    day: date | None
    lines: int
    finished: bool
    done: int
    days: int


Progress = Callable[[Step], None]
_Told = Callable[[int, bool], None]
EVERY = 1_000
"""Lines between two calls of the progress."""


@frozen
class _State:
    """``project``: what the folder is a copy of; ``days``: when each was pulled."""

    project: str
    time_zone: str
    days: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        return {"project": self.project, "time_zone": self.time_zone, "days": dict(sorted(self.days.items()))}


def pull(
    source: Source,
    folder: Path,
    days: DateRange,
    *,
    project: str,
    time_zone: str,
    now: datetime,
    profiles: bool = True,
    progress: Progress | None = None,
) -> Pulled:
    """Copy ``days`` of a project into ``folder``; what is there and settled stays.

    Raises ``ConfigError`` for a folder that holds another project, and what the source raises; every day
    that was finished by then is kept.
    """
    state = _state_of(folder, project, time_zone)
    _remember(state, folder)
    _remove_drafts(folder)
    write_whole(folder / "project.json", json.dumps({"time_zone": time_zone}) + "\n")
    missing = [day for day in days if not _is_settled(state, folder, day)]
    pulled_events = 0
    for done, day in enumerate(missing):
        lines = source.stream_events(from_date=day.isoformat(), to_date=day.isoformat(), raw=True)
        told = _telling(progress, day, done, len(missing))
        pulled_events += _write_lines(_file_of(folder, day), lines, told)
        state = _State(project, time_zone, {**state.days, day.isoformat(): now.isoformat(timespec="seconds")})
        _remember(state, folder)
    found = 0
    if profiles:
        told = _telling(progress, None, len(missing), len(missing))
        found = _write_lines(folder / PROFILES, source.stream_profiles(raw=True), told)
    return Pulled(len(missing), len(days) - len(missing), pulled_events, found)


def _state_of(folder: Path, project: str, time_zone: str) -> _State:
    try:
        told = json.loads((folder / STATE).read_text(encoding="utf-8"))
        state = _State(str(told["project"]), str(told["time_zone"]), dict(told["days"]))
    except FileNotFoundError:
        if folder.exists() and set(folder.iterdir()) - set(folder.glob(DRAFTS)):
            raise ConfigError(
                f"{folder} is not empty and was not pulled by this command; name a new folder"
            ) from None
        return _State(project, time_zone, {})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{folder / STATE} cannot be read ({error}); remove it and pull into a new folder"
        ) from error
    if not has_days(folder):  # a run that was refused, or ended before its first day
        return _State(project, time_zone, {})
    if (state.project, state.time_zone) != (project, time_zone):
        raise ConfigError(
            f"{folder} holds project {state.project} in {state.time_zone}, not {project} in {time_zone}; "
            "name another folder"
        )
    return state


def has_days(folder: Path) -> bool:
    """Whether a day has been copied into the folder."""
    return any((folder / EVENTS).glob("*.jsonl.gz"))


def _remember(state: _State, folder: Path) -> None:
    write_whole(folder / STATE, json.dumps(state.to_json(), indent=1) + "\n")


def _remove_drafts(folder: Path) -> None:
    """What a killed run has left half written."""
    for draft in folder.rglob(DRAFTS):
        draft.unlink(missing_ok=True)


def _is_settled(state: _State, folder: Path, day: date) -> bool:
    """Whether the day is there, and was pulled when nothing late could come any more."""
    at = state.days.get(day.isoformat())
    if at is None or not _file_of(folder, day).exists():
        return False
    return datetime.fromisoformat(at).date() > day + LATE


def _file_of(folder: Path, day: date) -> Path:
    return folder / EVENTS / f"{day}.jsonl.gz"


def _write_lines(path: Path, records: Iterable[Mapping[str, Any]], told: _Told) -> int:
    """The records, one a line, in a file that appears whole or not at all; how many there were."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    count = 0
    try:
        with draft.open("xb") as raw:
            with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=6) as stream:
                for count, record in enumerate(records, 1):
                    line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
                    stream.write(line.encode() + b"\n")
                    if count % EVERY == 0:
                        told(count, False)
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    told(count, True)
    return count


def _telling(progress: Progress | None, day: date | None, done: int, days: int) -> _Told:
    def told(lines: int, finished: bool) -> None:
        if progress is not None:
            progress(Step(day, lines, finished, done + (finished and day is not None), days))

    return told
