from __future__ import annotations

import pytest

from pytest_mixpanel.dsl.units import UnitError, parse_change, parse_quantity


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("18%", 0.18, "level"),
        ("2pp", 0.02, "pp"),
        ("5%rel", 0.05, "rel"),
        ("3x", 3.0, "ratio"),
        ("28d", 28 * 86_400, "duration"),
        ("90m", 5_400, "duration"),
        ("1_000", 1000.0, "count"),
        (".5", 0.5, "count"),
    ],
)
def test_a_number_carries_its_unit(text: str, value: float, unit: str) -> None:
    quantity = parse_quantity(text)
    assert (quantity.value, quantity.unit, str(quantity)) == (value, unit, text)


@pytest.mark.parametrize("text", ["", "%", "1.2.3", "5 %%", "nan", "inf", "1e9", "5y", "١٨%" * 20])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(UnitError):
        parse_quantity(text)


def test_a_bare_percent_in_a_change_offers_both_spellings() -> None:
    with pytest.raises(UnitError) as caught:
        parse_change("5%")
    assert caught.value.code == "ambiguous-unit"
    assert caught.value.hint == "write '5pp' (points: 20 % → 15 %) or '5%rel' (relative: 20 % → 19 %)"


@pytest.mark.parametrize("text", ["0pp", "-2pp", "100%rel", "5", "3x", "7d"])
def test_a_change_must_be_a_size_that_can_be_exceeded(text: str) -> None:
    with pytest.raises(UnitError):
        parse_change(text)
