"""Flows: the semantics' worked examples, and the rules those leave open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.engine.settings import SessionRules, Settings
from pytest_mixpanel.engine.store import Store
from pytest_mixpanel.query.parse.node import Saved
from tests.engine.events import event, project
from tests.engine.published import published_client

NOW = datetime(2025, 6, 30, tzinfo=UTC)


def nodes_of(found: Mapping[str, Any]) -> list[list[Any]]:
    return sorted(
        [column, node["event"], node["type"], int(node["totalCount"])]
        for column, step in enumerate(found["steps"])
        for node in step["nodes"]
    )


def edges_of(found: Mapping[str, Any]) -> list[list[Any]]:
    return sorted(
        [column, node["event"], edge["step"], edge["event"], int(edge["totalCount"])]
        for column, step in enumerate(found["steps"])
        for node in step["nodes"]
        for edge in node["edges"]
    )


def paths_of(found: Mapping[str, Any]) -> list[list[Any]]:
    return [
        [[step["event"] for step in flow["flowSteps"]], int(flow["flowSteps"][-1]["totalCount"])]
        for flow in found["flows"]
    ]


def asked(store: Store, *anchors: Any, **more: Any) -> dict[str, Any]:
    """The answer to the params that the published client sends for this call, on 1 March 2025."""
    dates = {"from_date": "2025-03-01", "to_date": "2025-03-01"}
    return answer(published_client().build_flow_params(list(anchors), **(dates | more)), store, NOW)


def done(*users: str) -> Store:
    """A user per text, one event a minute from ten o'clock, named by a letter each."""
    return project(
        event(name, f"u{number}", f"2025-03-01T10:{minute:02}")
        for number, names in enumerate(users)
        for minute, name in enumerate(names)
        if name != " "
    )


def test_uniques_enter_once_and_totals_at_every_anchor() -> None:
    store = done("ABAC")
    once, again = (asked(store, "A", forward=1, count_type=count) for count in ("unique", "total"))
    assert nodes_of(once) == [[0, "A", "ANCHOR", 1], [1, "B", "FORWARD", 1]]
    assert nodes_of(again) == [[0, "A", "ANCHOR", 2], [1, "B", "FORWARD", 1], [1, "C", "FORWARD", 1]]


def test_totals_enter_also_inside_the_steps_shown_before() -> None:
    """Semantics W-2: with one anchor the entry ends at the anchor itself."""
    found = asked(done("AAB"), "A", forward=2, count_type="total", mode="paths")
    assert paths_of(found) == [[["A", "A", "B"], 1], [["A", "B"], 1]]


def test_repeats_collapse_after_hiding() -> None:
    found = asked(done("ABXBC"), "A", forward=2, collapse_repeated=True, hidden_events=["X"], mode="paths")
    assert paths_of(found) == [[["A", "B", "C"], 1]]


def test_a_collapsed_run_of_anchors_is_one_entry() -> None:
    found = asked(done("AAB"), "A", forward=1, count_type="total", collapse_repeated=True, mode="paths")
    assert paths_of(found) == [[["A", "B"], 1]]


def test_an_anchor_is_not_hidden() -> None:
    found = asked(done("AB"), "A", forward=1, hidden_events=["A", "B"])
    assert nodes_of(found) == [[0, "A", "ANCHOR", 1], [1, "DROPOFF", "DROPOFF", 1]]


def test_the_window_bounds_what_is_shown() -> None:
    """A week after the anchor to the millisecond is still inside."""
    moments = {"A": "2025-03-01T10:00", "B": "2025-03-08T10:00", "C": "2025-03-08T10:01"}
    store = project(event(name, "u", moment) for name, moment in moments.items())
    found = asked(store, "A", forward=2, to_date="2025-03-31")
    assert nodes_of(found)[1:] == [[1, "B", "FORWARD", 1], [2, "DROPOFF", "DROPOFF", 1]]


def test_a_second_anchor_ends_the_forward_steps_of_the_first() -> None:
    found = asked(done("ABZ"), "A", "B", forward=2)
    assert nodes_of(found) == [
        [0, "A", "ANCHOR", 1],
        [3, "B", "ANCHOR", 1],
        [4, "Z", "FORWARD", 1],
        [5, "DROPOFF", "DROPOFF", 1],
    ]
    assert edges_of(found) == [[0, "A", 3, "B", 1], [3, "B", 4, "Z", 1], [4, "Z", 5, "DROPOFF", 1]]


def test_who_misses_a_later_anchor_drops_off() -> None:
    import mixpanel_headless as published

    steps = [published.FlowStep("A", forward=1), published.FlowStep("B", forward=0, reverse=1)]
    found = asked(done("AXYB", "AX"), *steps)
    assert found["overallConversionRate"] == 0.5
    assert nodes_of(found) == [
        [0, "A", "ANCHOR", 2],
        [1, "X", "FORWARD", 2],
        [2, "Y", "REVERSE", 1],
        [3, "B", "ANCHOR", 1],
        [3, "DROPOFF", "DROPOFF", 1],
    ]


