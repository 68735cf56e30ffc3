"""Rules on one property."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.kinds.property_rules import Between, Matches, OfType, OneOf, Present, Rule, Tally, Unique


@pytest.mark.parametrize(
    ("rule", "values", "tally", "holds"),
    [
        (Present(0.75), [1, 2, 3, None], Tally(4, 1), True),
        (Present(0.751), [1, 2, 3, None], Tally(4, 1), False),
        (Present(1.0), ["", 0, False], Tally(3, 0), True),
        (OfType("number"), [1, 2.5, None], Tally(2, 0), True),
        (OfType("number"), [1, "2", True, "x"], Tally(4, 3, "1 boolean, 2 string"), False),
        (OfType("string"), ["2026-08-28", "x"], Tally(2, 0), True),
        (Between(0, 5000), [0, 5000, None], Tally(2, 0), True),
        (Between(0, 5000), [-1, 5001, "7", math.nan], Tally(4, 4, "1 below, 1 above, 2 no number"), False),
        (OneOf(("USD", "EUR")), ["USD", "usd", "", "usd"], Tally(4, 3, "2 other values"), False),
        (OneOf((1,)), [1, 1.0], Tally(2, 0), True),
        (OneOf((1,)), [True], Tally(1, 1, "1 other value"), False),
        (Unique(), ["a", "b", None, None], Tally(2, 0), True),
        (Unique(), ["a", "a", "a", "b", [1], [1]], Tally(6, 3, "2 values more than once"), False),
        (Matches("^ord_[a-z0-9]{3}$"), ["ord_a1b", None], Tally(1, 0), True),
        (Matches("^ord_"), ["ord_1", "x", 7, "ord_1"], Tally(4, 2), False),
    ],
)
def test_a_rule_counts_what_breaks_it(rule: Rule, values: list[Any], tally: Tally, holds: bool) -> None:
    assert rule.tally(values) == tally
    assert rule.holds(tally) is holds


RULES = [Present(0.5), OfType("number"), Between(0, 1), OneOf(("a",)), Unique(), Matches("a")]
values = st.lists(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=3)
    | st.lists(st.integers(), max_size=2)
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.label)
def test_of_no_values_there_is_none_to_break_a_rule(rule: Rule) -> None:
    assert rule.tally([]) == Tally(0, 0)
    assert rule.holds(Tally(0, 0))
    assert Tally(0, 0).good_share == 1.0


@given(st.sampled_from(RULES[:5]), values)
def test_whatever_a_property_holds_the_counts_add_up(rule: Rule, held: list[Any]) -> None:
    tally = rule.tally(held)
    assert 0 <= tally.bad <= tally.total <= len(held)


def test_a_pattern_that_would_run_away_elsewhere_is_quick() -> None:
    assert Matches("^(a+)+$").tally(["a" * 5000 + "!"]) == Tally(1, 1)


@pytest.mark.parametrize("pattern", ["(", "(?<=a)b", "x" * 501])
def test_a_pattern_that_cannot_be_read_is_refused_in_words(pattern: str) -> None:
    with pytest.raises(ConfigError, match="pattern"):
        Matches(pattern).tally(["a"])


def test_limits_are_told_in_words() -> None:
    assert [rule.limit for rule in (Present(0.995), Present(1.0), Unique())] == ["≥ 99.5 %", "100 %", "100 %"]
