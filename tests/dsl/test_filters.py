from __future__ import annotations

from typing import Any

import pytest

from pytest_mixpanel.dsl.document import node_of
from pytest_mixpanel.dsl.filters import Where
from pytest_mixpanel.dsl.shapes import Problems
from pytest_mixpanel.query.inputs.filters import Filter


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("iOS", Filter.equals("p", "iOS")),
        (["iOS", "Web"], Filter.equals("p", ["iOS", "Web"])),
        ("!= Web", Filter.not_equals("p", "Web")),
        ("> 0", Filter.greater_than("p", 0)),
        ("<= 1.5", Filter.at_most("p", 1.5)),
        ("0 .. 100", Filter.between("p", 0, 100)),
        (5, Filter.between("p", 5, 5)),
        ("set", Filter.is_set("p")),
        ("not set", Filter.is_not_set("p")),
        (True, Filter.is_true("p")),
    ],
)
def test_a_condition_on_a_property_becomes_a_filter(value: Any, expected: Filter) -> None:
    problems = Problems()
    assert Where().read(node_of({"p": value}), problems) == (expected,)
    assert problems.found == []


@pytest.mark.parametrize("value", [None, "", [], {"a": 1}, [["a"]], [True]])
def test_what_is_no_condition_is_a_problem(value: Any) -> None:
    problems = Problems()
    Where().read(node_of({"p": value}), problems)
    assert [problem.code for problem in problems.found] == ["bad-filter"]
