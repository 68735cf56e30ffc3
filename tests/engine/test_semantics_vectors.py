"""The semantics' numbers, as small worked examples; ``MIXPANEL_VECTORS`` names further files of them.

``semantics_rules.jsonl`` has a case or more for rules that the first file leaves out, named by the rule.

Each is asked through a workspace over a project imported from files, or of the engine where a vector is
no call of the client. A vector believed wrong stands in ``DISPUTED`` with the argument.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pytest_mixpanel.engine.formulas import compile_formula
from pytest_mixpanel.engine.insights.attribution import weights
from tests.engine.vector_cases import answered, difference, insights_values, open_workspace, typed
from tests.vectors import load

VECTORS = [*load("semantics_rules.jsonl"), *load("semantics_vectors.json", "MIXPANEL_VECTORS")]

DISPUTED: dict[str, str] = {}
"""Vector → why it is believed to be wrong."""

Vector = Mapping[str, Any]


def check_insights(vector: Vector, folder: Path) -> None:
    with open_workspace(vector, folder) as workspace:
        found, result = answered(workspace, vector["query"])
    assert result.series == found["series"]
    depth = len(found["headers"]) - 1
    formulas = sum(show["type"] == "formula" for show in result.params["sections"]["show"])
    values = insights_values(found["series"], depth, formulas)
    assert difference(vector["expect"]["values"], values) is None
    if "comparison" in vector["expect"]:
        past = insights_values(found["time_comparison"]["series"], depth, formulas)
        assert difference(vector["expect"]["comparison"], past) is None


def check_funnel(vector: Vector, folder: Path) -> None:
    with open_workspace(vector, folder) as workspace:
        found, result = answered(workspace, vector["query"])
    (block,) = found["series"].values()
    wanted = vector["expect"]
    if "steps" in wanted:
        steps = block.get("$overall", block)
        assert_steps(wanted["steps"], steps)
        assert [step["count"] for step in result.steps_data] == list(counts_of(steps))
    for name, segments in (("segments", block), ("trend", {label[:10]: of for label, of in block.items()})):
        exact = wanted.get(name, {}).get("$exact_keys")
        keys = wanted.get(name, {}).keys() - {"$exact_keys"}
        for key in keys:
            inner = wanted[name][key]
            assert_steps(inner["steps"] if isinstance(inner, dict) else inner, segments[key])
        if exact:
            assert keys == segments.keys() - {"$overall"}
    if "value" in wanted:
        last = list(block["avg_time_from_start"].values())[-1]
        assert difference(wanted["value"], last["all"]) is None
    if "per_step" in wanted:
        assert difference(wanted["per_step"], list(counts_of(block))) is None


def counts_of(block: Mapping[str, Any]) -> list[Any]:
    return [measures["all"] for measures in block["count"].values()]


def assert_steps(wanted: list[dict[str, Any]], block: Mapping[str, Any]) -> None:
    found = [
        {name: list(block[name].values())[step]["all"] for name in block}
        for step in range(len(block["count"]))
    ]
    assert difference(wanted, found) is None


def check_retention(vector: Vector, folder: Path) -> None:
    with open_workspace(vector, folder) as workspace:
        found, result = answered(workspace, vector["query"])
    (block,) = found["series"].values()
    whole = block.get("$overall", block)
    assert_cohorts(vector["expect"], whole)
    for segment, expected in vector["expect"].get("segments", {}).items():
        if segment != "$exact_keys":
            assert_cohorts(expected if "cohorts" in expected else {"cohorts": expected}, block[segment])
    if vector["expect"].get("segments", {}).get("$exact_keys"):
        assert vector["expect"]["segments"].keys() - {"$exact_keys"} == block.keys() - {"$overall"}
    if "overall" in vector["expect"]:
        assert_row(vector["expect"]["overall"], found["whole_range"]["$overall"])
    assert {day[:10] for day in whole if day != "$average"} == result.cohorts.keys()


def assert_cohorts(wanted: Mapping[str, Any], block: Mapping[str, Any]) -> None:
    rows = {label[:10]: row for label, row in block.items()}
    days = wanted.get("cohorts", {}).keys() - {"$exact_keys"}
    for day in days:
        assert_row(wanted["cohorts"][day], rows[day])
    if wanted.get("cohorts", {}).get("$exact_keys"):
        assert days == {day for day, row in rows.items() if row["first"] and day != "$average"}
    for key, value in wanted.get("average", {}).items():
        known = block["$average"].get(key)
        if isinstance(value, list):
            known = [*known, *[None] * len(value)][: len(value)]
        assert difference(value, known) is None


def assert_row(wanted: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    assert row["first"] == wanted.get("first", row["first"])
    for key in wanted.keys() - {"first"}:
        empty = False if key == "complete" else 0
        found = [*row[key], *[empty] * len(wanted[key])][: len(wanted[key])]
        assert difference(wanted[key], found, key) is None


def check_flow(vector: Vector, folder: Path) -> None:
    with open_workspace(vector, folder) as workspace:
        found, result = answered(workspace, vector["query"])
    wanted = vector["expect"]
    columns = found.get("steps", [])
    if "nodes" in wanted:
        nodes = [
            [number, node["event"], node["type"], int(node["totalCount"])]
            for number, column in enumerate(columns)
            for node in column["nodes"]
        ]
        assert sorted(nodes) == sorted(wanted["nodes"])
        assert len(result.nodes_df) == len(nodes)
    if "edges" in wanted:
        edges = [
            [number, node["event"], edge["step"], edge["event"], int(edge["totalCount"])]
            for number, column in enumerate(columns)
            for node in column["nodes"]
            for edge in node["edges"]
        ]
        assert sorted(edges) == sorted(wanted["edges"])
    if "paths" in wanted:
        paths = [
            [[step["event"] for step in flow["flowSteps"]], int(flow["flowSteps"][-1]["totalCount"])]
            for flow in found["flows"]
        ]
        assert paths == wanted["paths"]
    if "tree" in wanted:
        (tree,) = [tree_of(tree["root"]) for tree in found["trees"]]
        assert difference(keyed(wanted["tree"]), tree) is None


def tree_of(node: Mapping[str, Any]) -> dict[str, Any]:
    """A tree under the names vectors may give its parts; children by their event."""
    total, lost = int(node["totalCount"]), int(node["dropOffTotalCount"])
    return {
        "event": node["step"]["event"],
        **dict.fromkeys(("total", "count", "totalCount"), total),
        **dict.fromkeys(("drop_off", "dropoff", "dropOff", "drop_off_count"), lost),
        **dict.fromkeys(("converted", "converted_count"), int(node["convertedTotalCount"])),
        "children": {child["step"]["event"]: tree_of(child) for child in node["children"]},
    }


def keyed(tree: Any) -> Any:
    """A vector's tree with its children by their event, however it lists them; no other may be there."""
    if isinstance(tree, list):
        (tree,) = tree
    if "event" not in tree and len(tree) == 1:
        ((name, below),) = tree.items()
        tree = {"event": name, **below}
    if "children" not in tree:
        return tree
    listed = tree["children"]
    if isinstance(listed, list):
        listed = {child["event"]: child for child in listed}
    children = {name: keyed({"event": name, **child}) for name, child in listed.items()}
    return {**tree, "children": {**children, "$exact_keys": True}}


