"""An import that is killed leaves the old store or none, and the next one finishes the job."""

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

from pytest_mixpanel.engine.importing.open import open_source

IMPORT = """
import sys
from pathlib import Path
from pytest_mixpanel.engine.importing.open import open_source
open_source(Path(sys.argv[1]), Path(sys.argv[2]))
"""
EVENTS = 20_000


@pytest.fixture
def export(tmp_path: Path) -> Path:
    file = tmp_path / "export.jsonl"
    with file.open("w") as out:
        for number in range(EVENTS):
            properties = {"time": 1_735_689_600 + number, "distinct_id": f"user {number % 700}", "n": number}
            out.write(json.dumps({"event": "Login", "properties": properties}) + "\n")
    return file


def started(export: Path, cache: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", IMPORT, str(export), str(cache)])


def killed_at_random(export: Path, cache: Path, times: int) -> None:
    begun = time.perf_counter()
    assert started(export, cache).wait() == 0
    whole = time.perf_counter() - begun
    (good,) = (folder for folder in cache.iterdir() if not folder.name.startswith("."))
    before = sorted(file.name for file in good.iterdir())
    moments = random.Random(7)
    for number in range(times):
        with export.open("a") as out:  # a changed file is imported anew, beside the store of the old one
            properties = {"time": 1_735_689_600, "distinct_id": "late", "n": number}
            out.write(json.dumps({"event": "Login", "properties": properties}) + "\n")
        process = started(export, cache)
        time.sleep(moments.uniform(0, whole))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert sorted(file.name for file in good.iterdir()) == before
        for folder in cache.iterdir():
            if not folder.name.startswith("."):
                assert (folder / "manifest.json").exists(), "a store under its name is a whole one"
    assert open_source(export, cache).report.events == EVENTS + times


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_killed_import_leaves_stores_whole(export: Path, tmp_path: Path) -> None:
    killed_at_random(export, tmp_path / "cache", times=2)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_an_import_killed_twenty_times_leaves_stores_whole(export: Path, tmp_path: Path) -> None:
    killed_at_random(export, tmp_path / "cache", times=20)
