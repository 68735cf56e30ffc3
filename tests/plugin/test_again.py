"""The command at the end of a message runs the same test again, to the same end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_mixpanel.plugin.again import repeated
from tests.plugin.conftest import Suite
from tests.plugin.test_project import CHECKS, PYTHON, purchases


@pytest.fixture
def shop(suite: Suite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Suite:
    """A project whose events have a blank in their path, and checks in a folder beside them."""
    folder = suite.pytester.path
    (folder / "conftest.py").unlink()
    (folder / "the shop").mkdir()
    (folder / "the shop" / "events.jsonl").write_text("".join(purchases()))
    (folder / "tests").mkdir()
    (folder / "tests" / "shop.checks.yaml").write_text(
        CHECKS.replace("< 50", "< ${floor}").replace("owner:", "vars: {floor: {type: number}}\nowner:")
    )
    (folder / "tests" / "plan.yaml").write_text("version: 1\nevents: {}\n")
    (folder / "tests" / "test_shop.py").write_text(PYTHON)
    suite.pytester.makeini("[pytest]\n")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTEST_PLUGINS", "pytest_mixpanel.plugin")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    return suite


PROJECT = ("--mixpanel-project=the shop", "--mixpanel-var", "floor=50")


MESSAGE = """
FAIL  shop::too-high   Purchase events: lowest 10 is under 50
  got       10
  rule      fail_if lowest < 50   (tests/shop.checks.yaml:13)
  verdict   a plain count: no chance is in it
  days      ███████
  window    2026-08-14 → 08-20 (7 d, UTC); every day was over
  owner     growth
  again     pytest '--mixpanel-project=the shop' --mixpanel-var=floor=50 \\
            tests/shop.checks.yaml::too-high
"""


def shell(command: str, folder: Path) -> str:
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=False
    ).stdout


def command_of(text: str, name: str) -> str:
    """The command of a panel, as it is copied from the terminal."""
    panel = text.partition(f"FAIL  {name} ")[2].partition("\n\n")[0]
    found = re.search(r"^ +again     ((?:.*\\\n)*.*)", re.sub("^E", " ", panel, flags=re.M), re.M)
    assert found is not None, f"no command for {name}"
    return found[1]


@pytest.mark.parametrize("workers", [(), ("-p", "xdist.plugin", "-n", "2")], ids=["alone", "two workers"])
@pytest.mark.parametrize(("here", "project"), [(".", "the shop"), ("tests", "../the shop")])
def test_the_command_repeats_the_failure_of_a_check(
    shop: Suite, workers: tuple[str, ...], here: str, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shop.pytester.path / here
    monkeypatch.chdir(folder)
    typed = (
        f"--mixpanel-project={project}",
        "--mixpanel-var",
        "floor=50",
        "--mixpanel-select=not kind:lexicon",
    )
    first = shop.pytester.runpytest_subprocess(*workers, *typed).stdout.str()
    again = shell(command_of(first, "shop::too-high"), folder)
    assert "FAIL  shop::too-high   Purchase events: lowest 10 is under 50" in again
    assert " 1 check   1 fail" in again
    assert command_of(again, "shop::too-high") == command_of(first, "shop::too-high")
    assert "select" not in command_of(first, "shop::too-high")


def test_the_command_closes_the_message(shop: Suite) -> None:
    first = shop.pytester.runpytest_subprocess(*PROJECT, "-k", "too-high").stdout.str()
    assert MESSAGE in first


def test_the_command_of_a_test_in_python_names_the_test(shop: Suite) -> None:
    first = shop.pytester.runpytest_subprocess(*PROJECT).stdout.str()
    command = command_of(first, "volume-purchase")
    assert command.endswith("tests/test_shop.py::test_a_check")
    assert "1 failed in" in shell(command, shop.pytester.path)


SAID = "[pytest]\nmixpanel_project = demo\nmixpanel_var = floor=50\n    ceiling=60\n"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ""),
        ("--mixpanel-project=demo", ""),
        ("--mixpanel-project demo:incident", "--mixpanel-project=demo:incident"),
        ("--mixpanel-var=floor=50 --mixpanel-var=ceiling=60", ""),
        ("--mixpanel-var=floor=50", "--mixpanel-var=floor=50"),
        (
            "--mixpanel-now=2026-08-28 --mixpanel-allow-writes",
            "--mixpanel-allow-writes --mixpanel-now=2026-08-28",
        ),
        ("--mixpanel-region=eu --mixpanel-fail-on=fail", "--mixpanel-region=eu"),
        ("--mixpanel-report=a.html --mixpanel-plan --mixpanel-budget=9/h --mixpanel-baselines=update", ""),
        ("-o mixpanel_project=42 -o addopts=", "--override-ini=mixpanel_project=42"),
        ("--rootdir=. @typed.txt", "--rootdir=. --mixpanel-region=in"),
    ],
)
def test_what_was_typed_and_decides_is_repeated(suite: Suite, typed: str, expected: str) -> None:
    suite.pytester.makeini(SAID)
    (suite.pytester.path / "typed.txt").write_text("--mixpanel-region=in\n")
    config = suite.pytester.parseconfig("-p", "pytest_mixpanel.plugin", *typed.split())
    assert " ".join(repeated(config)) == expected


def test_what_ini_and_environment_always_add_is_not_repeated(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite.pytester.makeini("[pytest]\naddopts = --mixpanel-project=demo\nmixpanel_region = nowhere\n")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--mixpanel-now=2026-08-28")
    config = suite.pytester.parseconfig("-p", "pytest_mixpanel.plugin", "--mixpanel-region=eu")
    assert repeated(config) == ("--mixpanel-region=eu",)


def test_a_secret_in_a_variable_is_masked_in_the_command(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "canary-77b1-5d10b7f2"
    monkeypatch.setenv("MP_SECRET", secret)
    suite.write("shop.checks.yaml", "fail-a")
    typed = (f"--mixpanel-var=key={secret}", "--mixpanel-report=run.html")
    result = suite.pytester.runpytest_subprocess("-p", "pytest_mixpanel.plugin", *typed)
    shown = result.stdout.str()
    assert "  again     pytest --mixpanel-var=key=***" in shown
    assert "var key=***" in shown
    assert secret not in shown
    assert secret not in (suite.pytester.path / "run.html").read_text()
