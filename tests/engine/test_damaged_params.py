"""Params, whoever wrote them, are answered or refused with the place that cannot be read."""

from __future__ import annotations

import copy
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.engine.store import Store
from pytest_mixpanel.engine.users import answer_users
from pytest_mixpanel.query.parse.params import PlanError, parse
from tests.engine.events import event, project
from tests.vectors import load

NOW = datetime(2025, 1, 20, tzinfo=UTC)
CASES = [
    case for case in load("golden_params.jsonl", "MIXPANEL_GOLDEN") if "sections" in case.get("params", {})
]
FLAT = [
    case
    for case in load("golden_params.jsonl", "MIXPANEL_GOLDEN")
    if case["method"] == "build_user_params" and "params" in case
]
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "nonsense", -1, 10**9, 1.5, True, [], {}, ["x"], {"a": 1}]
)


@pytest.fixture(scope="module")
def small() -> Store:
    names = ("Login", "Purchase", "A", "B")
    events = [
        event(name, user, f"2025-01-{day:02d}", country="US", revenue=day, cart=[{"Brand": "x"}])
        for day in (2, 3, 9)
        for name in names
        for user in ("u1", "u2")
    ]
    return project(events, profiles=[{"$distinct_id": "u1", "plan": "pro", "ltv": 3}])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_params_of_the_published_client_are_read_or_refused_by_place(case: dict[str, Any]) -> None:
    refusal = None
    try:
        parse(case["params"])
    except PlanError as error:
        refusal = error
    assert refusal is None or refusal.path.startswith("$.")


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_params_are_answered_or_refused(small: Store, data: st.DataObject) -> None:
    params = damaged(data, data.draw(st.sampled_from(CASES))["params"])
    with suppress(ParamValidationError):
        answer(params, small, NOW)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_user_params_are_answered_or_refused(small: Store, data: st.DataObject) -> None:
    params = damaged(data, data.draw(st.sampled_from(FLAT))["params"])
    with suppress(ParamValidationError):
        answer_users(params, small, NOW)


def damaged(data: st.DataObject, params: dict[str, Any]) -> dict[str, Any]:
    """A copy with one place replaced by junk, or left out."""
    whole = copy.deepcopy(params)
    places = list(_places(whole))
    if not places:
        return whole
    container, key = data.draw(st.sampled_from(places))
    if data.draw(st.booleans()):
        container[key] = data.draw(JUNK)
    else:
        del container[key]
    return whole


def _places(node: Any) -> Any:
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        yield node, key
        yield from _places(node[key])
