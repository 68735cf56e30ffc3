"""The command as a whole."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from pytest_mixpanel.cli.app import app
from pytest_mixpanel.core.version import VERSION


@pytest.mark.parametrize("command", ["init", "doctor", "schema"])
def test_every_command_has_help(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert command in result.output


def test_without_a_command_help_is_shown() -> None:
    result = CliRunner().invoke(app, [])
    assert "init" in result.output
    assert "doctor" in result.output


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, pytest_mixpanel.cli.app; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    assert not {"httpx", "pandas", "numpy", "duckdb", "yaml", "scipy", "great_expectations"} & set(loaded)


def test_the_version_is_told() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.output) == (0, f"pytest-mixpanel {VERSION}\n")


def test_the_paragraphs_of_a_help_flow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    told = CliRunner().invoke(app, ["import", "--help"]).output
    paragraph = told[told.index("Run it again") :].partition("A path works")[0]
    lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
    assert len(lines) > 1
    assert all(len(line) > 60 for line in lines[:-1])
