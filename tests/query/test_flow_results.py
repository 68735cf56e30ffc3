"""Answers to flows become graphs, paths and trees; the numbers are those of the contract's worked example."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mixpanel.core.errors import QueryError
from pytest_mixpanel.query.results.flow import FlowQueryResult
from pytest_mixpanel.query.results.flow_tree import FlowTreeNode

SANKEY = {"flows_merge_type": "graph"}


def node(event: str, count: Any, kind: str = "NORMAL", **edges: int) -> dict[str, Any]:
    """Edges lead to the next column; counts come as texts."""
    drawn = [
        {"event": target, "type": "DROPOFF" if target == "DROPOFF" else "NORMAL", "totalCount": str(moved)}
        for target, moved in edges.items()
    ]
    return {"event": event, "type": kind, "totalCount": count, "edges": drawn}


RIDES = {
    "computed_at": "2026-04-01T09:30:12.401Z",
    "metadata": {"min_sampling_factor": 1.0},
    "overallConversionRate": "NaN",
    "steps": [
        {"nodes": [node("Search", "10", "ANCHOR", Unlock=6, Pay=1, DROPOFF=3)]},
        {"nodes": [node("Unlock", "6", Pay=4, DROPOFF=2), node("Pay", "1"), node("DROPOFF", "3", "DROPOFF")]},
        {"nodes": [node("Pay", "4"), node("DROPOFF", "2", "DROPOFF")]},
    ],
}


def leaf(event: str, total: str, lost: str = "0", *children: dict[str, Any]) -> dict[str, Any]:
    return {
        "step": {"event": event, "type": "NORMAL", "stepNumber": 1, "anchorType": "NORMAL"},
        "totalCount": total,
        "dropOffTotalCount": lost,
        "convertedTotalCount": str(int(total) - int(lost)),
        "children": list(children),
    }


TREE = {
    "trees": [
        {
            "root": {
                "step": None,
                "children": [leaf("A", "10", "2", leaf("B", "6", "0", leaf("C", "4")), leaf("D", "2"))],
            }
        }
    ]
}


def test_transitions_are_ranked_with_drop_offs() -> None:
    result = FlowQueryResult.parse(RIDES, SANKEY)
    assert result.top_transitions() == [
        ("Search@0", "Unlock@1", 6),
        ("Unlock@1", "Pay@2", 4),
        ("Search@0", "DROPOFF@1", 3),
        ("Unlock@1", "DROPOFF@2", 2),
        ("Search@0", "Pay@1", 1),
    ]
    assert result.top_transitions(1) == [("Search@0", "Unlock@1", 6)]


def test_a_column_is_summed_with_those_it_lost() -> None:
    assert FlowQueryResult.parse(RIDES, SANKEY).drop_off_summary() == {
        "step_0": {"total": 10, "dropoff": 3, "rate": 0.3},
        "step_1": {"total": 10, "dropoff": 2, "rate": 0.2},
        "step_2": {"total": 6, "dropoff": 0, "rate": 0.0},
    }


def test_nodes_and_edges_are_frames() -> None:
    result = FlowQueryResult.parse(RIDES, SANKEY)
    assert result.df is result.df
    assert list(result.df.columns)[:5] == ["step", "event", "type", "count", "anchor_type"]
    assert result.df["count"].tolist() == [10, 6, 1, 3, 4, 2]
    assert len(result.edges_df) == 5
    assert result.edges_df["target_step"].tolist() == [1, 1, 1, 2, 2]


def test_the_graph_is_networkx() -> None:
    graph = FlowQueryResult.parse(RIDES, SANKEY).graph
    assert graph.nodes["Search@0"] == {
        "step": 0,
        "event": "Search",
        "type": "ANCHOR",
        "count": 10,
        "anchor_type": "",
    }
    assert graph.edges["Unlock@1", "Pay@2"]["count"] == 4
    assert set(graph.successors("Search@0")) == {"Unlock@1", "Pay@1", "DROPOFF@1"}


def test_a_rate_of_nothing_is_zero() -> None:
    assert FlowQueryResult.parse(RIDES, SANKEY).overall_conversion_rate == 0.0


def test_trees_are_walked_found_and_drawn() -> None:
    result = FlowQueryResult.parse(TREE, {"flows_merge_type": "tree"})
    (tree,) = result.trees
    assert [one.event for one in tree.flatten()] == ["A", "B", "C", "D"]
    assert (tree.depth, tree.node_count, tree.leaf_count) == (2, 4, 2)
    assert tree.drop_off_rate == 0.2
    assert tree.conversion_rate == 0.8
    assert [[step.event for step in path] for path in tree.all_paths()] == [["A", "B", "C"], ["A", "D"]]
    assert tree.find("C")[0].total_count == 4
    assert tree.render() == "A (10)\n├── B (6)\n│   └── C (4)\n└── D (2)"
    assert result.df["path"].tolist() == ["A", "A > B", "A > B > C", "A > D"]
    assert result.df["depth"].tolist() == [0, 1, 2, 1]


def test_trees_are_anytrees_too() -> None:
    (root,) = FlowQueryResult.parse(TREE, {"flows_merge_type": "tree"}).anytree
    assert [child.event for child in root.children] == ["B", "D"]
    assert root.children[0].children[0].total_count == 4


def test_paths_are_rows_by_step() -> None:
    flows = [
        {"flowSteps": [{"event": "A", "type": "ANCHOR", "totalCount": "7"}, {"event": "B", "totalCount": 7}]}
    ]
    frame = FlowQueryResult.parse({"flows": flows}, {"flows_merge_type": "list"}).df
    assert frame.to_numpy().tolist() == [[0, 0, "A", "ANCHOR", 7], [0, 1, "B", "NORMAL", 7]]


def test_an_empty_answer_has_its_columns_and_no_rows() -> None:
    for shape, columns in (("graph", 7), ("list", 5), ("tree", 9)):
        frame = FlowQueryResult.parse({}, {"flows_merge_type": shape}).df
        assert frame.shape == (0, columns)
    empty = FlowQueryResult.parse({}, SANKEY)
    assert (empty.top_transitions(), empty.drop_off_summary(), empty.anytree) == ([], {}, [])
    assert len(empty.graph) == 0


def test_a_count_that_is_none_warns_and_counts_nothing() -> None:
    steps = [{"nodes": [node("A", "many")]}]
    with pytest.warns(UserWarning, match="many"):
        assert FlowQueryResult.parse({"steps": steps}, SANKEY).df["count"].tolist() == [0]


@pytest.mark.parametrize(
    "answer",
    [
        {"error": "too many"},
        [],
        None,
        {"steps": 3},
        {"steps": [3]},
        {"trees": [3]},
        {"steps": [{"nodes": 5}]},
    ],
)
def test_what_is_no_answer_is_a_query_error(answer: Any) -> None:
    with pytest.raises(QueryError, match="Flow query failed"):
        FlowQueryResult.parse(answer, SANKEY)


def test_a_tree_goes_to_json() -> None:
    tree = FlowTreeNode("A", "ANCHOR", 0, 2, children=(FlowTreeNode("B", "NORMAL", 1, 1),))
    assert tree.to_dict()["children"][0]["event"] == "B"
