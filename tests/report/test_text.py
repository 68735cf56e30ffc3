"""Text made safe and measured."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.report.text import ascii_only, cells, one_line, pad, shorten, wrap
from tests.report.runs import is_still


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Sign Up", "Sign Up"),
        ("a\x1b[31mred", r"a\x1b[31mred"),
        ("two\nlines\r", r"two\nlines\r"),
        ("evil\u202etxt", r"evil\u202etxt"),
        ("line\u2028break", r"line\u2028break"),
        ("\x9b31m", r"\x9b31m"),
        ("Ünïcode 日本 ✓", "Ünïcode 日本 ✓"),
    ],
)
def test_control_characters_are_shown_not_obeyed(text: str, shown: str) -> None:
    assert one_line(text) == shown


@given(st.text())
def test_one_line_is_one_printable_line_and_stays_so(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)
    assert is_still(one_line(text))


def test_wide_characters_take_two_columns_and_combining_ones_none() -> None:
    assert cells("日本") == 4
    assert cells("e\u0301") == 1
    assert pad("日本", 6) == "日本  "
    assert pad("7", 3, right=True) == "  7"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("18 → 20 %", "18 -> 20 %"), ("−1.98 … +2", "-1.98 ... +2"), ("▁█·", "_#-"), ("日", "\\u65e5")],
)
def test_ascii_has_a_spelling_for_what_we_print(text: str, shown: str) -> None:
    assert ascii_only(text) == shown


@given(st.text(alphabet="ab日 ", max_size=80), st.integers(4, 30))
def test_wrapping_keeps_every_character_but_blanks_at_breaks(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_wrapping_breaks_between_words_and_keeps_columns() -> None:
    assert wrap("got   16.9 %   of users", 14) == ["got   16.9 %", "of users"]
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]


@given(st.text(alphabet="ab日 ", max_size=40), st.integers(1, 30))
def test_shortening_fits(text: str, width: int) -> None:
    assert cells(shorten(text, width)) <= max(width, 1)
