"""Metrics of profiles: profiles as they are now, counted or measured, whatever the range (semantics I-30)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_mixpanel import (
    CohortBreakdown,
    CohortCriteria,
    CohortDefinition,
    Filter,
    FrequencyBreakdown,
    GroupBy,
    Metric,
)
from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.engine.store import Store
from pytest_mixpanel.query.build.insights import build_params
from tests.engine.events import event, project

NOW = datetime(2025, 3, 12, tzinfo=UTC)
BUYERS = CohortDefinition.all_of(CohortCriteria.did_event("Buy", at_least=1, within_days=30))


@pytest.fixture
def store() -> Store:
    profiles = [
        {"$distinct_id": "a", "plan": "pro", "seats": 4},
        {"$distinct_id": "b", "plan": "Pro", "seats": 10},
        {"$distinct_id": "c", "plan": "free"},
        {"$distinct_id": "without events", "seats": 1},
        {"$distinct_id": "d"},
    ]
    bought = [event("Buy", "a", "2025-03-10T10:00"), event("Buy", "no profile", "2025-03-10T10:00")]
    return project([*bought, event("Look", "d", "2025-01-01T10:00")], profiles=profiles)


def asked(store: Store, measurement: dict[str, Any], total: bool = True, **arguments: Any) -> Any:
    """The one series of a metric of profiles, as another client writes it."""
    params = build_params(
        "Look",
        from_date="2025-03-10",
        to_date="2025-03-11",
        mode="total" if total else "timeseries",
        today=NOW.date(),
        **arguments,
    )
    params["sections"]["show"][0] |= {
        "behavior": {"type": "people", "resourceType": "people", "filtersDeterminer": "all", "filters": []},
        "measurement": measurement,
    }
    (block,) = answer(params, store, NOW)["series"].values()
    return block


SEATS = {"name": "seats", "resourceType": "people"}


@pytest.mark.parametrize(
    ("measurement", "wanted"),
    [
        ({"math": "total"}, 5),
        ({"math": "unique"}, 5),
        ({"math": "total", "property": SEATS}, 15),
        ({"math": "average", "property": SEATS}, 5),
        ({"math": "max", "property": SEATS}, 10),
        ({"math": "unique_values", "property": {"name": "plan", "resourceType": "people"}}, 3),
    ],
)
def test_profiles_are_counted_and_measured(store: Store, measurement: dict[str, Any], wanted: float) -> None:
    assert asked(store, measurement) == {"all": wanted}


def test_there_is_no_time_axis_to_them(store: Store) -> None:
    block = asked(store, {"math": "total"}, total=False)
    assert list(block.values()) == [5, 5]


def test_filters_read_the_profile_or_ask_for_a_cohort(store: Store) -> None:
    pro = Filter.equals("plan", "PRO", resource_type="people")
    assert asked(store, {"math": "total"}, where=pro) == {"all": 2}
    assert asked(store, {"math": "total"}, where=[pro, Filter.in_cohort(BUYERS, "Buyers")]) == {"all": 1}
    assert asked(store, {"math": "total"}, where=Filter.not_in_cohort(BUYERS, "Buyers")) == {"all": 4}


def test_breakdowns_are_by_properties_of_profiles_and_by_cohorts(store: Store) -> None:
    by_plan = asked(store, {"math": "total"}, group_by="plan")
    assert {name: leaf["all"] for name, leaf in by_plan.items()} == {
        "$overall": 5,
        "undefined": 2,
        "pro": 1,
        "Pro": 1,
        "free": 1,
    }
    by_cohort = asked(store, {"math": "total", "property": SEATS}, group_by=CohortBreakdown(BUYERS, "Buyers"))
    assert {name: leaf["all"] for name, leaf in by_cohort.items()} == {
        "$overall": 15,
        "Buyers": 4,
        "Not In Buyers": 11,
    }
    by_seats = asked(store, {"math": "total"}, group_by=GroupBy("seats", "number", 5, 0, 10))
    assert {name: leaf["all"] for name, leaf in by_seats.items()} == {
        "$overall": 5,
        "0 - 5": 2,
        "≥ 10": 1,
        "undefined": 2,
    }


def test_they_stand_in_formulas_beside_events(store: Store) -> None:
    params = build_params(
        [Metric("Buy", math="unique"), Metric("Look")],
        formula="A / B",
        from_date="2025-03-10",
        to_date="2025-03-11",
        today=NOW.date(),
    )
    params["sections"]["show"][1]["behavior"] = {"type": "people", "filters": []}
    (block,) = answer(params, store, NOW)["series"].values()
    assert list(block.values()) == [2 / 5, 0]


def test_profiles_have_no_events_to_be_broken_down_by(store: Store) -> None:
    with pytest.raises(ParamValidationError, match="profiles have no events"):
        asked(store, {"math": "total"}, group_by=FrequencyBreakdown("Buy"))
