"""The semantics' numbers, as small worked examples; ``MIXPANEL_VECTORS`` names further files of them.

A query the engine refuses is skipped with what it says; a number that differs fails.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.engine.users import answer_users
from tests.engine.vector_cases import difference, insights_values, params_of, saved_of, store_of
from tests.vectors import load

VECTORS = load("semantics_vectors.json", "MIXPANEL_VECTORS")
INSIGHTS = [v for v in VECTORS if v["query"]["method"] == "query" and v["library_call"]]

SETTINGS = {
    "identity": "identities are not merged at import yet",
    "merged_events": "events are not merged at import yet",
    "dedupe_by_day": "only equal records are de-duplicated",
}
"""Settings of a project that the engine does not have."""


@pytest.mark.parametrize("vector", INSIGHTS, ids=lambda vector: vector["id"])
def test_insights(vector: dict[str, Any]) -> None:
    for setting in SETTINGS.keys() & vector.get("settings", {}).keys():
        pytest.skip(SETTINGS[setting])
    now = datetime.fromisoformat(vector["now"])
    try:
        found = answer(params_of(vector["query"]), store_of(vector), now, saved_of(vector))
    except ParamValidationError as refusal:
        pytest.skip(f"refused: {refusal}")
    depth, formulas = len(found["headers"]) - 1, int("formula" in vector["query"]["kwargs"])
    values = insights_values(found["series"], depth, formulas)
    assert difference(vector["expect"]["values"], values) is None, vector["why"]
    if "comparison" in vector["expect"]:
        past = insights_values(found["time_comparison"]["series"], depth, formulas)
        assert difference(vector["expect"]["comparison"], past) is None, vector["why"]


USERS = [v for v in VECTORS if v["query"]["method"] == "query_user"]
AGGREGATES = {"n": "count", "value": "result"}
"""Where the wire has another word for what a vector expects."""


@pytest.mark.parametrize("vector", USERS, ids=lambda vector: vector["id"])
def test_users(vector: dict[str, Any]) -> None:
    now, wanted = datetime.fromisoformat(vector["now"]), vector["expect"]
    params = params_of(vector["query"])
    if "action" not in params:
        params["limit"] = vector["query"]["kwargs"].get("limit", 1)
    results = answer_users(params, store_of(vector), now, saved_of(vector))["results"]
    if "action" in params:
        expected = {AGGREGATES.get(key, key): value for key, value in wanted.items()}
        assert difference(expected, results) is None, vector["why"]
        return
    found = [profile["$distinct_id"] for profile in results]
    assert found == wanted.get("ordered", found), vector["why"]
    assert set(found) == set(wanted.get("distinct_ids", found)), vector["why"]
    assert len(found) == wanted.get("count", len(found)), vector["why"]
