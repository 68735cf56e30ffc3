"""Formulas between metrics (semantics I-19 to I-21)."""

from __future__ import annotations

import pytest

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.insights.arithmetic import Arithmetic, combined, letter_of


def value(definition: str, **inputs: float) -> float | None:
    (only,) = Arithmetic(definition)({letter: [number] for letter, number in inputs.items()}, 1)
    return only


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("A + B * 2", 14),
        ("(A + B) * 2", 18),
        ("A - B - 1", -2),
        ("-A + B", 1),
        ("A--B", 9),
        ("2 ^ 3 ^ 2", 64),
        ("A ^ (-1)", 0.25),
        ("1_000 / A", 250),
        (".5 * A", 2),
        ("1e2 + A", 104),
        ("A / (B - 5)", None),
        ("0 ^ (0 - 1)", None),
        ("9 ^ 999 ^ 9", None),
    ],
)
def test_the_value_of(definition: str, expected: float | None) -> None:
    assert value(definition, A=4, B=5) == expected


@pytest.mark.parametrize(
    ("definition", "complaint"),
    [
        ("A +", "ends too early"),
        ("A % B", "cannot read '% B'"),
        ("(A", "closing bracket"),
        ("A B", "cannot read 'B'"),
        ("A * / B", "cannot read '/'"),
        ("(" * 60 + "A" + ")" * 60, "levels deep"),
        ("A+" * 600 + "A", "more than 1000 characters"),
    ],
)
def test_what_cannot_be_read_is_named(definition: str, complaint: str) -> None:
    with pytest.raises(ParamValidationError, match=complaint):
        Arithmetic(definition)


def test_a_segment_that_one_metric_lacks_counts_as_nothing() -> None:
    blocks = {"A": {"$overall": [4], "x": [4]}, "B": {"$overall": [2], "y": [2]}}
    assert combined(Arithmetic("A - B"), blocks, 1) == {"$overall": [2], "x": [4], "y": [-2]}


def test_letters_go_on_after_z() -> None:
    assert [letter_of(place) for place in (0, 25, 26, 27)] == ["A", "Z", "BA", "BB"]
