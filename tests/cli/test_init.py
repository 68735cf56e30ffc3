"""``pytest-mixpanel init``."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from pytest_mixpanel.cli.app import app
from pytest_mixpanel.cli.init import starters


def init(folder: Path) -> str:
    result = CliRunner().invoke(app, ["init", str(folder)])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_starter_suite_is_copied_and_the_next_command_told(tmp_path: Path) -> None:
    folder = tmp_path / "quality" / "checks"
    told = init(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        starter.name: starter.read_bytes() for starter in starters()
    }
    assert f"pytest --mixpanel-project=demo {folder}" in told
    assert told.count("written") == len(starters()) > 0


def test_what_is_there_already_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / starters()[0].name
    mine.write_text("mine")
    assert "kept" in init(tmp_path)
    assert mine.read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    result = CliRunner().invoke(app, ["init", str(tmp_path / "taken" / "checks")])
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert "Traceback" not in result.output
