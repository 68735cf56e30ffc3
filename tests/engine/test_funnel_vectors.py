"""The semantics' funnels and retentions, as small worked examples; ``MIXPANEL_VECTORS`` names further files.

A query the engine refuses is skipped with what it says; a number that differs fails.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.query.results.funnel import FunnelQueryResult
from tests.engine.vector_cases import difference, params_of, saved_of, store_of
from tests.vectors import load

VECTORS = load("semantics_vectors.json", "MIXPANEL_VECTORS")
FUNNELS = [v for v in VECTORS if v["query"]["method"] == "query_funnel"]
RETENTIONS = [v for v in VECTORS if v["query"]["method"] == "query_retention"]
EXTENSIONS = {
    "attribution": "params have no place for the attribution of a funnel's property",
}
NO_CLASS = ("LookupProperty", "BorrowedProperty", "first_time", "math_property")
"""Words of vectors for which neither the published client nor the params have a place."""


def block_of(vector: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The vector's params, and the one series of their answer; skips where the engine refuses."""
    for word in EXTENSIONS.keys() & vector["query"].keys():
        pytest.skip(EXTENSIONS[word])
    if not vector["library_call"]:
        pytest.skip("not a call of the client")
    params = params_of(vector["query"])
    try:
        found = answer(params, store_of(vector), datetime.fromisoformat(vector["now"]), saved_of(vector))
    except ParamValidationError as refusal:
        pytest.skip(f"refused: {refusal}")
    (block,) = found["series"].values()
    return params, block


def steps_of(block: dict[str, Any]) -> list[dict[str, Any]]:
    return FunnelQueryResult.parse({"series": {"f": block}}, {}).steps_data


def compare_steps(wanted: list[dict[str, Any]], block: dict[str, Any], why: str) -> None:
    found = steps_of(block)
    assert len(found) == len(wanted), why
    for number, (expected, step) in enumerate(zip(wanted, found, strict=True)):
        assert difference(expected, step, f"step {number + 1}") is None, why


@pytest.mark.parametrize("vector", FUNNELS, ids=lambda vector: vector["id"])
def test_funnels(vector: dict[str, Any]) -> None:
    if vector.get("settings"):
        pytest.skip(f"settings {', '.join(vector['settings'])} are not part of a store yet")
    _, block = block_of(vector)
    wanted, why = vector["expect"], vector["why"]
    if "value" in wanted or "per_step" in wanted:
        pytest.skip("a measured time or property is not part of the answer yet")
    if "steps" in wanted:
        compare_steps(wanted["steps"], block.get("$overall", block), why)
    for segment, steps in wanted.get("segments", {}).items():
        if segment != "$exact_keys":
            compare_steps(steps["steps"] if isinstance(steps, dict) else steps, block[segment], why)
    by_day = {label[:10]: inner for label, inner in block.items()}
    for day, steps in wanted.get("trend", {}).items():
        if day != "$exact_keys":
            compare_steps(steps["steps"] if isinstance(steps, dict) else steps, by_day[day], why)


def compare_cohorts(wanted: dict[str, Any], block: dict[str, Any], why: str) -> None:
    rows = {label[:10]: row for label, row in block.items()}
    for day, expected in wanted.get("cohorts", {}).items():
        if day == "$exact_keys":
            continue
        row = rows[day]
        assert row["first"] == expected.get("first", row["first"]), why
        for key in ("counts", "rates"):
            prefix = expected.get(key, [])
            for number, value in enumerate(prefix):
                found = row[key][number] if number < len(row[key]) else 0
                assert difference(value, found, f"{day} {key}[{number}]") is None, why
    for key, value in wanted.get("average", {}).items():
        found = block["$average"].get(key)
        pairs = [(value, found)]
        if isinstance(value, list):
            pairs = list(zip(value, [*found, *[None] * len(value)], strict=False))
        for number, (expected, got) in enumerate(pairs):
            assert difference(expected, got, f"average {key}[{number}]") is None, why


@pytest.mark.parametrize("vector", RETENTIONS, ids=lambda vector: vector["id"])
def test_retentions(vector: dict[str, Any]) -> None:
    _, block = block_of(vector)
    wanted, why = vector["expect"], vector["why"]
    if "overall" in wanted:
        pytest.skip("the overall row is not part of the answer yet")
    compare_cohorts(wanted, block.get("$overall", block), why)
    for segment, expected in wanted.get("segments", {}).items():
        if segment != "$exact_keys":
            compare_cohorts(expected if "cohorts" in expected else {"cohorts": expected}, block[segment], why)
