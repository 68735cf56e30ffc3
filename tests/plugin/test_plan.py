"""``--mixpanel-plan``: what a run would ask."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.plugin.conftest import Suite


@pytest.fixture
def planned(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> Suite:
    """A suite whose project can say what it would be asked, and must not be asked."""
    monkeypatch.setattr(
        "pytest_mixpanel.plugin.opening.open_workspace", lambda config, state: FakeProject(), raising=True
    )
    return suite


class FakeProject:
    now = datetime(2026, 8, 28, tzinfo=UTC)
    timezone = "UTC"

    def data_range(self) -> None:
        return None

    def events(self) -> list[str]:
        raise AssertionError("a plan asks nothing")

    def run_query(self, engine: str, params: object) -> object:
        raise AssertionError("a plan asks nothing")

    def close(self) -> None:
        pass


def test_equal_questions_are_joined_and_nothing_is_asked_or_run(planned: Suite) -> None:
    planned.write("shop.checks.yaml", "fail-a", "fail-b")
    result = planned.run("--mixpanel-plan")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        [
            "*= mixpanel: the plan of 2 checks =*",
            "  1  funnels *View Item*Purchase*",
            "     for shop::fail-a, shop::fail-b",
            "questions: 1 funnels; 1 saved by joining equal ones",
        ]
    )
    result.assert_outcomes()


def test_the_selection_holds(planned: Suite) -> None:
    planned.write("shop.checks.yaml", "fail-a tags: [tier1]", "fail-b")
    planned.run("--mixpanel-plan", "--mixpanel-select=tag:tier1").stdout.fnmatch_lines(
        ["*the plan of 1 check =*", "     for shop::fail-a"]
    )


def test_a_file_that_cannot_be_read_is_shown_and_fails_the_plan(planned: Suite) -> None:
    planned.write("shop.checks.yaml", "fail-a")
    planned.write("bad.checks.yaml", "fail-b fail_iff: count < 1")
    result = planned.run("--mixpanel-plan")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*the plan of 1 check*", "*'fail_iff'*"])


def test_it_is_made_by_one_process(planned: Suite) -> None:
    planned.write("shop.checks.yaml", "fail-a")
    result = planned.pytester.runpytest_inprocess(
        "-p", "pytest_mixpanel.plugin", "-p", "xdist.plugin", "-n", "2", "--mixpanel-plan"
    )
    result.stdout.fnmatch_lines(["*the plan of 1 check*"])


def test_a_project_that_is_not_there_is_told(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "fail-a")
    result = suite.run("--mixpanel-plan", "--mixpanel-project=no/such/export")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: there is no project 'no/such/export'*"])
