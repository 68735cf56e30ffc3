"""Runs spread over workers come to the same as runs in one process."""

from __future__ import annotations

import json

import pytest

from tests.plugin.conftest import Suite

CHECKS = ("pass-a", "warn-a", "fail-a", "inconclusive-a", "error-a", "blocked-a", "waived-a")


def test_verdicts_counts_and_panels_reach_the_controller(suite: Suite) -> None:
    suite.write("shop.checks.yaml", *(f"{check} owner: growth" for check in CHECKS))
    result = suite.run_distributed()
    result.stdout.fnmatch_lines(
        [
            "FAIL  shop::fail-a   conversion of fail-a",
            "* mixpanel: project *",
            " 7 checks   1 pass   1 warn   1 fail   1 unsure   1 error   1 blocked   1 waived",
            " owners    growth 1 error, 1 fail, 1 unsure, 1 warn",
        ]
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_the_gate_holds_in_the_workers(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "inconclusive-a")
    assert suite.run_distributed().ret == pytest.ExitCode.OK
    assert suite.run_distributed("--mixpanel-fail-on=inconclusive").ret == pytest.ExitCode.TESTS_FAILED


def test_never_forgives(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "fail-a", "error-b")
    assert suite.run_distributed("--mixpanel-fail-on=never").ret == pytest.ExitCode.OK


def test_a_report_is_written_once_by_the_controller_with_all_results(suite: Suite) -> None:
    suite.write("shop.checks.yaml", *CHECKS)
    suite.run_distributed("--mixpanel-report=out/run.jsonl")
    lines = [json.loads(line) for line in (suite.pytester.path / "out/run.jsonl").read_text().splitlines()]
    assert [line["type"] for line in lines] == ["run", *["check"] * len(CHECKS)]
    assert sorted(line["id"] for line in lines[1:]) == sorted(CHECKS)


def test_workers_share_the_clock_of_the_controller(suite: Suite) -> None:
    suite.test(
        **{
            f"test_{n}": """
                from pytest_mixpanel.plugin.state import state_of

                def test_now(pytestconfig, record_property):
                    state = state_of(pytestconfig)
                    assert state.is_worker
                    record_property("now", state.now)
            """
            for n in range(4)
        }
    )
    result = suite.run_distributed("--junitxml=junit.xml")
    result.assert_outcomes(passed=4)
    import xml.etree.ElementTree as ET

    properties = ET.parse(suite.pytester.path / "junit.xml").getroot().iter("property")
    times = {p.get("value") for p in properties if p.get("name") == "now"}
    assert len(times) == 1


def test_a_selection_narrows_in_the_workers(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "pass-a tags: [tier1]", "fail-b")
    suite.run_distributed("--mixpanel-select=tag:tier1").assert_outcomes(passed=1)


def test_a_selection_of_nothing_is_no_success(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "pass-a")
    assert suite.run_distributed("--mixpanel-select=tag:none").ret != pytest.ExitCode.OK
