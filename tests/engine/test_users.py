"""User queries (semantics §6.2), with the selectors and aggregates of the wire."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.store import Store
from pytest_mixpanel.engine.users import PAGE, answer_users
from pytest_mixpanel.query.parse.node import Saved
from tests.engine.events import event, project
from tests.vectors import load

NOW = datetime(2025, 3, 10, 12, tzinfo=UTC)
BUYERS = {
    "selector": {
        "operator": "and",
        "children": [{"property": "behaviors", "value": "b", "operator": ">=", "operand": 1}],
    },
    "behaviors": {
        "b": {"count": {"event_selector": {"event": "Buy"}}, "window": {"unit": "day", "value": 30}}
    },
}
SAVED = Saved({7: BUYERS})


@pytest.fixture(scope="module")
def people() -> Store:
    profiles = [
        {"$distinct_id": "ana", "plan": "Pro", "ltv": 100, "vip": True, "$created": "2025-03-09T10:00:00"},
        {
            "$distinct_id": "bob",
            "plan": "free",
            "ltv": 10,
            "city": "Porto",
            "$created": "2025-01-05T23:00:00",
        },
        {"$distinct_id": "cem", "plan": "free", "ltv": "n/a", "tags": ["new", "eu"]},
        {"$distinct_id": "dan", "vip": False},
    ]
    events = [event("Buy", "ana", "2025-03-09T10:00"), event("Buy", "eve", "2025-03-09T10:00")]
    return project(events, profiles=profiles)


def asked(people: Store, **params: Any) -> Any:
    return answer_users(params, people, NOW, SAVED)


def ids(people: Store, **params: Any) -> list[str]:
    return [profile["$distinct_id"] for profile in asked(people, **params)["results"]]


@pytest.mark.parametrize(
    ("where", "users"),
    [
        ('properties["plan"] == "pro"', ["ana"]),
        ('(properties["plan"] == "pro" or properties["plan"] == "free")', ["ana", "bob", "cem"]),
        ('properties["plan"] != "free"', ["ana", "dan"]),
        ('"ort" in properties["city"]', ["bob"]),
        ('not "ort" in properties["city"]', ["ana", "cem", "dan"]),
        ('"eu" in properties["tags"]', ["cem"]),
        ('properties["ltv"] >= 10 and properties["ltv"] < 100', ["bob"]),
        ('defined(properties["ltv"])', ["ana", "bob", "cem"]),
        ('properties["vip"] == true', ["ana"]),
        ('properties["vip"] == false', ["dan"]),
        ('datetime(properties["$created"]) >= datetime(NOW - 345600)', ["ana"]),
        ('datetime(properties["$created"]) <= datetime("2025-01-05T23:59:59")', ["bob"]),
    ],
)
def test_a_selector_chooses(people: Store, where: str, users: list[str]) -> None:
    assert ids(people, where=where) == users


def test_users_of_a_cohort_have_profiles_unless_all_are_asked_for(people: Store) -> None:
    cohort = json.dumps({"id": 7})
    assert ids(people, filter_by_cohort=cohort, include_all_users=False) == ["ana"]
    assert ids(people, filter_by_cohort=cohort, include_all_users=True) == ["ana", "eve"]


def test_numbers_come_before_texts_and_the_undefined_last_in_both_orders(people: Store) -> None:
    key = 'properties["ltv"]'
    assert ids(people, sort_key=key, sort_order="descending") == ["ana", "bob", "cem", "dan"]
    assert ids(people, sort_key=key, sort_order="ascending") == ["bob", "ana", "cem", "dan"]


def test_a_profile_holds_what_is_asked_for(people: Store) -> None:
    (profile,) = asked(people, distinct_id="bob", output_properties='["plan", "none"]')["results"]
    assert profile == {"$distinct_id": "bob", "$properties": {"plan": "free"}}


def test_a_search_looks_at_ids_and_texts(people: Store) -> None:
    assert ids(people, search="PORT") == ["bob"]
    assert ids(people, search="da") == ["dan"]


def test_aggregates_are_over_numbers(people: Store) -> None:
    assert asked(people, action="count()")["results"] == 4
    assert asked(people, action='extremes(properties["ltv"])')["results"] == {
        "max": 100,
        "min": 10,
        "nth_percentile": 55,
    }
    assert asked(people, action='percentile(properties["ltv"], 100)')["results"] == {
        "percentile": 100,
        "result": 100,
    }
    summary = asked(people, action='numeric_summary(properties["ltv"])')["results"]
    assert summary == {"count": 2, "mean": 55, "var": 2025, "sum_of_squares": 10_100}


def test_an_aggregate_by_cohort(people: Store) -> None:
    found = asked(people, action="count()", segment_by_cohorts='{"7": true}')
    assert found["results"] == {"7": 1}


def test_pages_follow_each_other() -> None:
    many = project([], profiles=[{"$distinct_id": f"u{n:04}", "n": n} for n in range(PAGE + 5)])
    first = answer_users({}, many, NOW)
    assert (len(first["results"]), first["total"]) == (PAGE, PAGE + 5)
    assert first["session_id"] is not None
    second = answer_users({"page": 1, "session_id": first["session_id"]}, many, NOW)
    assert [row["$distinct_id"] for row in second["results"]] == [f"u{n:04}" for n in range(PAGE, PAGE + 5)]
    assert second["session_id"] is None


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"filter_by_cohort": "{"}, r"\$\.filter_by_cohort: should be JSON"),
        ({"filter_by_cohort": '{"id": 8}'}, "no cohort 8"),
        ({"data_group_id": "4"}, r"\$\.data_group_id"),
        ({"were": "x"}, r"\$\.were: is no parameter"),
        ({"where": 'properties["a" == 1'}, "ends too early"),
        ({"where": "plan == 1"}, "reads 'plan'"),
        ({"action": "sum()"}, "write count"),
        ({"action": 'percentile(properties["ltv"], 101)'}, "between 0 and 100"),
    ],
)
def test_what_cannot_be_read_is_named(people: Store, params: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ParamValidationError, match=complaint):
        asked(people, **params)


CASES = [
    case
    for case in load("golden_params.jsonl", "MIXPANEL_GOLDEN")
    if case["method"] == "build_user_params" and "data_group_id" not in case.get("params", {})
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_params_of_the_published_client_are_answered(people: Store, case: dict[str, Any]) -> None:
    saved = Saved(dict.fromkeys((77, 123, 456), BUYERS))
    assert answer_users(case["params"], people, NOW, saved)["status"] == "ok"
