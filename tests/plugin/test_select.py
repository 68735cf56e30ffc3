"""``--mixpanel-select``: the language, and what it does to a run."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.plugin.select import SelectionError, parse_selection
from tests.plugin.conftest import Suite

FACTS = {"tag": {"tier1", "web"}, "owner": {"growth-analytics"}, "kind": {"funnel"}, "id": {"purchase-floor"}}


@pytest.mark.parametrize(
    ("expression", "matches"),
    [
        ("tag:tier1", True),
        ("tag:tier2", False),
        ("tag:tier?", True),
        ("owner:growth*", True),
        ("kind:mix or kind:funnel", True),
        ("tag:tier1 and not tag:web", False),
        ("not tag:ios and id:purchase-*", True),
        ("not not tag:web", True),
        ("tag:ios or tag:web and owner:platform", False),
        ("(tag:ios or tag:web) and owner:growth*", True),
        ("((tag:web))", True),
        ("suite:checkout", False),
    ],
)
def test_an_expression_matches_facts(expression: str, matches: bool) -> None:
    assert parse_selection(expression)(FACTS) is matches


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("", "column 1: the expression stops where a term is expected"),
        ("tag:web and", "column 12: the expression stops where a term is expected"),
        ("(tag:web", "column 1: this '(' is never closed"),
        ("tag:web)", "column 8: expected 'and', 'or' or the end, not ')'"),
        ("tag:web tag:ios", "column 9: expected 'and', 'or' or the end, not 'tag:ios'"),
        ("web", "column 1: write FIELD:PATTERN, as tag:tier1, not 'web'"),
        ("tag:", "column 1: write FIELD:PATTERN, as tag:tier1, not 'tag:'"),
        ("tags:web", "column 1: 'tags' is not a field; did you mean 'tag'?"),
        ("team:web", "column 1: 'team' is not a field; fields are tag, owner, kind, suite, id"),
        ("(" * 60 + "tag:web" + ")" * 60, "column 51: more than 50 parentheses deep"),
        ("tag:" + "x" * 1000, "the expression is longer than 1000 characters"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_column(expression: str, message: str) -> None:
    with pytest.raises(SelectionError) as raised:
        parse_selection(expression)
    assert str(raised.value) == message


terms = st.sampled_from(["tag:tier1", "tag:ios", "owner:growth*", "kind:mix", "id:*"])


@given(terms, terms, terms)
def test_it_obeys_the_laws_of_logic(a: str, b: str, c: str) -> None:
    def holds(expression: str) -> bool:
        return parse_selection(expression)(FACTS)

    assert holds(f"not ({a} or {b})") is holds(f"not {a} and not {b}")
    assert holds(f"{a} and ({b} or {c})") is holds(f"{a} and {b} or {a} and {c}")
    assert holds(f"{a} or not {a}")


@given(st.text(alphabet="()tag: andornot*?", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(SelectionError):
        assert parse_selection(text)(FACTS) in (True, False)


def test_the_run_is_narrowed(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "pass-a tags: [tier1]", "fail-b tags: [tier2]", "fail-c owner: web")
    result = suite.run("--mixpanel-select=tag:tier1")
    result.assert_outcomes(passed=1, deselected=2)


def test_marked_python_tests_are_selected_too_and_others_are_not(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "pass-a tags: [tier1]")
    suite.test(
        test_other="""
            import pytest

            @pytest.mark.mixpanel(tag="tier1")
            def test_marked(): pass

            def test_unmarked(): assert False
        """
    )
    suite.run("--mixpanel-select=tag:tier1").assert_outcomes(passed=2, deselected=1)


def test_a_selection_of_nothing_is_an_error_that_says_what_there_is(suite: Suite) -> None:
    suite.write("shop.checks.yaml", "pass-a tags: [tier1]; owner: growth")
    result = suite.run("--mixpanel-select=tag:teir1")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "ERROR: option --mixpanel-select: 'tag:teir1' matches no check; "
            "there is tag: tier1; owner: growth; kind: funnel; suite: shop"
        ]
    )


def test_a_broken_file_stays_selected(suite: Suite) -> None:
    suite.write("bad.checks.yaml", "pass-a fail_iff: count < 1")
    suite.write("shop.checks.yaml", "pass-b tags: [tier1]")
    suite.run("--mixpanel-select=tag:tier1").assert_outcomes(passed=1, errors=1)
