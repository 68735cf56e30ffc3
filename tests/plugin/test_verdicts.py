"""How verdicts appear: letters, words, counts, exit codes, JUnit."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tests.plugin.conftest import Suite

OUTCOMES = ("pass", "warn", "fail", "inconclusive", "error", "blocked", "waived")


def test_every_verdict_has_its_letter(suite: Suite) -> None:
    suite.write("shop.checks.yaml", *(f"{outcome}-a" for outcome in OUTCOMES))
    suite.run().stdout.fnmatch_lines(["shop.checks.yaml .wF[?]Ebx *"])


def test_every_verdict_has_its_word(suite: Suite) -> None:
    suite.write("shop.checks.yaml", *(f"{outcome}-a" for outcome in OUTCOMES))
    words = ("PASSED", "WARN", "FAILED", "UNSURE", "ERROR", "BLOCKED", "WAIVED")
    suite.run("-v").stdout.fnmatch_lines(
        [f"shop.checks.yaml::{outcome}-a {word}*" for outcome, word in zip(OUTCOMES, words, strict=True)]
    )


def test_the_last_line_counts_them(suite: Suite) -> None:
    suite.write("shop.checks.yaml", *(f"{outcome}-a" for outcome in OUTCOMES))
    suite.run().stdout.fnmatch_lines(
        ["*1 failed, 1 passed, 1 error, 1 warn, 1 inconclusive, 1 blocked, 1 waived in*"]
    )


@pytest.mark.parametrize(
    ("gate", "failing"),
    [
        ("fail", {"fail", "error"}),
        ("inconclusive", {"fail", "error", "inconclusive"}),
        ("warn", {"fail", "error", "inconclusive", "warn"}),
        ("never", set()),
    ],
)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_gate_decides_which_verdicts_fail_the_run(
    suite: Suite, gate: str, failing: set[str], outcome: str
) -> None:
    suite.write("shop.checks.yaml", f"{outcome}-a")
    expected = pytest.ExitCode.TESTS_FAILED if outcome in failing else pytest.ExitCode.OK
    assert suite.run(f"--mixpanel-fail-on={gate}").ret == expected


def test_never_forgives_checks_but_not_other_tests(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "fail-a")
    suite.test(test_other="def test_no(): assert False")
    assert suite.run("--mixpanel-fail-on=never").ret == pytest.ExitCode.TESTS_FAILED


def test_never_does_not_forgive_a_file_that_cannot_be_read(suite: Suite) -> None:
    suite.write("bad.checks.yaml", "pass-a fail_iff: count < 1")
    suite.write("shop.checks.yaml", "fail-a")
    assert suite.run("--mixpanel-fail-on=never").ret == pytest.ExitCode.TESTS_FAILED


def test_a_failure_is_shown_by_its_panel_without_a_traceback(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "fail-a")
    result = suite.run()
    result.stdout.fnmatch_lines(
        [
            "*FAILURES*",
            "*fail-a*",
            "FAIL  shop::fail-a   conversion of fail-a",
            "  A title",
            "  got       16.90 %",
        ]
    )
    result.stdout.fnmatch_lines(["FAILED shop.checks.yaml::fail-a - conversion of fail-a"])
    result.stdout.no_fnmatch_line("*raise *")


def test_an_error_is_shown_by_its_panel_without_a_traceback(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "error-a")
    result = suite.run()
    result.stdout.fnmatch_lines(["*ERRORS*", "ERROR  shop::error-a   conversion of error-a", "*16.90 %"])
    result.stdout.no_fnmatch_line("*raise *")


def test_a_gated_inconclusive_is_shown_among_the_failures_and_not_twice(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "inconclusive-a")
    text = suite.run("--mixpanel-fail-on=inconclusive").stdout.str()
    assert text.index("FAILURES") < text.index("UNSURE  shop::inconclusive-a")
    assert text.count("UNSURE  shop::inconclusive-a") == 1


def test_colours_are_used_where_the_terminal_has_them(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "fail-a", "warn-b")
    text = suite.run("--color=yes").stdout.str()
    assert "\x1b[31;1mFAIL\x1b[0m  shop::fail-a" in text
    assert "\x1b[33;1mWARN\x1b[0m  shop::warn-b" in text


def test_no_color_is_honoured(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    suite.write("shop.checks.yaml", "fail-a", "warn-b")
    assert "\x1b[" not in suite.run().stdout.str()


def test_junit_tells_failures_errors_and_skips_apart_and_keeps_the_verdicts(suite: Suite) -> None:
    suite.write("shop.checks.yaml", *(f"{outcome}-a owner: growth" for outcome in OUTCOMES))
    suite.run("--junitxml=junit.xml")
    suite_element = ET.parse(suite.pytester.path / "junit.xml").getroot()[0]
    assert {name: suite_element.get(name) for name in ("failures", "errors", "skipped", "tests")} == {
        "failures": "1",
        "errors": "1",
        "skipped": "3",
        "tests": "7",
    }
    cases = {case.get("name"): case for case in suite_element.iter("testcase")}
    for outcome in OUTCOMES:
        properties = {p.get("name"): p.get("value") for p in cases[f"{outcome}-a"].iter("property")}
        assert properties["mixpanel_verdict"] == outcome
        assert properties["mixpanel_owner"] == "growth"
        assert properties["mixpanel_estimate"] == "0.169"
        assert properties["mixpanel_n_entrants"] == "12480"
    failure = cases["fail-a"].find("failure")
    assert failure is not None
    assert failure.get("message") == "conversion of fail-a"
    assert "16.90 %" in (failure.text or "")


def test_an_unsure_check_tells_junit_and_the_skip_summary_why_and_where(suite: Suite) -> None:
    path = suite.write("shop.checks.yaml", "pass-a", "inconclusive-b")
    line = path.read_text().splitlines().index("  - id: inconclusive-b") + 1
    suite.run("--junitxml=junit.xml")
    skipped = ET.parse(suite.pytester.path / "junit.xml").getroot().find(".//skipped")
    assert skipped is not None
    assert skipped.get("message") == "conversion of inconclusive-b"
    assert f"shop.checks.yaml:{line}:" in (skipped.text or "")


def test_what_passed_is_explained_where_passes_are_asked_for(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "pass-a")
    suite.run("-rP").stdout.fnmatch_lines(
        ["*PASSES*", "*pass-a*", "*- mixpanel -*", "PASS  *conversion of pass-a*"]
    )
    suite.run("-ra").stdout.no_fnmatch_line("PASS  *")


def test_a_failure_on_one_line_has_its_place_and_headline(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "fail-a")
    suite.run("--tb=line").stdout.fnmatch_lines(["*shop.checks.yaml:[0-9]*: conversion of fail-a"])
