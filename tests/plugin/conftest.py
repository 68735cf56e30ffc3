from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parents[2]
_ALONE = ("-p", "pytest_mixpanel.plugin", "-W", "ignore::pytest.PytestAssertRewriteWarning")


class Suite:
    """A folder with a checks file whose verdicts are chosen, in which pytest is run."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester

    def write(self, name: str, *checks: str, head: str = "") -> Path:
        """A checks file; each check is an id, optionally followed by more keys in YAML's flow style."""
        lines = ["version: 1", "suite: shop", *([head] if head else []), "checks:"]
        for check in checks:
            id_, _, more = check.partition(" ")
            lines += [
                f"  - id: {id_}",
                "    measure: {funnel: {steps: [View Item, Purchase], within: 7d}}",
                "    fail_if: conversion < 18%",
                *(f"    {line}" for line in more.split("; ") if line),
            ]
        path = self.pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n")
        return path

    def test(self, **files: str) -> None:
        """Python test files by name."""
        self.pytester.makepyfile(**{name: dedent(text) for name, text in files.items()})

    def run(self, *arguments: str) -> pytest.RunResult:
        """Run pytest in this process, with no other plugin than ours."""
        return self.pytester.runpytest_inprocess(*_ALONE, *arguments)

    def run_distributed(self, *arguments: str) -> pytest.RunResult:
        """Run pytest with two workers."""
        return self.pytester.runpytest_subprocess(*_ALONE, "-p", "xdist.plugin", "-n", "2", *arguments)


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Suite:
    for name in ("COLUMNS", "CI", "GITHUB_STEP_SUMMARY", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.syspath_prepend(ROOT)
    pytester.makeconftest("from tests.plugin.fake_house import _mixpanel_session, mixpanel\n")
    return Suite(pytester)