def test_sessions_bound_entries_and_steps() -> None:
    """Half an hour of silence ends a session; each session with the anchor is an entry."""
    store = done("AB" + " " * 40 + "AC", "B" + " " * 40 + "A")
    found = asked(
        store, "A", forward=1, count_type="session", conversion_window_unit="session", conversion_window=1
    )
    assert nodes_of(found) == [
        [0, "A", "ANCHOR", 3],
        [1, "B", "FORWARD", 1],
        [1, "C", "FORWARD", 1],
        [1, "DROPOFF", "DROPOFF", 1],
    ]


def test_sessions_have_a_start_to_anchor_at() -> None:
    import mixpanel_headless as published

    anchor = published.FlowStep("$session_start", forward=1, session_event="start")
    found = asked(
        done("AB" + " " * 40 + "BC"),
        anchor,
        count_type="session",
        conversion_window_unit="session",
        conversion_window=1,
        mode="paths",
    )
    assert paths_of(found) == [[["$session_start", "A"], 1], [["$session_start", "B"], 1]]


def test_a_tree_splits_entries_into_converted_and_lost() -> None:
    found = asked(done("ABC", "AB", "A", "AD"), "A", forward=2, cardinality=1, mode="tree")
    (tree,) = found["trees"]
    root = tree["root"]
    assert (root["totalCount"], root["convertedTotalCount"], root["dropOffTotalCount"]) == ("4", "3", "1")
    kept, others = root["children"]
    assert (kept["step"]["event"], kept["totalCount"], kept["dropOffTotalCount"]) == ("B", "2", "1")
    assert (others["step"]["event"], others["step"]["type"]) == ("Other events", "PRUNED")
    assert kept["children"][0]["step"]["event"] == "C"


def test_filters_choose_anchors_and_leave_what_follows() -> None:
    """Semantics W-12, W-13: neither filter hides a neighbour."""
    from mixpanel_headless import Filter, FlowStep

    store = project(
        [
            event("A", "u", "2025-03-01T10:00", plan="free", n=1),
            event("A", "u", "2025-03-01T10:01", plan="pro", n=2),
            event("B", "u", "2025-03-01T10:02", plan="free", n=3),
        ]
    )
    step = FlowStep("A", filters=[Filter.greater_than("n", 1)])
    for found in (
        asked(store, step, forward=1, mode="paths"),
        asked(store, "A", forward=1, mode="paths", where=Filter.equals("plan", "pro")),
    ):
        assert paths_of(found) == [[["A", "B"], 1]]


def test_an_empty_flow_has_columns_without_nodes() -> None:
    found = asked(done("B"), "A", forward=1)
    assert found["steps"] == [{"nodes": []}, {"nodes": []}]
    assert asked(done("B"), "A", mode="tree")["trees"] == []


def shares_of(described: Mapping[str, Any]) -> dict[str, int]:
    return {share["value"]: int(share["totalCount"]) for share in described["segments"]}


def by_plan() -> Store:
    """Two users of one plan and one of another, who do A and then B, C or nothing."""
    return project(
        event(name, user, f"2025-03-01T10:{minute:02}", plan=plan)
        for user, plan, names in (
            ("u", "pro", "AB"),
            ("v", "pro", "AC"),
            ("w", "free", "AB"),
            ("x", "free", "A"),
        )
        for minute, name in enumerate(names)
    )


def test_segments_split_the_counts_of_nodes_edges_paths_and_trees() -> None:
    """Semantics W-22: the same columns, by the value at the anchor."""
    found = asked(by_plan(), "A", forward=1, segments="plan")
    assert found["breakdowns"] == [{"value": "free", "totalCount": "2"}, {"value": "pro", "totalCount": "2"}]
    first, second = (column["nodes"] for column in found["steps"])
    assert shares_of(first[0]) == {"free": 2, "pro": 2}
    assert {node["event"]: shares_of(node) for node in second} == {
        "B": {"free": 1, "pro": 1},
        "C": {"pro": 1},
        "DROPOFF": {"free": 1},
    }
    assert {edge["event"]: shares_of(edge) for edge in first[0]["edges"]} == {
        "B": {"free": 1, "pro": 1},
        "C": {"pro": 1},
        "DROPOFF": {"free": 1},
    }
    paths = asked(by_plan(), "A", forward=1, segments="plan", mode="paths")["flows"]
    assert [shares_of(path) for path in paths] == [{"free": 1, "pro": 1}, {"free": 1}, {"pro": 1}]
    (tree,) = asked(by_plan(), "A", forward=1, segments="plan", mode="tree")["trees"]
    assert shares_of(tree) == {"free": 2, "pro": 2}
    assert [shares_of(child) for child in tree["root"]["children"]] == [{"free": 1, "pro": 1}, {"pro": 1}]


