"""Numbers agree with their nouns, and a misspelt word leads to the known one."""

from __future__ import annotations

import pytest

from pytest_mixpanel.core.words import counted, instead, nearest


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 checks"), (1, "1 check"), (2, "2 checks"), (1200, "1,200 checks")]
)
def test_a_noun_agrees_with_its_number(count: int, told: str) -> None:
    assert counted(count, "check") == told


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("stpes", ["steps", "window"], ["steps"]),
        ("login", ["LOGIN", "Logout"], ["LOGIN"]),
        ("Steps", ["window"], []),
        ("plan", ["Plan", "plan"], ["Plan"]),
        ("", ["steps"], []),
        ("steps", [], []),
    ],
)
def test_the_nearest_word_is_found_whatever_its_case(word: str, known: list[str], found: list[str]) -> None:
    assert nearest(word, known) == found


def test_as_many_are_told_as_are_asked_for_the_nearest_first() -> None:
    known = ["purchase", "purchases", "repurchase", "signup"]
    assert nearest("purchas", known, most=2) == ["purchase", "purchases"]
    assert nearest("purchas", known, most=5, alike=0.9) == ["purchase"]
    assert nearest("logn", ["Login", "Logout", "LOGIN"], most=3) == ["Login", "LOGIN", "Logout"]


def test_a_message_ends_with_what_may_have_been_meant_or_as_it_is() -> None:
    assert instead("widnow", ("steps", "window")) == "; did you mean 'window'?"
    assert instead("zzz", ("steps", "window")) == ""
