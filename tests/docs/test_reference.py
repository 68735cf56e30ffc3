"""The reference pages are what the code says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parents[2] / "docs"


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["options.md", "checks.md", "workspace.md"])
def test_a_reference_page_is_up_to_date(name: str) -> None:
    written = (DOCS / "reference" / name).read_text(encoding="utf-8")
    assert written == generator().WRITTEN[name](), "run: python docs/generate.py"


def test_every_kind_has_an_example_that_is_refused_with_its_place() -> None:
    module = generator()
    assert set(module.EXAMPLES) == set(module.grammars())
    for _, invalid in module.EXAMPLES.values():
        assert "--> example.checks.yaml:" in module._problems(invalid)