def test_segments_by_cohort_are_those_in_it_and_those_not() -> None:
    import mixpanel_headless as published

    did_b = published.CohortDefinition(
        published.CohortCriteria.did_event("B", at_least=1, from_date="2025-01-01", to_date="2025-12-31")
    )
    found = asked(by_plan(), "A", forward=1, segments=published.CohortBreakdown(did_b, "Did B"))
    assert shares_of(found["steps"][0]["nodes"][0]) == {"Did B": 2, "Not In Did B": 2}


def test_a_held_property_keeps_its_value_along_a_path() -> None:
    """Semantics W-10: what has another value is no part of it; who is counted once enters at the first A."""
    store = project(
        event(name, "u", f"2025-03-01T10:0{minute}", plan=plan)
        for minute, (name, plan) in enumerate([("A", "x"), ("B", "y"), ("A", "y"), ("C", "x"), ("D", "y")])
    )
    params = published_client().build_flow_params(
        "A", forward=2, mode="paths", from_date="2025-03-01", to_date="2025-03-01"
    )
    held = {**params, "aggregateBy": [{"value": "plan", "resourceType": "events"}]}
    assert paths_of(answer(held, store, NOW)) == [[["A", "C"], 1]]
    assert paths_of(answer({**held, "count_type": "total"}, store, NOW)) == [[["A", "C"], 1], [["A", "D"], 1]]


def test_a_window_of_two_sessions_shows_those_of_the_next_one() -> None:
    moments = {"A": "10:00", "B": "10:10", "C": "11:00", "D": "12:00"}
    store = project(event(name, "u", f"2025-03-01T{moment}") for name, moment in moments.items())
    params = published_client().build_flow_params(
        "A",
        forward=3,
        mode="paths",
        conversion_window=1,
        conversion_window_unit="session",
        from_date="2025-03-01",
        to_date="2025-03-01",
    )
    assert paths_of(answer(params, store, NOW)) == [[["A", "B"], 1]]
    params["conversion_window"]["value"] = 2
    assert paths_of(answer(params, store, NOW)) == [[["A", "B", "C"], 1]]
    with pytest.raises(ParamValidationError, match="window of 1 session"):
        answer({**params, "count_type": "session"}, store, NOW)


def test_what_belongs_to_no_session_ends_no_path_within_one() -> None:
    rules = SessionRules(excluded=("Ping",))
    moments = [("A", 0), ("Ping", 1), ("B", 2)]
    store = project(
        (event(name, "u", f"2025-03-01T10:0{minute}") for name, minute in moments),
        settings=Settings(sessions=rules),
    )
    found = asked(store, "A", forward=2, conversion_window=1, conversion_window_unit="session", mode="paths")
    assert paths_of(found) == [[["A", "B"], 1]]


CUSTOM = Saved(custom_events={7: {"name": "Buy", "alternatives": [{"event": "B"}, {"event": "C"}]}})


def test_custom_events_stand_for_their_events_between_anchors_and_merge_them_as_anchors() -> None:
    """Semantics W-9."""
    dates = {"from_date": "2025-03-01", "to_date": "2025-03-01"}
    params = published_client().build_flow_params("A", forward=1, **dates)
    found = answer(params, done("AB", "AC", "AD"), NOW, CUSTOM)
    assert nodes_of(found)[1:] == [[1, "Buy", "FORWARD", 2], [1, "D", "FORWARD", 1]]
    assert [node["isCustomEvent"] for node in found["steps"][1]["nodes"]] == [True, False]
    plain = answer({**params, "show_custom_events": False}, done("AB", "AC", "AD"), NOW, CUSTOM)
    assert [node[1] for node in nodes_of(plain)] == ["A", "B", "C", "D"]
    for name in ("Buy", "$custom_event:7"):
        params = published_client().build_flow_params(name, forward=1, **dates)
        found = answer(params, done("BA", "CA"), NOW, CUSTOM)
        assert nodes_of(found) == [[0, "Buy", "ANCHOR", 2], [1, "A", "FORWARD", 2]]


def test_a_tree_says_how_many_seconds_its_nodes_take() -> None:
    """Semantics W-21: A at 0, B after 1 or 3 minutes, C a minute later."""
    (tree,) = asked(done("ABC", "A  BC"), "A", forward=2, mode="tree")["trees"]
    (b,) = tree["root"]["children"]
    (c,) = b["children"]
    assert tree["root"]["timePercentilesFromStart"] == {}
    assert b["timePercentilesFromPrev"]["p50"] == b["timePercentilesFromStart"]["p50"] == 120
    assert (c["timePercentilesFromPrev"]["p50"], c["timePercentilesFromStart"]["p50"]) == (60, 180)
