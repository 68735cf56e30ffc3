"""The reference pages are what the code says."""

from __future__ import annotations

import ast
import importlib
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

import pytest_mixpanel

DOCS = Path(__file__).parents[2] / "docs"


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["options.md", "checks.md", "workspace.md", "__init__.pyi"])
def test_what_is_written_from_the_code_is_up_to_date(name: str) -> None:
    (path, write) = next((path, write) for path, write in generator().WRITTEN.items() if path.name == name)
    assert path.read_text(encoding="utf-8") == write(), "run: python docs/generate.py"


def test_type_checkers_see_every_public_name_where_it_is() -> None:
    stub = ast.parse(Path(pytest_mixpanel.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    seen = {
        alias.asname: getattr(importlib.import_module(str(line.module)), alias.name)
        for line in stub.body
        if isinstance(line, ast.ImportFrom)
        for alias in line.names
    }
    assert sorted(map(str, seen)) == pytest_mixpanel.__all__
    assert [name for name, value in seen.items() if getattr(pytest_mixpanel, str(name)) is not value] == []


def test_every_kind_has_an_example_that_is_refused_with_its_place() -> None:
    module = generator()
    assert set(module.EXAMPLES) == set(module.grammars())
    for _, invalid in module.EXAMPLES.values():
        assert "--> example.checks.yaml:" in module._problems(invalid)
