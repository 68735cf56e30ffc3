"""Cohorts in filters and breakdowns (semantics §6.1), in the wire's form."""

from __future__ import annotations

from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt, ne
from typing import Any

import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.engine.selection.cohorts import members
from pytest_mixpanel.engine.store import Store
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.inputs.cohorts import CohortMetric
from pytest_mixpanel.query.parse.node import Node, PlanError, Saved
from pytest_mixpanel.query.parse.parts import cohort_of
from tests.engine.events import event, project

NOW = datetime(2025, 3, 10, 12, tzinfo=UTC)
MARCH = {"from_date": "2025-03-01", "to_date": "2025-03-10", "today": NOW.date()}


@pytest.fixture(scope="module")
def shop() -> Store:
    """Ana buys twice, bob once and long ago, cem never; dan has only a profile."""
    return project(
        [
            event("Buy", "ana", "2025-03-08T10:00", amount=30, item="hat"),
            event("Buy", "ana", "2025-03-09T10:00", amount=10, item="hat"),
            event("Buy", "bob", "2025-02-01T10:00", amount=50, item="bag"),
            event("Visit", "bob", "2025-03-09T11:00"),
            event("Visit", "cem", "2025-03-09T12:00"),
            event("Visit", "ana", "2025-03-09T13:00"),
        ],
        profiles=[{"$distinct_id": "ana", "plan": "Pro"}, {"$distinct_id": "dan", "plan": "free"}],
    )


def buys(operator: str, operand: float, days: int = 30, **count: Any) -> dict[str, Any]:
    selector = {"property": "behaviors", "value": "b", "operator": operator, "operand": operand}
    behavior = {
        "count": {"event_selector": {"event": "Buy", "selector": None}, "type": "absolute", **count},
        "window": {"unit": "day", "value": days},
    }
    return {"selector": {"operator": "and", "children": [selector]}, "behaviors": {"b": behavior}}


def profile(operator: str, operand: Any) -> dict[str, Any]:
    leaf = {"property": "user", "value": "plan", "operator": operator, "operand": operand}
    return {"selector": {"operator": "and", "children": [leaf]}, "behaviors": {}}


def names(store: Store, definition: dict[str, Any], saved: Saved | None = None) -> set[str]:
    mask = members(store, cohort_of(Node(definition, saved=saved)), NOW)
    return {user for user, inside in zip(store.users, mask, strict=True) if inside}


@pytest.mark.parametrize(
    ("definition", "users"),
    [
        (buys(">=", 1), {"ana"}),
        (buys(">=", 1, days=60), {"ana", "bob"}),
        (buys(">=", 1, days=2), {"ana"}),
        (buys(">=", 1, days=1), set()),
        (buys("==", 0), {"bob", "cem", "dan"}),
        (buys(">=", 40, aggregationOperator="total", property="amount"), {"ana"}),
        (buys("<=", 20, 60, aggregationOperator="average", property="amount"), {"ana"}),
        (buys("==", 1, 60, aggregationOperator="unique", property="item"), {"ana", "bob"}),
        (profile("==", "pro"), {"ana"}),
        (profile("!=", "pro"), {"bob", "cem", "dan"}),
        (profile("not defined", ""), {"bob", "cem"}),
    ],
)
def test_who_belongs(shop: Store, definition: dict[str, Any], users: set[str]) -> None:
    assert names(shop, definition) == users


COMPARED = {">=": ge, "<=": le, "==": eq, "!=": ne, ">": gt, "<": lt}


