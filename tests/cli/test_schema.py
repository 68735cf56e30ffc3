"""``pytest-mixpanel schema``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from pytest_mixpanel.cli.app import app
from pytest_mixpanel.cli.init import starters


def schema(*arguments: str) -> Any:
    result = CliRunner().invoke(app, ["schema", *arguments])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def starter(suffix: str) -> Any:
    (file,) = [file for file in starters() if file.name.endswith(suffix)]
    return yaml.safe_load(file.read_text())


@pytest.mark.parametrize(
    ("arguments", "suffix"), [((), ".checks.yaml"), (("--plan",), "plan.yaml")], ids=["checks", "plan"]
)
def test_the_starter_files_are_valid(arguments: tuple[str, ...], suffix: str) -> None:
    validator = jsonschema.Draft202012Validator(schema(*arguments))
    validator.check_schema(validator.schema)
    assert [error.message for error in validator.iter_errors(starter(suffix))] == []


@pytest.mark.parametrize(
    ("arguments", "suffix"), [((), ".checks.yaml"), (("--plan",), "plan.yaml")], ids=["checks", "plan"]
)
def test_a_key_of_another_language_is_not(arguments: tuple[str, ...], suffix: str) -> None:
    file = {**starter(suffix), "soda": True}
    assert not jsonschema.Draft202012Validator(schema(*arguments)).is_valid(file)


def test_it_can_be_written_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "checks.schema.json"
    CliRunner().invoke(app, ["schema", "--output", str(path)])
    assert json.loads(path.read_text()) == schema()


def test_where_no_file_can_be_it_is_said(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["schema", "--output", str(tmp_path / "none" / "a.json")])
    assert result.exit_code == 1
    assert "a.json could not be written: No such file or directory" in result.output
