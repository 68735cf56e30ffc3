"""Settings: where a value may be said, which place wins, and that the place is remembered."""

from __future__ import annotations

import pytest

from pytest_mixpanel.plugin.options import SETTINGS, Options, Value, variables
from tests.plugin.conftest import Suite


def header(result: pytest.RunResult) -> str:
    (line,) = [line for line in result.outlines if line.startswith("mixpanel: ")] or [""]
    return line


def test_nothing_said_shows_no_header(suite: Suite) -> None:
    suite.test(test_other="def test_yes(): pass")
    assert "mixpanel" not in suite.run().stdout.str().replace("pytest_mixpanel", "")


def test_the_command_line_wins_over_the_environment_and_that_over_the_ini_file(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite.write("shop.checks.yaml", "pass-a")
    suite.pytester.makeini("[pytest]\nmixpanel_region = us")
    assert header(suite.run()) == "mixpanel: region us (ini mixpanel_region)"
    monkeypatch.setenv("MIXPANEL_REGION", "eu")
    assert header(suite.run()) == "mixpanel: region eu (environment MIXPANEL_REGION)"
    assert header(suite.run("--mixpanel-region=in")) == "mixpanel: region in (option --mixpanel-region)"


EXAMPLES = {
    "report": "a.md",
    "now": "2026-08-28",
    "time-zone": "Europe/Berlin",
    "var": "a=1",
    "select": "tag:*",
    "budget": "60/h",
}


@pytest.mark.parametrize("without", ["replay", "record"])  # these two exclude each other
def test_every_setting_has_its_three_places(
    suite: Suite, without: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = [setting for setting in SETTINGS if setting.name != without]
    said = {
        setting.name: setting.choices[-1]
        if setting.choices
        else "true"
        if setting.shape == "flag"
        else EXAMPLES.get(setting.name, "demo")
        for setting in settings
    }
    help_text = suite.run("--help").stdout.str()
    for setting in settings:
        assert setting.option in help_text
        monkeypatch.setenv(setting.variable, said[setting.name])
    line = header(suite.run("--collect-only"))
    for setting in settings:
        assert f"(environment {setting.variable})" in line
        monkeypatch.delenv(setting.variable)
    suite.pytester.makeini(
        "[pytest]\n" + "\n".join(f"{setting.dest} = {said[setting.name]}" for setting in settings)
    )
    line = header(suite.run("--collect-only"))
    for setting in settings:
        assert f"(ini {setting.dest})" in line


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("MIXPANEL_FAIL_ON", "sometimes", "'sometimes' is not one of fail, inconclusive, warn, never"),
        ("MIXPANEL_PLAN", "perhaps", "'perhaps' is neither true nor false"),
        ("MIXPANEL_NOW", "yesterday", "'yesterday' is not a time; write 2026-08-28"),
        ("MIXPANEL_VAR", "window", "write NAME=VALUE, not 'window'"),
        ("MIXPANEL_REPORT", "out.pdf", "'out.pdf' says no kind of report; end it in .html"),
        ("MIXPANEL_SELECT", "team:web", "'team' is not a field"),
    ],
)
def test_a_value_that_will_not_do_is_refused_and_its_place_named(
    suite: Suite, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    monkeypatch.setenv(variable, value)
    result = suite.run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: environment {variable}: *{message}*"])


def test_help_is_given_even_where_a_setting_will_not_do(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIXPANEL_FAIL_ON", "sometimes")
    assert suite.run("--help").ret == pytest.ExitCode.OK


def test_no_option_takes_a_secret() -> None:
    assert not [s.name for s in SETTINGS if any(word in s.name for word in ("secret", "password", "token"))]


def test_variables_come_from_the_environment_and_over_it_from_the_option() -> None:
    options = Options({"var": Value(("window=14d", "Region=eu"), "option --mixpanel-var")})
    environment = {"MIXPANEL_VAR_WINDOW": "28d", "MIXPANEL_VAR_PLAN": "pro", "MIXPANEL_VAR": "x=1"}
    assert variables(options, environment) == {"window": "14d", "plan": "pro", "Region": "eu"}


def test_a_variable_may_hold_an_equals_sign_and_be_empty() -> None:
    options = Options({"var": Value(("where=a=b", "note="), "option --mixpanel-var")})
    assert variables(options, {}) == {"where": "a=b", "note": ""}
