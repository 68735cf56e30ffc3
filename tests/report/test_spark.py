"""Sparklines."""

from __future__ import annotations

from hypothesis import given, strategies as st

from pytest_mixpanel.report.spark import LEVELS, UNKNOWN, sparkline


def test_a_series_spans_the_levels_from_zero() -> None:
    assert sparkline([0, 0.5, 1, None]) == "▁▅█·"


def test_a_common_top_makes_two_series_comparable() -> None:
    assert sparkline([1.0], top=2.0) == "▅"


def test_a_flat_zero_and_nothing_at_all() -> None:
    assert sparkline([0.0, 0.0]) == "▁▁"
    assert sparkline([]) == ""
    assert sparkline([None]) == "·"


def test_a_long_series_is_averaged() -> None:
    assert sparkline([0.0] * 50 + [1.0] * 50, width=4) == "▁▁██"
    assert sparkline([None] * 50 + [1.0] * 50, width=2) == "·█"


@given(st.lists(st.none() | st.floats(0, 1e12), max_size=100))
def test_one_character_a_value_up_to_the_width(values: list[float | None]) -> None:
    line = sparkline(values, width=40)
    assert len(line) == min(len(values), 40)
    assert set(line) <= {*LEVELS, UNKNOWN}
