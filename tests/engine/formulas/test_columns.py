"""Formulas over a store's columns."""

from datetime import UTC, datetime

import numpy as np

from pytest_mixpanel.engine.formulas import Input, compile_formula, formula_column
from pytest_mixpanel.engine.formulas.columns import profile_formula_column
from pytest_mixpanel.engine.store.columns import CodedColumn, NumberColumn
from pytest_mixpanel.engine.store.store import Store

NOW = datetime(2025, 3, 10, 23, 30, tzinfo=UTC)
MORNING = int(datetime(2025, 3, 1, 6, tzinfo=UTC).timestamp() * 1000)


def store() -> Store:
    """Two users with two events and one, and an event of nobody."""
    return Store(
        event_names=("Buy",),
        users=("u1", "u2"),
        offsets=np.array([0, 2, 3]),
        time=np.array([MORNING, MORNING + 3_600_000, MORNING, MORNING]),
        event=np.zeros(4, np.uint8),
        columns={
            "city": CodedColumn(np.array([0, 1, -1, 0], np.int32), ["Oslo", None]),
            "amount": NumberColumn(np.array([10.0, np.nan, 2.5, 10.0])),
        },
        profiles={"plan": CodedColumn(np.array([0, -1], np.int32), ["gold"])},
        time_zone="Europe/Oslo",
    )


def values(text: str, **inputs: Input) -> list[object]:
    column = formula_column(store(), compile_formula(text), inputs, NOW)
    return [None if code < 0 else column.values[code] for code in column.codes]


def test_a_formula_reads_event_properties():
    assert values("A * 2", A=Input("amount")) == [20, None, 5, 20]


def test_null_and_absent_are_undefined():
    assert values("defined(A)", A=Input("city")) == [True, False, False, True]


def test_a_formula_reads_the_profile_and_nobody_has_none():
    assert values("A", A=Input("plan", "people")) == ["gold", "gold", None, None]


def test_inputs_are_combined_by_event():
    combined = values('A + "/" + string(B)', A=Input("city"), B=Input("amount"))
    assert combined == ["Oslo/10", None, None, "Oslo/10"]


def test_the_time_is_local():
    assert values("mid(T, 12, 2)", T=Input("$time")) == ["07", "08", "07", "07"]


def test_today_is_the_project_s_day():
    assert set(values('datedif("2025-03-01", TODAY(), "D")')) == {10}


def test_a_property_that_is_not_there_is_undefined():
    assert values("A", A=Input("nowhere")) == [None] * 4


def test_a_formula_is_evaluated_once_per_distinct_input():
    column = formula_column(store(), compile_formula("if(A > 5, TRUE, 1)"), {"A": Input("amount")}, NOW)
    assert len(column.values) == 2  # true and 1 are two values


def test_a_profile_formula_has_a_value_per_user():
    column = profile_formula_column(store(), compile_formula("upper(A)"), {"A": Input("plan")}, NOW)
    assert column.codes.tolist() == [0, -1]
    assert column.values == ["GOLD"]
