"""Whole flows, from events and params to the answer, against an evaluator written from the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any

import pytest
from hypothesis import strategies as st

from pytest_mixpanel import Filter, FlowStep
from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.engine.settings import SessionRules, Settings
from pytest_mixpanel.query.build.flow import build_flow_params
from tests.engine.events import project
from tests.engine.lawful import DAY, NOW, RANGE, at_length, histories, law, milliseconds, record
from tests.oracles import flow, session

LEFT_OUT = "D"
"""An event of no session."""

RULES = SessionRules(timeout_s=60, excluded=(LEFT_OUT,))
FIRST, DAYS = milliseconds(RANGE["from_date"]), 6

Event = dict[str, Any]
Cells = tuple[str | None, ...]
"""What an entry shows in every column."""


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    counting = draw(st.sampled_from(["unique", "total", "session"]))
    windows = st.sampled_from([(1, "day"), (2, "day"), (1, "week"), (1, "session"), (2, "session")])
    columns = st.tuples(st.integers(0, 2), st.integers(1, 3))
    return {
        "anchors": draw(st.lists(st.tuples(st.sampled_from("ABC"), columns), min_size=1, max_size=2)),
        "filtered": draw(st.booleans()),
        "counting": counting,
        "window": (1, "session") if counting == "session" else draw(windows),
        "collapse": draw(st.booleans()),
        "hidden": draw(st.sampled_from([[], [], ["C"]])),
        "exclusions": draw(st.sampled_from([[], [], ["D"]])),
        "held": draw(st.sampled_from([(), (), ("p",), ("p", "q")])),
        "segments": draw(st.sampled_from([None, "q"])),
    }


def params_of(question: dict[str, Any], mode: Any) -> dict[str, Any]:
    length, unit = question["window"]
    params = build_flow_params(
        [
            FlowStep(
                name,
                forward=forward,
                reverse=reverse,
                filters=[Filter.equals("q", "x")] if question["filtered"] and not number else None,
            )
            for number, (name, (reverse, forward)) in enumerate(question["anchors"])
        ],
        conversion_window=1 if unit == "session" else length,
        conversion_window_unit=unit,
        count_type=question["counting"],
        cardinality=50,
        collapse_repeated=question["collapse"],
        hidden_events=question["hidden"],
        exclusions=question["exclusions"],
        segments=question["segments"],
        mode=mode,
        today=NOW.date(),
        **RANGE,  # type: ignore[arg-type]  # two dates
    )
    params["conversion_window"]["value"] = length  # the client has no window of several sessions
    params["aggregateBy"] = [{"value": name, "resourceType": "events"} for name in question["held"]]
    return params


def streams(user: Sequence[Event], question: dict[str, Any]) -> Iterator[list[tuple[Event, flow.Record]]]:
    """What is visible of a user, in a stream for each held value, with repeats collapsed."""
    told = [event["properties"] for event in user]
    plain = [session.Record(each["time"], event["event"]) for each, event in zip(told, user, strict=True)]
    runs = session.by_timeout(plain, 60_000, LEFT_OUT)
    numbers = {place: number for number, run in enumerate(runs) for place in run.members}
    by_session = question["window"][1] == "session"
    seen = []
    entered: set[int] = set()
    for place, (each, event) in enumerate(zip(told, user, strict=True)):
        anchors = {
            number
            for number, (name, _) in enumerate(question["anchors"])
            if name == event["event"] and (number or not question["filtered"] or each.get("q") == "x")
        }
        if not FIRST <= each["time"] < FIRST + DAYS * DAY or (
            event["event"] in question["hidden"] and not anchors
        ):
            continue
        if by_session and place not in numbers:
            continue
        once = numbers.get(place, -1) if question["counting"] == "session" else 0
        if question["held"] and question["counting"] != "total" and 0 in anchors:
            anchors -= {0} if once in entered else set()
            entered.add(once)
        excluded = event["event"] in question["exclusions"]
        made = flow.Record(each["time"], frozenset(anchors), numbers.get(place, -1), excluded)
        seen.append((event, made))

    def value(item: tuple[Event, flow.Record]) -> str:
        return repr([item[0]["properties"].get(name) for name in question["held"]])

    for _, part in groupby(sorted(seen, key=value), key=value):
        stream = list(part)
        if question["collapse"]:
            stream = [
                _first(list(run))
                for _, run in groupby(
                    stream, key=lambda i: (i[0]["event"], i[1].session if by_session else 0)
                )
            ]
        yield stream


def _first(run: list[tuple[Event, flow.Record]]) -> tuple[Event, flow.Record]:
    event, kept = run[0]
    anchors = frozenset().union(*(each.anchors for _, each in run))
    return event, flow.Record(kept.time, anchors, kept.session, kept.excluded)


def wanted(events: Sequence[Event], question: dict[str, Any]) -> list[tuple[str, Cells]]:
    """The segment and the cells of every entry."""
    length, unit = question["window"]
    window = None if unit == "session" else length * {"day": DAY, "week": 7 * DAY}[unit]
    columns = tuple(sizes for _, sizes in question["anchors"])
    rules = flow.Rules(columns, window, question["counting"], length if unit == "session" else 1)
    found = []
    for name in {event["properties"]["distinct_id"] for event in events} - {""}:
        user = [event for event in events if event["properties"]["distinct_id"] == name]
        for stream in streams(user, question):
            for path in flow.paths([made for _, made in stream], rules):
                cells = tuple(
                    stream[cell][0]["event"] if isinstance(cell, int) else {"lost": "DROPOFF"}.get(str(cell))
                    for cell in path
                )
                anchor = path[columns[0][0]]
                assert isinstance(anchor, int)
                told = stream[anchor][0]["properties"].get("q")
                found.append((told or "undefined", cells))
    return found


def shares(described: dict[str, Any]) -> dict[str, int]:
    return {share["value"]: int(share["totalCount"]) for share in described["segments"]}


def counted(
    entries: list[tuple[str, Any]], question: dict[str, Any]
) -> dict[Any, tuple[int, dict[str, int]]]:
    """How many entries there are of each kind, and of which segments."""
    return {
        key: (
            sum(other == key for _, other in entries),
            dict(Counter(name for name, other in entries if other == key)) if question["segments"] else {},
        )
        for key in {key for _, key in entries}
    }


@law(histories(), questions())
def test_flows_follow_the_rules(events: list[Event], question: dict[str, Any]) -> None:
    store = project([*events, record("z", "Last", 0)], settings=Settings(sessions=RULES))
    entries = wanted(events, question)
    steps = answer(params_of(question, "sankey"), store, NOW)["steps"]
    nodes = {
        (number, node["event"]): (int(node["totalCount"]), shares(node))
        for number, column in enumerate(steps)
        for node in column["nodes"]
    }
    seen = [
        (name, (number, cell))
        for name, cells in entries
        for number, cell in enumerate(cells)
        if cell is not None
    ]
    assert nodes == counted(seen, question)
    edges = {
        (number, node["event"], edge["step"], edge["event"]): (int(edge["totalCount"]), shares(edge))
        for number, column in enumerate(steps)
        for node in column["nodes"]
        for edge in node["edges"]
    }
    moves = [
        (name, (*one, *other))
        for name, cells in entries
        for one, other in pairwise((number, cell) for number, cell in enumerate(cells) if cell is not None)
    ]
    assert edges == counted(moves, question)
    paths = {
        tuple(step["event"] for step in path["flowSteps"]): (
            int(path["flowSteps"][0]["totalCount"]),
            shares(path),
        )
        for path in answer(params_of(question, "paths"), store, NOW)["flows"]
    }
    shown = [
        (name, tuple(cell for cell in cells if cell not in (None, "DROPOFF"))) for name, cells in entries
    ]
    kinds = [tuple(cell is None for cell in cells) for _, cells in entries]
    if len(set(shown)) <= 50 and len(set(kinds)) <= 1:  # else equal events stand in different columns
        assert paths == counted(shown, question)


@law(histories(), questions())
def test_trees_follow_the_rules(events: list[Event], question: dict[str, Any]) -> None:
    """Every node has the entries that came along its way, and as dropped off those that end there."""
    store = project([*events, record("z", "Last", 0)], settings=Settings(sessions=RULES))
    anchor = question["anchors"][0][1][0]
    ways = Counter(
        (tuple(cell for cell in cells[anchor:] if cell not in (None, "DROPOFF")), "DROPOFF" in cells)
        for _, cells in wanted(events, question)
    )
    found: dict[tuple[str, ...], tuple[int, int]] = {}

    def walk(node: dict[str, Any], above: tuple[str, ...]) -> None:
        way = (*above, node["step"]["event"])
        total, lost = found.get(way, (0, 0))
        total, lost = total + int(node["totalCount"]), lost + int(node["dropOffTotalCount"])
        found[way] = (total, lost)
        for child in node["children"]:
            walk(child, way)

    for tree in answer(params_of(question, "tree"), store, NOW)["trees"]:
        walk(tree["root"], ())
    assert found == {
        way: (
            sum(count for (other, _), count in ways.items() if other[: len(way)] == way),
            sum(count for (other, lost), count in ways.items() if other == way and lost),
        )
        for way in {whole[: end + 1] for whole, _ in ways for end in range(len(whole))}
    }


@pytest.mark.slow
@pytest.mark.parametrize("each", [test_flows_follow_the_rules, test_trees_follow_the_rules])
def test_flows_follow_the_rules_at_length(each: Any) -> None:
    at_length(each)
