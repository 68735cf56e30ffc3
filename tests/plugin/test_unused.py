"""A run that has nothing to do with Mixpanel pays nothing for the plugin; another one, for what it asks."""

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


CHECKS = """
version: 1
checks:
  - id: most-buy
    measure: {funnel: {steps: [Start, Buy], within: 1d}}
    window: 21d
    fail_if: conversion < 50%
"""


def a_shop(folder: Path) -> str:
    """Exported events of four weeks, whose users mostly buy, and a check of days enough to see a spread."""
    with (folder / "events.jsonl").open("w") as stream:
        for user in range(1_400):
            start = 1_767_225_600 + user % 28 * 86_400
            for event, time in (("Start", start), ("Buy", start + 3_600))[: 1 + (user % 5 > 0)]:
                properties = {"time": time, "distinct_id": f"user {user}"}
                stream.write(json.dumps({"event": event, "properties": properties}) + "\n")
    (folder / "shop.checks.yaml").write_text(CHECKS)
    return str(folder / "events.jsonl")


def test_a_rate_of_a_stored_project_is_judged_without_networks_models_and_statistics(tmp_path: Path) -> None:
    events, cache = a_shop(tmp_path), tmp_path / "cache"
    asked = ("-p", "pytest_mixpanel.plugin", f"--mixpanel-project={events}", f"--mixpanel-cache={cache}")
    for _ in range(2):  # imported by the first, stored for the second
        loaded = modules_after(tmp_path, *asked)
    assert {"numpy", "yaml", "pytest_mixpanel.engine.funnels.report"} <= loaded
    unneeded = HEAVY - {"numpy", "yaml", "platformdirs"} | {"filelock", "httpcore", "numpy.ma", "ssl"}
    assert unneeded & loaded == set()
