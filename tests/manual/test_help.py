"""``help``: from what somebody types to a page."""

from __future__ import annotations

import io
from typing import Any

import pytest
from typer.testing import CliRunner

import pytest_mixpanel as mp
from pytest_mixpanel.cli.app import app
from pytest_mixpanel.manual.help import help_text


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("query_funnel", "Workspace.query_funnel"),
        ("mp.Filter", "Filter"),
        ("filter", "Filter"),
        (mp.Filter, "Filter"),
        (mp.Filter.equals, "Filter.equals"),
        (mp.Filter.equals("platform", "iOS"), "Filter"),
        (mp.Workspace.query, "Workspace.query"),
        (mp.MathType, "MathType"),
        (mp.assert_conversion, "assert_conversion"),
    ],
)
def test_a_name_in_another_spelling_or_an_object_finds_its_page(asked: Any, name: str) -> None:
    assert help_text(asked) == help_text(name)


def test_a_method_of_a_workspace_at_hand_finds_its_page() -> None:
    with mp.Workspace(project="demo") as ws:
        assert help_text(ws.query_retention) == help_text("Workspace.query_retention")


@pytest.mark.parametrize(
    ("mistyped", "meant"),
    [
        ("Workspace.query_funel", "Workspace.query_funnel"),
        ("Filter.equal", "Filter.equals"),
        ("CohortDefinitions", "CohortDefinition"),
        ("mathtyp", "MathType"),
    ],
)
def test_a_near_miss_suggests_names(mistyped: str, meant: str) -> None:
    with pytest.raises(mp.HelpLookupError) as missed:
        help_text(mistyped)
    assert meant in missed.value.suggestions
    assert f"did you mean {missed.value.suggestions[0]}" in str(missed.value)


@pytest.mark.parametrize("foreign", [3, object(), print])
def test_what_is_not_of_the_package_has_no_page(foreign: object) -> None:
    with pytest.raises(mp.HelpLookupError):
        help_text(foreign)


def test_a_search_finds_names_then_mentions() -> None:
    named, told = help_text("search cohort").split("Mentioned by")
    assert all(name in named for name in ("CohortBreakdown", "CohortMetric", "CohortDefinition"))
    assert "RetentionMathType" in told


def test_a_search_finds_words() -> None:
    assert "MathType" in help_text("search cumulative_unique")


def test_a_search_without_a_find_says_so() -> None:
    assert help_text("search xyzzy") == "nothing has to do with 'xyzzy'\n"


def test_every_type_and_every_exception_is_listed() -> None:
    types, exceptions = help_text("types"), help_text("exceptions")
    for name in mp.__all__:
        value = getattr(mp, name)
        if isinstance(value, type):
            assert name in (exceptions if issubclass(value, BaseException) else types)


def test_exceptions_stand_below_what_they_inherit_from() -> None:
    lines = help_text("exceptions").splitlines()
    indents = {line.split()[0]: len(line) - len(line.lstrip()) for line in lines if line[:14].strip()}
    assert indents["MixpanelHeadlessError"] < indents["APIError"] < indents["RateLimitError"]


def test_help_prints_the_page() -> None:
    written = io.StringIO()
    mp.help("Filter", file=written)
    assert written.getvalue() == help_text("Filter")


def test_the_command_prints_the_same_page() -> None:
    result = CliRunner().invoke(app, ["help", "search", "cohort"])
    assert result.exit_code == 0
    assert result.stdout == help_text("search cohort")


def test_the_command_without_a_topic_says_how_to_ask() -> None:
    assert "help search WORD" in CliRunner().invoke(app, ["help"]).stdout


def test_the_command_ends_with_an_error_on_a_near_miss() -> None:
    result = CliRunner().invoke(app, ["help", "Filter.equal"])
    assert result.exit_code == 1
    assert "did you mean Filter.equals" in result.stderr


def test_a_page_ends_with_an_example_that_can_be_copied() -> None:
    example = help_text("Workspace.query_funnel").split("Example:\n")[1]
    assert 'ws = mp.Workspace(project="demo")' in example
    assert "ws.query_funnel([" in example
