"""``mixpanel`` and ``mixpanel_check`` in tests written in Python."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import Suite


def write(suite: Suite, *outcomes: str, body: str = "") -> None:
    lines = "\n    ".join(f"mixpanel_check(check('{outcome}-x'))" for outcome in outcomes)
    suite.test(
        test_shop=f"from tests.plugin.fake_house import check\n\n"
        f"def test_it(mixpanel_check):\n    {body or lines}\n"
    )


@pytest.mark.parametrize(
    ("outcome", "letter", "code"),
    [
        ("pass", ".", pytest.ExitCode.OK),
        ("warn", "w", pytest.ExitCode.OK),
        ("inconclusive", "?", pytest.ExitCode.OK),
        ("blocked", "b", pytest.ExitCode.OK),
        ("waived", "x", pytest.ExitCode.OK),
        ("fail", "F", pytest.ExitCode.TESTS_FAILED),
        ("error", "E", pytest.ExitCode.TESTS_FAILED),
    ],
)
def test_a_test_takes_the_verdict_of_its_check(
    suite: Suite, outcome: str, letter: str, code: pytest.ExitCode
) -> None:
    write(suite, outcome)
    result = suite.run()
    result.stdout.fnmatch_lines([f"test_shop.py [{letter}] *"])
    assert result.ret == code


def test_of_several_checks_the_most_serious_decides(suite: Suite) -> None:
    write(suite, "pass", "inconclusive", "warn")
    result = suite.run()
    result.stdout.fnmatch_lines(["test_shop.py [?] *", " 3 checks   1 pass   1 warn   1 unsure"])


def test_a_failure_shows_the_line_of_the_test_and_the_panel_and_no_frame_of_ours(suite: Suite) -> None:
    write(suite, "fail")
    result = suite.run()
    result.stdout.fnmatch_lines([">*mixpanel_check(check('fail-x'))", "E *FAIL  *conversion of fail-x"])
    result.stdout.no_fnmatch_line("*fixtures.py*")


@pytest.mark.parametrize("distributed", [False, True], ids=["one process", "two workers"])
def test_the_summary_shows_the_headline_of_a_failed_check(suite: Suite, distributed: bool) -> None:
    write(suite, "fail")
    result = suite.run_distributed() if distributed else suite.run()
    result.stdout.fnmatch_lines(["FAILED test_shop.py::test_it - conversion of fail-x"])


def test_the_summary_shows_the_headline_of_a_failed_assertion(suite: Suite) -> None:
    suite.test(
        test_shop="""
            from pytest_mixpanel.assertions.claims import settle
            from pytest_mixpanel.core.explanation import Explanation
            from pytest_mixpanel.core.verdict import Outcome, Verdict

            def test_it():
                settle(Verdict(Outcome.FAIL), Explanation("conversion is too low"))
        """
    )
    suite.run().stdout.fnmatch_lines(["FAILED test_shop.py::test_it - conversion is too low"])


def test_a_failure_can_be_expected(suite: Suite) -> None:
    write(
        suite,
        body="import pytest\n    with pytest.raises(AssertionError, match='conversion of fail-x'):\n"
        "        mixpanel_check(check('fail-x'))",
    )
    suite.run().assert_outcomes(passed=1)


def test_the_result_of_a_check_is_returned(suite: Suite) -> None:
    write(suite, body="assert mixpanel_check(check('warn-x')).verdict.estimate == 0.169")
    suite.run().stdout.fnmatch_lines(["test_shop.py w *"])


def test_a_project_that_is_not_there_is_an_error_in_words_and_counted(suite: Suite) -> None:
    (suite.pytester.path / "conftest.py").unlink()
    suite.write("shop.checks.yaml", "pass-a", "pass-b")
    suite.test(test_other="def test_other(mixpanel): pass")
    result = suite.run("--mixpanel-project=no/such/export")
    result.assert_outcomes(errors=3)
    result.stdout.fnmatch_lines(
        [
            "ERROR  shop::pass-a   there is no project 'no/such/export'*",
            "ERROR  shop::pass-b   the project cannot be opened; shop::pass-a says why",
            "there is no project 'no/such/export'*",
            "* mixpanel: project no/such/export *",
            " 2 checks   2 error",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*raise *")


def test_without_a_project_it_is_said_what_to_write(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MP_PROJECT_ID", raising=False)
    (suite.pytester.path / "conftest.py").unlink()
    suite.write("shop.checks.yaml", "pass-a")
    suite.run().stdout.fnmatch_lines(["ERROR  shop::pass-a   no project: say *"])


@pytest.mark.parametrize(
    ("check", "told"),
    [
        ("'funnel'", "E *ParamTypeError: give a check, as funnel(…).fail_if(…), not str"),
        ("funnel('A').within('7d').fail_if('conversion < 3%')", "E *at least 2 are needed, not 1"),
    ],
)
def test_what_is_no_sound_check_fails_at_the_line_that_wrote_it(suite: Suite, check: str, told: str) -> None:
    suite.test(
        test_shop=f"from pytest_mixpanel.checks import funnel\n\n"
        f"def test_it(mixpanel_check):\n    mixpanel_check({check})\n"
    )
    result = suite.run()
    result.stdout.fnmatch_lines([">*mixpanel_check(*", told])
    result.stdout.no_fnmatch_line("*opening.py*")
    result.stdout.no_fnmatch_line("*builders.py*")
