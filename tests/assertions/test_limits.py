"""Limits of assertions as rules."""

from __future__ import annotations

import pytest

from pytest_mixpanel.assertions.limits import count_rules, rate_rules


@pytest.mark.parametrize(
    ("limit", "rule"),
    [
        ("18%", "conversion < 18%"),
        (0.07, "conversion < 7%"),
        (0.1234567891, "conversion < 12.34567891%"),
        (0.00001, "conversion < 0.001%"),
        (0, "conversion < 0%"),
    ],
)
def test_a_share_keeps_its_digits(limit: object, rule: str) -> None:
    (found,) = rate_rules("conversion", limit, None)
    assert found.text == rule


@pytest.mark.parametrize(
    ("limit", "rule"), [(500, "count > 500"), (2.5, "count > 2.5"), (1e15, f"count > {10**15}")]
)
def test_a_count_is_written_without_an_exponent(limit: float, rule: str) -> None:
    (found,) = count_rules("count", None, limit)
    assert found.text == rule