@given(
    times=st.lists(st.integers(0, 5), min_size=1, max_size=6),
    sign=st.sampled_from(sorted(COMPARED)),
    operand=st.sampled_from([-1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 1e300]),
    others=st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_how_often_it_was_done_compares_as_numbers_do(
    times: list[int], sign: str, operand: float, others: list[bool]
) -> None:
    buyers = [
        event("Buy", f"u{user}", f"2025-03-{day + 2:02d}T10:00")
        for user, count in enumerate(times)
        for day in range(count)
    ]
    long_ago = [event("Buy", f"u{user}", "2025-01-01T10:00") for user in range(len(times)) if others[user]]
    idle = [event("Visit", f"u{user}", "2025-03-09T10:00") for user in range(len(times))]
    expected = {f"u{user}" for user, count in enumerate(times) if COMPARED[sign](count, operand)}
    assert names(project([*buyers, *long_ago, *idle]), buys(sign, operand)) == expected


def reference(number: int, operator: str = "in") -> dict[str, Any]:
    leaf = {"property": "cohort", "value": number, "operator": operator}
    return {"selector": {"operator": "and", "children": [leaf]}, "behaviors": {}}


def test_a_saved_cohort_is_evaluated_at_the_same_instant(shop: Store) -> None:
    assert names(shop, reference(7, "not in"), Saved({7: buys(">=", 1)})) == {"bob", "cem", "dan"}


def test_a_cohort_cannot_refer_to_itself(shop: Store) -> None:
    with pytest.raises(PlanError, match="cohort 7 refers to itself"):
        names(shop, reference(7), Saved({7: reference(8), 8: reference(7)}))


def test_an_unknown_cohort_is_named(shop: Store) -> None:
    with pytest.raises(PlanError, match="the project has no cohort 9"):
        names(shop, reference(9))


def visits(shop: Store, **changes: Any) -> Any:
    params = build_params("Visit", mode="total", **MARCH)
    params["sections"] |= changes
    (series,) = answer(params, shop, NOW)["series"].values()
    return series


def test_a_filter_keeps_the_events_of_members(shop: Store) -> None:
    entry = {
        "resourceType": "events",
        "filterType": "list",
        "filterValue": [{"cohort": {"name": "", "negated": False, "raw_cohort": buys(">=", 1)}}],
        "filterOperator": "contains",
        "value": "$cohorts",
    }
    assert visits(shop, filter=[entry]) == {"all": 1}
    assert visits(shop, filter=[entry | {"filterOperator": "does not contain"}]) == {"all": 2}


def breakdown(*labels: str) -> list[dict[str, Any]]:
    entries = [
        {"name": "Buyers", "negated": bool(n), "raw_cohort": buys(">=", 1)} for n in range(len(labels))
    ]
    return [{"value": list(labels), "resourceType": "events", "cohorts": entries}]


def test_a_breakdown_parts_members_from_others(shop: Store) -> None:
    assert visits(shop, group=breakdown("Buyers", "Not In Buyers")) == {
        "$overall": {"all": 3},
        "Not In Buyers": {"all": 2},
        "Buyers": {"all": 1},
    }


def test_the_others_are_left_out_where_they_are_not_asked_for(shop: Store) -> None:
    assert visits(shop, group=breakdown("Buyers")) == {"$overall": {"all": 3}, "Buyers": {"all": 1}}


def test_a_funnel_has_the_segments_of_a_cohort(shop: Store) -> None:
    params = build_funnel_params(["Buy", "Visit"], mode="steps", conversion_window=7, **MARCH)
    params["sections"]["group"] = breakdown("Buyers", "Not In Buyers")
    (series,) = answer(params, shop, NOW)["series"].values()
    assert "Buyers" in series
    assert "Not In Buyers" not in series


def test_the_size_of_a_cohort_is_taken_at_the_end_of_every_day(shop: Store) -> None:
    params = build_params(
        [CohortMetric(7, "Buyers"), "Visit"], from_date="2025-03-07", to_date="2025-03-10", today=NOW.date()
    )
    series = answer(params, shop, NOW, Saved({7: buys(">=", 1, days=2)}))["series"]
    assert list(series["Buyers [Unique Users]"].values()) == [0, 1, 1, 1]


def test_a_formula_reads_the_size_of_a_cohort(shop: Store) -> None:
    params = build_params(["Visit", CohortMetric(7)], formula="A / B", mode="total", **MARCH)
    series = answer(params, shop, NOW, Saved({7: buys(">=", 1)}))["series"]
    assert series == {"A / B": {"all": 3}}


@pytest.mark.parametrize("operand", [float("nan"), float("inf")])
def test_a_number_of_times_is_finite(shop: Store, operand: float) -> None:
    with pytest.raises(PlanError, match=r"operand: should be a number, not (nan|inf)"):
        names(shop, buys(">=", operand))
