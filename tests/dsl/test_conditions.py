from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.dsl.conditions import (
    Both,
    Bound,
    ConditionError,
    Either,
    Metric,
    Not,
    bounds,
    parse_condition,
)
from pytest_mixpanel.dsl.units import parse_quantity


def test_and_binds_closer_than_or() -> None:
    condition, _ = parse_condition("a < 1 or b < 2 and not c < 3")
    assert isinstance(condition, Either)
    first, second = condition.terms
    assert isinstance(first, Bound)
    assert isinstance(second, Both)
    assert isinstance(second.terms[1], Not)


def test_outside_is_under_the_one_or_over_the_other() -> None:
    condition, _ = parse_condition("conversion outside 2% .. 5%")
    assert [str(bound) for bound in bounds(condition)] == ["conversion < 2%", "conversion > 5%"]


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("day 7 < 22%", Metric("day", index=7)),
        ("share(Payment Error) > 3%", Metric("share", "Payment Error")),
        ("conversion(step 2) >= 0.5%", Metric("conversion", "step 2")),
    ],
)
def test_a_metric_may_take_an_argument_or_an_index(text: str, metric: Metric) -> None:
    condition, _ = parse_condition(text)
    assert isinstance(condition, Bound)
    assert condition.metric == metric


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", 0),
        ("count <", 7),
        ("count < 5 and", 13),
        ("(count < 5", 0),
        ("count < 5 6", 10),
        ("and < 5", 0),
        ("count ~ 5", 6),
        ("day 7% < 5", 4),
        ("not " * 30 + "a < 1", 83),
    ],
)
def test_what_cannot_be_read_is_pointed_at(text: str, offset: int) -> None:
    with pytest.raises(ConditionError) as caught:
        parse_condition(text)
    assert caught.value.offset == offset


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    with suppress(ConditionError):
        condition, spots = parse_condition(text)
        assert len(list(bounds(condition))) == len(spots)


@given(
    st.sampled_from(["conversion", "day 7", "share(iOS)"]),
    st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
    st.integers(0, 100),
)
def test_what_a_bound_prints_reads_as_the_same_bound(metric: str, operator: str, limit: int) -> None:
    condition, _ = parse_condition(f"{metric} {operator} {limit}%")
    assert parse_condition(str(condition))[0] == condition
    assert isinstance(condition, Bound)
    assert condition.limit == parse_quantity(f"{limit}%")
