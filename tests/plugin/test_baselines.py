"""``--mixpanel-baselines``: who writes snapshots, and when forgotten ones are removed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.plugin.conftest import Suite

SNAPSHOT = "__baselines__/shop/pass-a.json"


def compared(suite: Suite, *ids: str, name: str = "shop.checks.yaml") -> None:
    """A checks file whose checks compare with a snapshot."""
    lines = ["version: 1", "checks:"]
    for id_ in ids:
        lines += [
            f"  - id: {id_}",
            "    measure: {funnel: {steps: [View Item, Purchase], within: 7d}}",
            "    compare: {to: snapshot}",
            "    max_drop: 2pp",
        ]
    (suite.pytester.path / name).parent.mkdir(parents=True, exist_ok=True)
    (suite.pytester.path / name).write_text("\n".join(lines) + "\n")


def kept(suite: Suite, *paths: str) -> list[Path]:
    files = [suite.pytester.path / path for path in paths]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{}")
    return files


@pytest.mark.parametrize("distributed", [False, True], ids=["one process", "two workers"])
def test_a_proposed_snapshot_is_written_once_with_who_and_why(
    suite: Suite, monkeypatch: pytest.MonkeyPatch, distributed: bool
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ada")
    compared(suite, "pass-a")
    run = suite.run_distributed if distributed else suite.run
    result = run("--mixpanel-baselines=update", "--mixpanel-reason=new checkout")
    written = json.loads((suite.pytester.path / SNAPSHOT).read_text())
    assert (written["accepted_by"], written["reason"]) == ("Ada", "new checkout")
    result.stdout.fnmatch_lines([f" baselines 1 written: {SNAPSHOT}"])


def test_checking_writes_nothing(suite: Suite) -> None:
    compared(suite, "pass-a")
    suite.run().assert_outcomes(passed=1)
    assert not (suite.pytester.path / "__baselines__").exists()


def test_a_snapshot_that_cannot_be_written_fails_the_run_and_is_named(suite: Suite) -> None:
    compared(suite, "pass-a")
    (suite.pytester.path / "__baselines__").write_text("a file, where a folder is wanted")
    result = suite.run("--mixpanel-baselines=update")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([" baselines *could not be written*"])


def test_pruning_removes_what_no_check_names(suite: Suite) -> None:
    compared(suite, "pass-a")
    compared(suite, "pass-b", name="sub/other.checks.yaml")
    mine, other, gone, lost = kept(
        suite,
        SNAPSHOT,
        "sub/__baselines__/other/pass-b.json",
        "__baselines__/shop/renamed.json",
        "__baselines__/removed/pass-a.json",
    )
    result = suite.run("--mixpanel-baselines=prune")
    assert mine.exists()
    assert other.exists()
    assert not gone.exists()
    assert not lost.exists()
    result.stdout.fnmatch_lines([" baselines 2 removed: pass-a.json, renamed.json"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-k", "pass"], "*needs all checks; take the selection away"),
        (["-m", "mixpanel"], "*needs all checks; take the selection away"),
        (["--mixpanel-select=id:pass-a"], "*needs all checks; take the selection away"),
        (["--lf"], "*needs all checks; take the selection away"),
        (["shop.checks.yaml"], "*looks at whole folders; name the folder"),
        (["shop.checks.yaml::pass-a"], "*looks at whole folders; name the folder"),
    ],
)
def test_pruning_is_refused_where_not_all_checks_are_at_hand(
    suite: Suite, arguments: list[str], message: str
) -> None:
    compared(suite, "pass-a")
    (forgotten,) = kept(suite, "__baselines__/shop/renamed.json")
    result = suite.run("--mixpanel-baselines=prune", *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: --mixpanel-baselines=prune {message}"])
    assert forgotten.exists()


def test_pruning_is_refused_where_a_file_cannot_be_read(suite: Suite) -> None:
    compared(suite, "pass-a")
    suite.write("bad.checks.yaml", "pass-b fail_iff: count < 1")
    (forgotten,) = kept(suite, "__baselines__/bad/pass-b.json")
    result = suite.run("--mixpanel-baselines=prune")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *needs all checks; mend bad.checks.yaml first"])
    assert forgotten.exists()


def test_pruning_is_done_by_one_process(suite: Suite) -> None:
    compared(suite, "pass-a")
    (forgotten,) = kept(suite, "__baselines__/shop/renamed.json")
    suite.run_distributed("--mixpanel-baselines=prune").assert_outcomes(passed=1)
    assert not forgotten.exists()
