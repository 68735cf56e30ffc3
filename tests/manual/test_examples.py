"""Every example of the manual runs on the demo project, and every method has one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pytest_mixpanel.core.place import cache_folder
from pytest_mixpanel.manual.examples import Example, example_of, examples
from pytest_mixpanel.manual.names import entries


@pytest.mark.parametrize("example", examples(), ids=lambda example: f"{example.file}: {example.about}")
def test_an_example_runs(example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIXPANEL_CACHE", str(cache_folder()))  # the demo is not built anew in every home
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in [name for name in os.environ if name.startswith("MP_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    exec(compile(example.text, f"{example.file}.py", "exec"), {"__name__": "example"})


def test_every_method_has_an_example() -> None:
    kinds = ("method", "property", "function")
    assert [n for n, entry in entries().items() if entry.kind in kinds and example_of(n) is None] == []


def test_a_name_is_shown_by_the_shortest_example_that_uses_it() -> None:
    example = example_of("Filter.equals")
    assert example is not None
    assert "mp.Filter.equals(" in example.code
    assert all(len(example.code) <= len(other.code) for other in examples() if "Filter.equals" in other.uses)
