"""The end of a run: the block in the terminal, reports, the step summary."""

from __future__ import annotations

import json

import pytest

from tests.plugin.conftest import Suite


def test_the_block_counts_and_names_owners_and_what_waits(suite: Suite) -> None:
    suite.write(
        "shop.checks.yaml", "pass-a", "warn-b owner: growth", "fail-c owner: growth", "fail-d", "blocked-e"
    )
    suite.run().stdout.fnmatch_lines(
        [
            "*= mixpanel: project not said, as of 2026-08-28 00:00 UTC =*",
            " 5 checks   1 pass   1 warn   2 fail   1 blocked",
            " queries   5 asked",
            " owners    growth 1 fail, 1 warn · no owner 1 fail",
            " blocked   blocked-e: conversion of blocked-e",
        ]
    )


def test_what_did_not_fail_but_is_no_plain_pass_has_its_panel_in_the_block(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "pass-a", "warn-b", "inconclusive-c")
    text = suite.run().stdout.str()
    assert text.index("mixpanel: to look at") < text.index("UNSURE  shop::inconclusive-c")
    assert text.index("UNSURE  shop::inconclusive-c") < text.index("WARN  shop::warn-b")
    assert "PASS  shop::pass-a" not in text


def test_collecting_shows_no_block(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "pass-a")
    suite.run("--collect-only").stdout.no_fnmatch_line("*mixpanel: *")


@pytest.mark.parametrize("suffix", [".html", ".md", ".json", ".jsonl"])
def test_a_report_is_written_and_named(suite: Suite, suffix: str) -> None:
    suite.write("shop.checks.yaml", "pass-a", "fail-b")
    result = suite.run(f"--mixpanel-report=reports/run{suffix}")
    written = suite.pytester.path / "reports" / f"run{suffix}"
    assert "fail-b" in written.read_text()
    assert [path.name for path in written.parent.iterdir()] == [written.name]
    result.stdout.fnmatch_lines([f" report    reports/run{suffix}"])


def test_a_report_that_cannot_be_written_fails_the_run_and_is_named(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "pass-a")
    (suite.pytester.path / "taken").write_text("a file, where a folder is wanted")
    result = suite.run("--mixpanel-report=taken/run.md", "--mixpanel-report=run.json")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([" report    taken/run.md could not be written: *", " report    run.json"])
    assert json.loads((suite.pytester.path / "run.json").read_text())["checks"]


def test_the_step_summary_of_github_is_added_to(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = suite.pytester.path / "summary.md"
    summary.write_text("# Before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    suite.write("shop.checks.yaml", "fail-b")
    suite.run()
    text = summary.read_text()
    assert text.startswith("# Before\n## Mixpanel checks: project ")
    assert "### FAIL shop::fail-b" in text


def test_a_run_without_checks_writes_nothing(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = suite.pytester.path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    suite.test(test_other="def test_yes(): pass")
    suite.run().assert_outcomes(passed=1)
    assert not summary.exists()
