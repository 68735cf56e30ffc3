"""A copy of a project, day by day: nothing twice, nothing half, wherever it was interrupted."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pytest_mixpanel.core.errors import ConfigError, ServerError
from pytest_mixpanel.core.time import DateRange
from pytest_mixpanel.workspace import Workspace
from pytest_mixpanel.workspace.pull import LATE, Pulled, Step, pull

DAYS = DateRange(date(2026, 3, 1), date(2026, 3, 5))
LATER = datetime(2026, 6, 1, 12, tzinfo=UTC)


def event(day: str, number: int) -> dict[str, Any]:
    moment = datetime.fromisoformat(f"{day}T09:00:00+00:00") + timedelta(minutes=number)
    properties = {
        "time": int(moment.timestamp()),
        "distinct_id": f"u{number % 3}",
        "$insert_id": f"{day}{number}",
    }
    return {"event": "Login", "properties": properties}


@dataclass
class Streams:
    """A project with ``size`` events a day; ``trouble`` breaks off at that day, after a few of its events."""

    size: int = 4
    trouble: str = ""
    pause: float = 0.0
    asked: list[str] = field(default_factory=list)

    def stream_events(self, *, from_date: str, to_date: str, raw: bool) -> Iterator[dict[str, Any]]:
        assert from_date == to_date
        self.asked.append(from_date)
        for number in range(self.size):
            if from_date == self.trouble and number == self.size // 2:
                raise ServerError("Server error: 503", status_code=503)
            time.sleep(self.pause)
            yield event(from_date, number)

    def stream_profiles(self, *, raw: bool) -> Iterator[dict[str, Any]]:
        yield {"$distinct_id": "u1", "$properties": {"plan": "pro"}}


def run(source: Streams, folder: Path, *, now: datetime = LATER, **options: Any) -> Pulled:
    return pull(source, folder, DAYS, project="7", time_zone="UTC", now=now, **options)


def lines(folder: Path) -> list[dict[str, Any]]:
    files = sorted((folder / "events").glob("*.jsonl.gz"))
    return [json.loads(line) for file in files for line in gzip.open(file, "rt", encoding="utf-8")]


EVERYTHING = [event(day.isoformat(), number) for day in DAYS for number in range(4)]


def test_a_day_is_a_file_and_the_folder_a_project(tmp_path: Path) -> None:
    assert run(Streams(), tmp_path / "shop") == Pulled(5, 0, 20, 1)
    assert lines(tmp_path / "shop") == EVERYTHING
    with Workspace(project=str(tmp_path / "shop"), cache=tmp_path / "cache") as workspace:
        assert workspace.query("Login", from_date="2026-03-01", to_date="2026-03-05").daily() == {
            day.isoformat(): 4 for day in DAYS
        }


def test_what_is_there_is_not_asked_for_again(tmp_path: Path) -> None:
    run(Streams(), tmp_path)
    again = Streams()
    assert run(again, tmp_path) == Pulled(0, 5, 0, 1)
    assert again.asked == []


def test_days_that_late_events_may_still_reach_are_pulled_anew(tmp_path: Path) -> None:
    run(Streams(), tmp_path, now=datetime(2026, 3, 3, tzinfo=UTC) + LATE)
    again = Streams(size=5)
    assert run(again, tmp_path) == Pulled(3, 2, 15, 1)
    assert again.asked == ["2026-03-03", "2026-03-04", "2026-03-05"]


def test_a_run_that_broke_off_goes_on_where_it_was(tmp_path: Path) -> None:
    with pytest.raises(ServerError):
        run(Streams(trouble="2026-03-03"), tmp_path)
    assert sorted(path.name for path in (tmp_path / "events").iterdir()) == [
        "2026-03-01.jsonl.gz",
        "2026-03-02.jsonl.gz",
    ]
    again = Streams()
    assert run(again, tmp_path) == Pulled(3, 2, 12, 1)
    assert lines(tmp_path) == EVERYTHING


def test_the_same_project_makes_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        run(Streams(), tmp_path / folder)
    one, two = ((tmp_path / name / "events" / "2026-03-01.jsonl.gz").read_bytes() for name in ("one", "two"))
    assert one == two


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ConfigError, match="is not empty and was not pulled by this command"):
        run(Streams(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_of_another_project_is_refused(tmp_path: Path) -> None:
    run(Streams(), tmp_path)
    with pytest.raises(ConfigError, match="holds project 7 in UTC, not 8 in UTC; name another folder"):
        pull(Streams(), tmp_path, DAYS, project="8", time_zone="UTC", now=LATER)


def test_a_folder_whose_first_day_never_came_belongs_to_no_project(tmp_path: Path) -> None:
    with pytest.raises(ServerError):
        run(Streams(trouble="2026-03-01"), tmp_path)
    pull(Streams(), tmp_path, DAYS, project="8", time_zone="Europe/Berlin", now=LATER)
    assert json.loads((tmp_path / "project.json").read_text()) == {"time_zone": "Europe/Berlin"}


def test_progress_tells_every_file_once_when_it_is_there(tmp_path: Path) -> None:
    steps: list[Step] = []
    run(Streams(), tmp_path, progress=steps.append)
    assert [(step.day, step.lines, step.done) for step in steps if step.finished] == [
        *((day, 4, number) for number, day in enumerate(DAYS, 1)),
        (None, 1, 5),
    ]


SLOW = """
import sys
from pathlib import Path
from tests.workspace.test_pull import Streams, run
print("begun", flush=True)
run(Streams(pause=0.005), Path(sys.argv[1]))
"""


def kill_after(folder: Path, moment: float) -> None:
    """Begin a run, kill it after so many seconds, and see that what is there are whole days."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])}
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(folder)], env=environment, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    kept = lines(folder) if folder.exists() else []
    assert kept == [one for one in EVERYTHING if one in kept]
    assert len(kept) % 4 == 0


def finish(folder: Path) -> None:
    run(Streams(), folder)
    assert lines(folder) == EVERYTHING
    assert not list(folder.rglob(".*.part"))


def test_a_killed_run_leaves_whole_days_and_the_next_one_finishes(tmp_path: Path) -> None:
    for moment in (0.0, 0.02, 0.04, 0.06, 0.08):
        kill_after(tmp_path / "shop", moment)
    finish(tmp_path / "shop")


@pytest.mark.slow
def test_runs_killed_at_twenty_random_moments_are_finished_by_the_next_one(tmp_path: Path) -> None:
    random = Random(4)
    for number in range(20):
        folder = tmp_path / str(number)
        kill_after(folder, random.uniform(0, 0.15))
        finish(folder)
