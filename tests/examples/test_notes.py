"""What the examples write into a project is there after the run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_mixpanel import Workspace
from tests.examples.test_commands import EXAMPLES

LINE = '{"event": "Purchase", "properties": {"time": 1740823200, "distinct_id": "ana"}}\n'


@pytest.mark.parametrize("folder", ["annotate", "failing_board"])
def test_a_failure_is_written_down_once(folder: str, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / folder, tmp_path / folder)
    export = tmp_path / "events.jsonl"
    export.write_text(LINE, encoding="utf-8")
    cache = tmp_path / "cache"
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--mixpanel-project={export}"]
    for _ in range(2):
        run = subprocess.run(
            command,
            cwd=tmp_path / folder,
            env={**os.environ, "MIXPANEL_CACHE": str(cache)},
            capture_output=True,
            text=True,
        )
        assert run.returncode == 1, run.stdout + run.stderr
        assert "1 failed" in run.stdout
    with Workspace(project=str(export), cache=cache) as ws:
        if folder == "annotate":
            written = [(note.date[:10], note.description) for note in ws.list_annotations()]
            assert written == [("2025-03-01", "test_the_shop_sells fails")]
        else:
            (board,) = ws.list_dashboards()
            (card,) = board.contents["text"].values()
            assert card["markdown"] == "<h2>test_shop.py::test_the_shop_sells</h2>"
