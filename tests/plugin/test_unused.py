"""A run that has nothing to do with Mixpanel pays nothing for the plugin."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import pytest_mixpanel

ROOT = Path(pytest_mixpanel.__file__).parents[1]
"""This checkout, whichever one is installed."""

HEAVY = {
    *("httpx", "pydantic", "yaml", "numpy", "pandas", "scipy", "duckdb", "pyarrow", "great_expectations"),
    *("networkx", "anytree", "lark", "rich", "typer", "stamina", "platformdirs", "asyncio", "sqlite3"),
}


def modules_after(folder: Path, *arguments: str) -> set[str]:
    """The modules imported by a pytest run of one trivial test in ``folder``, as its last hook sees them."""
    (folder / "test_one.py").write_text("def test_one(): pass\n")
    (folder / "other.yaml").write_text("services: [")
    (folder / "conftest.py").write_text(
        "import json, pathlib, sys\n"
        "def pytest_unconfigure(config):\n"
        "    pathlib.Path(__file__).with_name('modules.json').write_text(json.dumps(sorted(sys.modules)))\n"
    )
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={
            "PATH": "",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(ROOT),
        },
        check=True,
        capture_output=True,
        timeout=120,
    )
    return set(json.loads((folder / "modules.json").read_text()))


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    without = modules_after(tmp_path_factory.mktemp("without"))
    return modules_after(tmp_path_factory.mktemp("with"), "-p", "pytest_mixpanel.plugin") - without


def test_nothing_heavy_is_imported(added: set[str]) -> None:
    assert not {name for name in added if name.partition(".")[0] in HEAVY}


def test_no_third_party_package_is_imported_at_all(added: set[str]) -> None:
    roots = {name.partition(".")[0] for name in added}
    assert roots - set(sys.stdlib_module_names) == {"pytest_mixpanel"}


def test_of_the_house_only_the_plugin_is_imported(added: set[str]) -> None:
    ours = {name for name in added if name.startswith("pytest_mixpanel.")}
    assert {name for name in ours if not name.startswith("pytest_mixpanel.plugin")} == set()
