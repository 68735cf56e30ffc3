"""Every example of the manual runs on the demo project."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mixpanel.manual.examples import Example, example_of, examples


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("example", examples(), ids=lambda example: f"{example.file}: {example.about}")
def test_an_example_runs(
    example: Example, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIXPANEL_CACHE", str(cache))
    monkeypatch.chdir(tmp_path)
    exec(compile(example.text, f"{example.file}.py", "exec"), {"__name__": "example"})


def test_a_name_is_shown_by_the_shortest_example_that_uses_it() -> None:
    example = example_of("Filter.equals")
    assert example is not None
    assert "mp.Filter.equals(" in example.code
    assert all(len(example.code) <= len(other.code) for other in examples() if "Filter.equals" in other.uses)