AGGREGATES = {"n": "count", "value": "result", "variance": "var"}
"""Where the wire has another word for what a vector expects."""


def check_users(vector: Vector, folder: Path) -> None:
    with open_workspace(vector, folder) as workspace:
        result = workspace.query_user(*typed(vector["query"]["args"]), **typed(vector["query"]["kwargs"]))
    wanted = vector["expect"]
    if result.mode == "aggregate":
        if "count" in wanted and not isinstance(result.aggregate_data, dict):
            assert result.aggregate_data == wanted["count"]
            return
        expected = {AGGREGATES.get(key, key): value for key, value in wanted.items()}
        assert difference(expected, result.aggregate_data) is None
        return
    found = result.distinct_ids
    assert found == wanted.get("ordered", found)
    assert set(found) == set(wanted.get("distinct_ids", found))
    assert len(found) == wanted.get("count", len(found))


def check_frequency(vector: Vector, folder: Path) -> None:
    with open_workspace(vector, folder) as workspace:
        result = workspace.frequency(**vector["query"]["kwargs"])
    assert difference(vector["expect"]["data"], result.data) is None


def check_formula(vector: Vector, folder: Path) -> None:
    inputs = {
        name: None if value == {"$undefined": True} else value
        for name, value in vector["query"]["inputs"].items()
    }
    now = datetime.fromisoformat(vector["now"]).astimezone(ZoneInfo(vector["timezone"]))
    today = f"{now.date()}T00:00:00"
    value = compile_formula(vector["query"]["formula"])(inputs, today)
    assert difference(vector["expect"]["value"], value) is None
    assert isinstance(value, bool) == isinstance(vector["expect"]["value"], bool)


def check_weights(vector: Vector, folder: Path) -> None:
    asked = dict(vector["query"]["kwargs"])
    found = weights(asked.pop("model"), asked.pop("n"), **asked)
    assert difference(vector["expect"]["value"], list(found)) is None


CHECKS: dict[str, Callable[[Vector, Path], None]] = {
    "query": check_insights,
    "query_funnel": check_funnel,
    "query_retention": check_retention,
    "query_flow": check_flow,
    "query_user": check_users,
    "frequency": check_frequency,
    "custom_property.eval": check_formula,
    "attribution.weights": check_weights,
}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_vectors(vector: dict[str, Any], tmp_path: Path) -> None:
    if vector["id"] in DISPUTED:
        pytest.xfail(DISPUTED[vector["id"]])
    CHECKS[vector["query"]["method"]](vector, tmp_path)
