"""An import that is killed leaves the old store, the new one or none, and the next one finishes the job."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pytest_mixpanel.engine.importing.open import import_source, open_source
from pytest_mixpanel.engine.store.manifest import read_manifest
from pytest_mixpanel.engine.store.opening import open_segments
from pytest_mixpanel.engine.store.readers import READERS, WRITER
from pytest_mixpanel.engine.store.unify import entries_of

IMPORT = """
import sys
from pathlib import Path
from pytest_mixpanel.engine.importing.open import open_source
open_source(Path(sys.argv[1]), Path(sys.argv[2]))
"""
INTO = IMPORT.replace("open_source", "import_source")
EVENTS, DAY = 20_000, 4_000


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    write_day(folder, 0, EVENTS)
    return folder


def write_day(folder: Path, day: int, events: int, identity: str = "legacy") -> None:
    """Events of 700 users, every other of whom is known only from the second day on."""
    with (folder / f"day-{day:02d}.jsonl").open("w") as out:
        for number in range(events):
            user, name = number % 700, "Login"
            device = f"{user:08x}-1111-4111-8111-111111111111"
            known = day > 0 or user % 2 == 0
            properties: dict[str, object] = {"time": 1_735_689_600 + 86_400 * day + number, "n": number}
            properties["distinct_id"] = f"user {user}" if known or identity == "legacy" else device
            if identity == "simplified":
                properties |= {"$device_id": device, **({"$user_id": f"user {user}"} if known else {})}
            if identity == "original" and day > 0 and number < 700:
                name = "$identify"
                properties |= {"$anon_id": device, "$identified_id": f"user {user}"}
            out.write(json.dumps({"event": name, "properties": properties}) + "\n")


def started(export: Path, cache: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", IMPORT, str(export), str(cache)])


def events_in(folder: Path) -> int:
    """The events of a store, all of whose columns can be read."""
    found = open_segments(folder)
    assert found is not None
    store, _ = found
    assert len(store.time) == len(store.event) == len(store)
    assert all(len(entries_of(column)) == len(store) for column in store.columns.values())
    assert len(store.users) == 700
    return len(store)


def killed_at_random(export: Path, cache: Path, times: int, identity: str) -> None:
    (export / "project.json").write_text(json.dumps({"identity": identity}))
    write_day(export, 0, EVENTS, identity)
    begun = time.perf_counter()
    assert started(export, cache).wait() == 0
    whole = time.perf_counter() - begun
    (folder,) = cache.iterdir()
    before = events_in(folder)
    moments = random.Random(7)
    for number in range(1, times + 1):
        write_day(export, number, DAY, identity)
        process = started(export, cache)
        time.sleep(moments.uniform(0, whole))
        process.send_signal(signal.SIGKILL)
        process.wait()
        found = events_in(folder)
        assert found in (before, EVENTS + number * DAY), "the old store or the new one"
        before = found
    assert open_source(export, cache).report.events == EVENTS + times * DAY == events_in(folder)
    listed = read_manifest(folder)
    assert listed is not None
    left = {entry.name for entry in folder.iterdir()} - listed.kept - {READERS, WRITER}
    assert not left, "what killed imports have left is removed by the next one"


def test_a_first_import_that_is_killed_leaves_nothing_that_is_in_the_way(
    export: Path, tmp_path: Path
) -> None:
    process = subprocess.Popen([sys.executable, "-c", INTO, str(export), str(tmp_path / "store")])
    time.sleep(0.4)
    process.kill()
    process.wait()
    assert import_source(export, tmp_path / "store").report.events == EVENTS


@pytest.mark.parametrize("identity", ["legacy", "simplified", "original"])
@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_killed_import_leaves_the_old_store_or_the_new_one(
    export: Path, tmp_path: Path, identity: str
) -> None:
    killed_at_random(export, tmp_path / "cache", 2, identity)


@pytest.mark.slow
@pytest.mark.parametrize("identity", ["legacy", "simplified", "original"])
@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_an_import_killed_twenty_times_leaves_the_old_store_or_the_new_one(
    export: Path, tmp_path: Path, identity: str
) -> None:
    killed_at_random(export, tmp_path / "cache", 20, identity)
