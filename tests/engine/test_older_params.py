"""Params that other clients write: older operators, several cohorts at once, ranges in other words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_mixpanel import (
    CohortBreakdown,
    CohortCriteria,
    CohortDefinition,
    Filter,
    FrequencyFilter,
    Metric,
)
from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.engine.settings import settings_from
from pytest_mixpanel.engine.store import Store
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.parse.node import PlanError
from pytest_mixpanel.query.parse.params import Saved
from tests.engine.events import event, project

NOW = datetime(2025, 3, 12, tzinfo=UTC)
RANGE: Any = {"from_date": "2025-03-01", "to_date": "2025-03-11", "today": NOW.date()}
BUYERS = CohortDefinition.all_of(CohortCriteria.did_event("B", at_least=1, within_days=30))
OFTEN = CohortDefinition.all_of(CohortCriteria.did_event("A", at_least=2, within_days=30))


@pytest.fixture
def store() -> Store:
    return project(
        [
            event("A", "u1", "2025-03-01T10:00", paid="2025-03-10"),
            event("A", "u1", "2025-03-10T10:00", paid="2025-03-11"),
            event("A", "u3", "2025-03-10T10:00", paid="2025-01-11"),
            event("B", "u2", "2025-03-10T10:00"),
            event("A", "u2", "2025-03-11T10:00"),
        ]
    )


def total(params: dict[str, Any], store: Store, **more: Any) -> Any:
    (block,) = answer(params, store, NOW, **more)["series"].values()
    return block["all"]


@pytest.mark.parametrize(
    ("operator", "value", "found"),
    [
        ("on", "2025-03-10", 1),
        ("not on", "2025-03-10", 2),
        ("before", "2025-03-11", 2),
        ("since", "2025-03-11", 1),
        ("between", ["2025-03-10", "2025-03-11"], 2),
        ("not between", ["2025-03-10", "2025-03-11"], 1),
        ("in the last", 2, 2),
        ("was less than", 2, 2),
        ("not in the last", 2, 1),
        ("before the last", 2, 1),
        ("in the next", 2, 0),
    ],
)
def test_older_operators_of_dates_are_read(store: Store, operator: str, value: Any, found: int) -> None:
    params = build_params("A", where=Filter.on("paid", "2025-03-10"), mode="total", **RANGE)
    params["sections"]["filter"][0] |= {"filterOperator": operator, "filterValue": value}
    if isinstance(value, int):
        params["sections"]["filter"][0]["filterDateUnit"] = "days"
    assert total(params, store) == found


def with_two_cohorts(params: dict[str, Any]) -> dict[str, Any]:
    """One breakdown that lists what two breakdowns hold."""
    one, other = params["sections"]["group"]
    one["cohorts"] += other["cohorts"]
    one["value"] += other["value"]
    return {**params, "sections": {**params["sections"], "group": [one]}}


GROUPS = [CohortBreakdown(BUYERS, "Buyers"), CohortBreakdown(OFTEN, "Often")]


def test_cohorts_of_one_breakdown_are_told_each_for_itself(store: Store) -> None:
    params = with_two_cohorts(build_params("A", group_by=GROUPS, mode="total", **RANGE))
    (block,) = answer(params, store, NOW)["series"].values()
    assert {name: inner["all"] for name, inner in block.items()} == {
        "$overall": 4,
        "Buyers": 1,
        "Not In Buyers": 3,
        "Often": 2,
        "Not In Often": 2,
    }


def test_an_attempt_is_in_a_segment_of_every_cohort(store: Store) -> None:
    params = with_two_cohorts(build_funnel_params(["A", "A"], group_by=GROUPS, **RANGE))
    (block,) = answer(params, store, NOW)["series"].values()
    entered = {name: segment["count"]["1. A"]["all"] for name, segment in block.items()}
    assert entered == {"$overall": 3, "Buyers": 1, "Not In Buyers": 2, "Often": 1, "Not In Often": 2}


@pytest.mark.parametrize(("operator", "found"), [("contains", 3), ("does not contain", 1)])
def test_of_several_cohorts_in_a_filter_any_will_do(store: Store, operator: str, found: int) -> None:
    params = build_params("A", where=Filter.in_cohort(BUYERS, "Buyers"), mode="total", **RANGE)
    (entry,) = params["sections"]["filter"]
    entry["filterOperator"] = operator
    entry["filterValue"].append(
        {"cohort": {"name": "Often", "negated": False, "raw_cohort": OFTEN.to_dict()}}
    )
    assert total(params, store) == found


@pytest.mark.parametrize(
    ("time", "found"),
    [
        ({"dateRangeType": "on", "value": "2025-03-10"}, 2),
        ({"dateRangeType": "between", "value": ["2025-03-10T00:00:00", "2025-03-11T23:59:59"]}, 3),
        ({"dateRangeType": "since", "value": "2025-03-10"}, 3),
        ({"dateRangeType": "in the last", "window": {"unit": "month", "value": 1}}, 4),
    ],
)
def test_ranges_come_in_other_words(store: Store, time: dict[str, Any], found: int) -> None:
    params = build_params("A", mode="total", **RANGE)
    params["sections"]["time"] = [{"unit": "day", **time}]
    assert total(params, store) == found


def test_a_range_that_begins_within_a_day_is_refused(store: Store) -> None:
    params = build_params("A", mode="total", **RANGE)
    params["sections"]["time"][0]["value"] = ["2025-03-10T08:00:00", "2025-03-11"]
    with pytest.raises(PlanError, match=r"sections\.time\[0\]\.value\[0\]: .*whole days"):
        answer(params, store, NOW)


@pytest.mark.parametrize(
    ("time", "found"),
    [
        ({"dateRangeType": "since", "value": "2025-03-01"}, 2),
        ({"dateRangeType": "since", "value": "2025-03-02"}, 0),
        ({"dateRangeType": "in the last", "window": {"unit": "week", "value": 2}}, 0),
        ({"dateRangeType": "in the last", "window": {"unit": "month", "value": 1}}, 2),
    ],
)
def test_frequencies_are_counted_in_the_range_of_the_query(
    store: Store, time: dict[str, Any], found: int
) -> None:
    params = build_params("A", where=FrequencyFilter("A", 2), mode="total", **RANGE)
    params["sections"]["time"] = [{"unit": "day", **time}]
    assert total(params, store) == found


def test_the_first_time_of_a_custom_event_is_that_of_any_of_its_events(store: Store) -> None:
    saved = Saved(custom_events={7: {"name": "Either", "alternatives": [{"event": "A"}, {"event": "B"}]}})
    params = build_params(Metric("$custom_event:7"), mode="total", **RANGE)
    assert total(params, store, saved=saved) == 5
    params["sections"]["show"][0]["behavior"]["firstTime"] = True
    assert total(params, store, saved=saved) == 3  # u2's A comes after its B


def test_null_is_no_value_of_a_cohorts_aggregate() -> None:
    store = project(
        [event("A", "u1", "2025-03-10T10:00", p="x"), event("A", "u1", "2025-03-10T11:00", p=None)]
    )
    several = CohortCriteria.did_event(
        "A", at_least=2, within_days=30, aggregation="unique", aggregation_property="p"
    )
    params = build_params("A", where=Filter.in_cohort(CohortDefinition(several), "x"), mode="total", **RANGE)
    assert total(params, store) == 0


@pytest.mark.parametrize(
    ("week_start", "unit", "count", "found"),
    [(0, "week", 1, 3), (1, "week", 1, 1), (2, "week", 1, 1), (2, "week", 2, 3), (3, "week", 1, 3)],
)
def test_the_last_weeks_begin_where_the_projects_weeks_do(
    week_start: int, unit: str, count: int, found: int
) -> None:
    moments = ["2025-03-01T10:00", "2025-03-10T10:00", "2025-03-10T11:00", "2025-03-12T00:00"]
    store = project(
        [event("A", "u", moment) for moment in moments], settings=settings_from({"week_start": week_start})
    )
    params = build_params("A", mode="total", **RANGE)
    window = {"unit": unit, "value": count}
    params["sections"]["time"] = [{"unit": "day", "dateRangeType": "in the last", "window": window}]
    assert total(params, store) == found


def test_the_last_quarter_begins_where_the_projects_quarters_do() -> None:
    store = project(
        [event("A", "u", "2025-01-31T10:00"), event("A", "u", "2025-02-01T10:00")],
        settings=settings_from({"quarter_start": 2}),
    )
    params = build_params("A", mode="total", **RANGE)
    window = {"unit": "quarter", "value": 1}
    params["sections"]["time"] = [{"unit": "day", "dateRangeType": "in the last", "window": window}]
    assert total(params, store) == 1
