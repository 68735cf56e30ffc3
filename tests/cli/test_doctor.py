"""``pytest-mixpanel doctor``."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pytest_mixpanel.cli.app import app


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def doctor(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["doctor", *arguments])
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def test_a_sound_installation_and_suite_are_well(folder: Path) -> None:
    CliRunner().invoke(app, ["init", "checks"])
    code, told = doctor()
    assert code == 0
    assert "BAD" not in told
    assert "ok   checks/shop.checks.yaml 6 checks" in told


def test_without_checks_it_says_how_to_begin(folder: Path) -> None:
    code, told = doctor()
    assert code == 0
    assert "pytest-mixpanel init writes some" in told


def test_a_broken_file_is_shown_with_its_problems(folder: Path) -> None:
    (folder / "bad.checks.yaml").write_text("version: 1\nchecks:\n  - {id: a, measure: {funel: {}}}\n")
    code, told = doctor()
    assert code == 1
    assert "BAD  bad.checks.yaml" in told
    assert "did you mean 'funnel'?" in told


def test_hidden_folders_are_not_looked_into(folder: Path) -> None:
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bad.checks.yaml").write_text("[")
    assert doctor()[0] == 0


def test_a_project_that_is_not_there_is_told(folder: Path) -> None:
    code, told = doctor("--project", "no/such/export")
    assert code == 1
    assert "BAD  project            there is no project 'no/such/export'" in told


def test_a_folder_that_is_not_there_is_no_folder_without_checks(folder: Path) -> None:
    code, told = doctor("cheks")
    assert code == 1
    assert f"BAD  checks             there is no folder {folder / 'cheks'}" in told
