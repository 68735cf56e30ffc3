"""The command as a whole."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from pytest_mixpanel.cli.app import app


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
