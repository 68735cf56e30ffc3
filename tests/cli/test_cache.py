"""``pytest-mixpanel cache``."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pytest_mixpanel.cli.app import app
from pytest_mixpanel.workspace.transport.cache import Cache
from pytest_mixpanel.workspace.transport.whose import Whose
from tests.workspace.transport.asking import Wire, ask


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder with two answers and a store in it."""
    monkeypatch.setenv("MIXPANEL_CACHE", str(tmp_path))
    for event in ("Login", "Purchase"):
        cache = Cache(Wire(), tmp_path / "answers", lambda: Whose("3", "UTC"))
        ask(cache, "query/segmentation", event=event)
    (tmp_path / "stores").mkdir()
    (tmp_path / "stores" / "kept").touch()
    return tmp_path


def said(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["cache", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_it_says_where_how_many_and_how_large(folder: Path) -> None:
    assert said("show") == f"{folder / 'answers'}\n2 answers, 0.0 MB\n"


def test_clearing_forgets_answers_and_leaves_stores(folder: Path) -> None:
    assert said("clear") == "2 answers forgotten\n"
    assert said("clear") == "0 answers forgotten\n"
    assert (folder / "stores" / "kept").exists()


def test_another_folder_can_be_named(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert said("clear", "--folder", str(elsewhere)) == "0 answers forgotten\n"
    assert said("show").endswith("2 answers, 0.0 MB\n")
