"""Checks files take part in a pytest run as Python tests do."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tests.plugin.conftest import Suite


def test_each_check_is_an_item_with_its_id_as_name(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "pass-a", "pass-b")
    result = suite.run("--collect-only", "-q")
    result.stdout.fnmatch_lines(
        ["shop.checks.yaml::pass-a", "shop.checks.yaml::pass-b", "2 tests collected*"]
    )


def test_only_files_named_as_checks_are_read(suite: Suite) -> None:
    suite.write("shop.checks.yml", "pass-a")
    (suite.pytester.path / "compose.yaml").write_text("services: [")
    (suite.pytester.path / "checks.yaml").write_text("services: [")
    suite.run().assert_outcomes(passed=1)


def test_the_patterns_of_checks_files_can_be_changed(suite: Suite) -> None:
    suite.write("shop.mixpanel.yaml", "pass-a")
    suite.write("shop.checks.yaml", "pass-b")
    suite.pytester.makeini("[pytest]\nmixpanel_files = *.mixpanel.yaml")
    result = suite.run("-q", "--collect-only")
    result.stdout.fnmatch_lines(["shop.mixpanel.yaml::pass-a", "1 test collected*"])


@pytest.mark.parametrize("named", [[], ["shop.yaml"]])
def test_a_run_without_tests_names_files_that_only_look_like_checks(suite: Suite, named: list[str]) -> None:
    suite.write("shop.yaml", "pass-a")
    (suite.pytester.path / "compose.yaml").write_text("services: [")
    result = suite.run(*named)
    told = [line for line in result.outlines if "has checks" in line]
    assert told == [
        "mixpanel: shop.yaml has checks, but is not called *.checks.yaml or *.checks.yml: "
        "rename it, or name its pattern in the ini key mixpanel_files"
    ]


def test_a_run_with_tests_says_nothing_of_other_files(suite: Suite) -> None:
    suite.write("shop.yaml", "pass-a")
    suite.write("shop.checks.yaml", "pass-a")
    suite.run().stdout.no_fnmatch_line("*has checks*")


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["shop.checks.yaml::pass-b"], ["pass-b"]),
        (["-k", "pass-b"], ["pass-b"]),
        (["-k", "funnel"], ["pass-a", "pass-b", "fail-c"]),
        (["-k", "growth"], ["pass-a"]),
        (["-k", "nightly"], ["pass-b"]),
        (["-m", "mixpanel(tag='nightly')"], ["pass-b"]),
        (["-m", "mixpanel(owner='growth')"], ["pass-a"]),
        (["-m", "mixpanel(kind='funnel') and not mixpanel(tag='nightly')"], ["pass-a", "fail-c"]),
        (["-m", "not mixpanel"], []),
        (["--deselect", "shop.checks.yaml::pass-a"], ["pass-b", "fail-c"]),
    ],
)
def test_checks_are_selected_as_tests_are(suite: Suite, arguments: list[str], names: list[str]) -> None:
    suite.write("shop.checks.yaml", "pass-a owner: growth", "pass-b tags: [tier1, nightly]", "fail-c")
    result = suite.run("--collect-only", "-q", "--strict-markers", *arguments)
    collected = [line.partition("::")[2] for line in result.outlines if "::" in line]
    assert collected == names


def test_last_failed_runs_what_failed(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "pass-a", "fail-b", "inconclusive-c")
    suite.run()
    result = suite.run("--lf", "-v")
    result.stdout.fnmatch_lines(["*shop.checks.yaml::fail-b FAILED*"])
    result.assert_outcomes(failed=1)


def test_exit_first_stops_at_the_first_failure(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "pass-a", "fail-b", "fail-c")
    suite.run("-x").assert_outcomes(passed=1, failed=1)


def test_a_failure_is_located_at_the_line_of_the_check(suite: Suite) -> None:
    path = suite.write("shop.checks.yaml", "pass-a", "fail-b")
    line = path.read_text().splitlines().index("  - id: fail-b") + 1
    suite.run("--junitxml=junit.xml", "-o", "junit_family=xunit1")
    cases = ET.parse(suite.pytester.path / "junit.xml").getroot().iter("testcase")
    lines = {case.get("name"): case.get("line") for case in cases}
    assert lines["fail-b"] == str(line - 1)


def test_fixtures_of_a_conftest_apply_to_checks(suite: Suite) -> None:
    conftest = suite.pytester.path / "conftest.py"
    conftest.write_text(
        conftest.read_text()
        + "\nimport pytest\n"
        + "@pytest.fixture(autouse=True, scope='module')\ndef around(): print('around the module')\n"
    )
    suite.write("shop.checks.yaml", "pass-a")
    result = suite.run("-s")
    result.stdout.fnmatch_lines(["*around the module*"])
    result.assert_outcomes(passed=1)


def test_a_broken_file_fails_once_with_all_its_problems_and_the_others_run(suite: Suite) -> None:
    suite.write("bad.checks.yaml", "pass-a fail_iff: count < 1", "pass-b fail_iff: count < 2")
    suite.write("good.checks.yaml", "pass-c")
    result = suite.run()
    result.assert_outcomes(passed=1, errors=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*ERROR at setup of problems*", "*'fail_iff'*", "*'fail_iff'*"])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*raise *")
    result.stdout.fnmatch_lines(["ERROR bad.checks.yaml::problems - *unknown-key*"])


@pytest.mark.parametrize("distributed", [False, True], ids=["one process", "two workers"])
def test_the_counts_of_a_run_name_the_files_that_are_not_in_them(suite: Suite, distributed: bool) -> None:
    suite.write("bad.checks.yaml", "pass-a fail_iff: count < 1", "pass-b fail_iff: count < 2")
    suite.write("good.checks.yaml", "pass-c")
    result = suite.run_distributed() if distributed else suite.run()
    result.stdout.fnmatch_lines(
        [" 1 check   1 pass", " broken    1 file with errors, whose checks did not run"]
    )


def test_asking_for_a_check_of_a_broken_file_shows_its_problems(suite: Suite) -> None:
    suite.write("bad.checks.yaml", "pass-a fail_iff: count < 1")
    result = suite.run("bad.checks.yaml::pass-a")
    assert result.ret != pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*ERROR collecting bad.checks.yaml*", "*'fail_iff'*"])
