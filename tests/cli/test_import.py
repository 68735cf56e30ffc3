"""``pytest-mixpanel import``: a store of its own, from a file, a folder or standard input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pytest_mixpanel.cli.app import app
from pytest_mixpanel.workspace import Workspace

LINES = [
    json.dumps({"event": "Login", "properties": {"time": 1735689600 + n * 3600, "distinct_id": f"u{n}"}})
    for n in range(5)
]
TEXT = "\n".join(LINES) + "\n"


def imported(*arguments: str, stdin: str | None = None) -> str:
    result = CliRunner().invoke(app, ["import", *arguments], input=stdin)
    assert result.exit_code == 0, result.output
    return result.output


def logins(store: Path) -> dict[str, float]:
    with Workspace(project=str(store)) as workspace:
        return workspace.query("Login", from_date="2025-01-01", to_date="2025-01-01").daily()


@pytest.mark.parametrize("source", ["file", "folder", "stdin"])
def test_a_store_of_its_own_is_a_project(source: str, tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "a.jsonl").write_text(TEXT)
    path = {"file": str(tmp_path / "export" / "a.jsonl"), "folder": str(tmp_path / "export"), "stdin": "-"}
    told = imported(
        path[source], "--into", str(tmp_path / "store"), stdin=TEXT if source == "stdin" else None
    )
    assert "5 events of 5 users, 2025-01-01 … 2025-01-01" in told
    assert logins(tmp_path / "store") == {"2025-01-01": 5}


def test_rejected_lines_are_kept_in_the_store_with_their_reasons(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(TEXT + "nonsense\n")
    told = imported(str(tmp_path / "a.jsonl"), "--into", str(tmp_path / "store"))
    assert "1 line rejected" in told
    (kept,) = (tmp_path / "store" / "rejected.jsonl").read_text().splitlines()
    assert json.loads(kept)["line"] == 6
    assert "not JSON" in json.loads(kept)["reason"]


def test_a_store_is_replaced_and_anything_else_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(LINES[0])
    imported(str(tmp_path / "a.jsonl"), "--into", str(tmp_path / "store"))
    (tmp_path / "a.jsonl").write_text(TEXT)
    imported(str(tmp_path / "a.jsonl"), "--into", str(tmp_path / "store"))
    assert logins(tmp_path / "store") == {"2025-01-01": 5}
    result = CliRunner().invoke(app, ["import", str(tmp_path / "a.jsonl"), "--into", str(tmp_path)])
    assert result.exit_code == 1
    assert "is not empty and no store of events; name a new folder" in result.output
