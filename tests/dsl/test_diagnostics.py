from __future__ import annotations

from pytest_mixpanel.dsl.diagnostics import EXCERPT, Diagnostic, Place, did_you_mean


def excerpt(source: str, column: int, length: int) -> list[str]:
    return (
        Diagnostic("x", "wrong", Place("f.yaml", 1, column, length, source), "hint").render().splitlines()[3:]
    )


def test_the_carets_stand_below_what_is_wrong() -> None:
    assert excerpt("a: wrong", 4, 5) == ["1 | a: wrong", "  |    ^^^^^ hint"]


def test_characters_of_two_columns_have_two_carets() -> None:
    assert excerpt("購入: 注文", 5, 2) == ["1 | 購入: 注文", "  |       ^^^^ hint"]


def test_of_a_long_line_what_is_around_the_place_is_shown() -> None:
    line, carets = excerpt(f"{'b' * 5000}wrong{'a' * 5000}", 5001, 5)
    assert line.startswith("1 | …b")
    assert line.endswith("a…")
    assert len(line) == 4 + EXCERPT
    assert line[carets.index("^") : carets.rindex("^") + 1] == "wrong"


def test_of_a_long_value_the_beginning_is_shown() -> None:
    line, carets = excerpt(f"a: {'9' * 5000}", 4, 5000)
    assert line == f"1 | a: {'9' * (EXCERPT - 4)}…"
    assert len(carets) == len(f"{line} hint")


def test_the_nearest_name_is_found_whatever_its_case() -> None:
    assert did_you_mean("ios", ["Android", "iOS", "Web"]) == "did you mean 'iOS'?"
    assert did_you_mean("FAIL_IF", ["fail_if", "warn_if"]) == "did you mean 'fail_if'?"
    assert did_you_mean("zzz", ["iOS", "Web"]) == "known: Web, iOS"
