"""The formula language, by the rules of semantics §8 (the examples named P01… are its vectors)."""

import json
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.engine.formulas import compile_formula
from pytest_mixpanel.engine.formulas.functions import FUNCTIONS
from pytest_mixpanel.engine.formulas.syntax import FormulaError

VECTORS = Path(__file__).parents[2] / "vectors" / "semantics_vectors.json"
TODAY = "2025-06-14T00:00:00"
UNDEFINED = {"$undefined": True}


def evaluate(text, **inputs):
    return compile_formula(text, frozenset(inputs))(inputs, TODAY)


def formula_vectors():
    return [v for v in json.loads(VECTORS.read_text()) if v["query"]["method"] == "custom_property.eval"]


@pytest.mark.parametrize("vector", formula_vectors(), ids=lambda vector: vector["id"])
def test_the_vectors_of_the_semantics(vector):
    query = vector["query"]
    today = datetime.fromisoformat(vector["now"]).astimezone(ZoneInfo(vector["timezone"])).date()
    inputs = {name: None if value == UNDEFINED else value for name, value in query["inputs"].items()}
    value = compile_formula(query["formula"], frozenset(inputs))(inputs, f"{today}T00:00:00")
    wanted = vector["expect"]["value"]
    assert value == (None if wanted == UNDEFINED else wanted)
    assert isinstance(value, bool) == isinstance(wanted, bool)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 - 4 / 2", 5),
        ("10 - 3 - 2", 5),
        ("-2 * 3", -6),
        ("2 - -1", 3),
        ('"a" + 1', None),
        ("1 / 0", None),
        ("5 % 0", None),
        ("NOT UNDEFINED", True),
        ("not(1 == 1)", False),
        ("NOT 5", None),
        ("UNDEFINED and TRUE", False),
        ("5 or TRUE", None),
        ('"b" in "ABC"', True),
        ('"x" in ["X", "y"]', True),
        ("5 in 5", None),
        ("[1, [2, 3]][1][0]", 2),
        ("[1][7]", None),
        ("1 < 2 // a comment", True),
        ('"10" < 2', None),
        ("undefined == undefined", True),
        ("TRUE == 1", False),
        ("round(-2.5)", -3),
        ("round(2.5)", 3),
        ("floor(-0.5)", -1),
        ('ceil("1")', None),
        ("min(2, 3)", 2),
        ('max(2, "3")', None),
        ('len("día")', 3),
        ("len(5)", None),
        ('left("abc", 9)', "abc"),
        ('right("abc", 0)', ""),
        ('right("abc", 2)', "bc"),
        ('mid("abc", 9, 1)', ""),
        ('mid("abc", 0, 1)', None),
        ('split("a,b", ",", 2)', "b"),
        ('split("a,b", ",,")', None),
        ("string(2.50)", "2.5"),
        ("string(4 / 2)", "2"),
        ("string(1 / 10000000)", "0.0000001"),
        ("string(TRUE)", "true"),
        ("string([1])", "[1]"),
        ('number(" 12.5 ")', 12.5),
        ('number("1970-01-02")', 86_400),
        ('boolean("x")', True),
        ('boolean("")', False),
        ('parse_url("https://shop.example.co.uk/a", "domain")', "example"),
        ('parse_url("not a url", "domain")', None),
        ('datedif("2025-01-31", "2025-03-01", "M")', 1),
        ('datedif("2025-01-31", "2025-03-01", "MD")', 1),
        ('datedif("2025-03-01", "2025-01-31", "D")', -29),
        ('datedif("2025-03-01", "2025-01-31", "MD")', None),
        ('datedif("2023-03-10", "2025-03-20", "YD")', 10),
        ('datedif("x", TODAY(), "D")', None),
        ("let(left, 2, left + 1)", 3),
        ("any(x, [], TRUE)", False),
        ("all(x, [], FALSE)", True),
        ("map(x, [1, 2], x * 2)", [2, 4]),
        ("filter(x, 5, TRUE)", None),
        ("sum([])", 0),
    ],
)
def test_the_value_of(text, value):
    assert evaluate(text) == value


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("abc", True),
        ("(?-i)abc", False),
        ("(?-i)abc|ABC", True),
        ("(?-i:a)BC", False),
        ("^[[:alpha:]]+$", True),
        ("(?<all>.+)", True),
        ("[", None),
    ],
)
def test_patterns_ignore_case_unless_they_say_so(pattern, matches):
    assert evaluate(f'regex_match("ABC", "{pattern}")') is matches


def test_a_missing_group_is_undefined():
    assert evaluate('regex_extract("ab", "(a)|(c)", 2)') is None
    assert evaluate('regex_extract("ab", "a", 1)') is None


def test_a_replacement_refers_to_groups():
    assert evaluate('regex_replace("2025-06", "([0-9]+)-([0-9]+)", "$2/$1")') == "06/2025"


def test_a_pattern_that_may_not_travel_is_a_warning():
    formula = compile_formula(r'regex_match(A, "\d{2}")')
    assert formula({"A": "42"}, TODAY) is True
    assert len(formula.warnings) == 2


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("1 +", "ends too early"),
        ("1 + * 2", r"formula 1:5"),
        ("uper(A)", "did you mean UPPER"),
        ("LEFT(A)", "LEFT takes 2 arguments, not 1"),
        ("B + 1", "reads 'B'"),
        ("LET(1, 2, 3)", "binds a name"),
        ("ifs(TRUE)", "IFS takes"),
        ("(" * 200 + "1" + ")" * 200 + "!", "cannot read this"),
        ("not " * 300 + "TRUE", "levels deep"),
        ("1" * 20_001, "at most 20000 characters"),
    ],
)
def test_what_cannot_be_read_is_named(text, complaint):
    with pytest.raises(FormulaError, match=complaint):
        compile_formula(text, frozenset("A"))


def test_long_alternatives_are_not_deep():
    assert evaluate(" or ".join(f"A == {n}" for n in range(900)), A=899) is True


def test_values_cannot_grow_without_end():
    doubling = ", ".join(f"x{n + 1}, x{n} + x{n}" for n in range(60))
    assert evaluate(f'LET(x0, "ab", {doubling}, x60)') is None
    squaring = ", ".join(f"x{n + 1}, x{n} * x{n}" for n in range(60))
    assert evaluate(f"LET(x0, 10, {squaring}, x60)") in (None, float("inf"))


values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(values, values)
def test_unequal_is_the_negation_of_equal(one, other):
    assert evaluate("A == B", A=one, B=other) is not evaluate("A != B", A=one, B=other)


@given(values, values, values)
def test_no_value_of_a_record_aborts_a_query(one, other, third):
    for name, (fewest, _, _) in FUNCTIONS.items():
        arguments = ", ".join("ABC"[:fewest])
        evaluate(f"{name}({arguments})", **dict(zip("ABC"[:fewest], (one, other, third), strict=False)))


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b$", "(.*a){20}$", "^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_a_pattern_that_backtracks_without_end_has_no_answer(pattern: str) -> None:
    """The steps are counted, not the time, so that every machine answers the same."""
    formula = compile_formula(f'REGEX_MATCH(A, "{pattern}")')
    begun = time.perf_counter()
    assert formula({"A": "a" * 5_000 + "!"}, "2025-03-01T00:00:00") is not True
    assert time.perf_counter() - begun < 2
