"""Which events a question is about, against one decision after the other, on random events."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import strategies as st

from pytest_mixpanel.engine.properties import as_coded, numbers_of
from pytest_mixpanel.engine.selection.chosen import places, places_where
from pytest_mixpanel.engine.selection.marks import marks_of
from pytest_mixpanel.engine.store import Store
from pytest_mixpanel.engine.store.columns import NumberColumn
from pytest_mixpanel.query.plan.selecting import Behavior, Condition, Member, Selection
from tests.engine.events import project
from tests.engine.lawful import NOW, at_length, law, record

Told = dict[str, Any]

PLANS = {"u1": "pro", "u2": "free"}
"""Profiles; the third user has none."""

ACTIVE = Behavior(Selection("A", (Condition("p", "equals", "x"),)), ">=", 1, days=3_650)
CONDITIONS = {
    "p is x": Condition("p", "equals", "x"),
    "p is not x": Condition("p", "does not equal", "x"),
    "q is set": Condition("q", "is set", ""),
    "n is large": Condition("n", "is greater than", 2, type="number"),
    "no such property": Condition("nowhere", "is set", ""),
    "plan is pro": Condition("plan", "equals", "pro", resource="people"),
    "active": Member(ACTIVE),
    "not active": Member(ACTIVE, negated=True),
    "plan is not pro": Condition("plan", "does not equal", "pro", resource="people"),
}
NAMES = ("A", "B", "C", "$all_events")

EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["u1", "u2", "u3", ""]),
        st.sampled_from("ABC"),
        st.integers(0, 9),
        st.fixed_dictionaries({}, optional={"p": st.sampled_from("xXy"), "q": st.just(1)}),
        st.integers(0, 4),
    ),
    max_size=14,
)
PLAIN = st.builds(
    Selection,
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(sorted(CONDITIONS)), max_size=3).map(
        lambda names: tuple(CONDITIONS[name] for name in names)
    ),
    combine=st.sampled_from(["all", "any"]),
    first_time=st.booleans(),
)
SELECTIONS = st.builds(
    lambda one, others: replace(one, others=tuple(others)), PLAIN, st.lists(PLAIN, max_size=2)
)


def stored(drawn: list[tuple[str, str, int, Told, int]]) -> tuple[Store, list[Told]]:
    """A store and its events in the order of the store; ``n`` is a column of numbers."""
    events = [
        record(user, name, minute, id=number, n=n, **more)
        for number, (user, name, minute, more, n) in enumerate(drawn)
    ]
    profiles = [{"$distinct_id": user, "plan": plan} for user, plan in PLANS.items()]
    store = project(events, profiles=profiles)
    count = len(store)
    numbers = {name: numbers_of(store.columns.get(name), count) for name in ("id", "n")}
    columns = {name: as_coded(column) for name, column in store.columns.items()}
    store = replace(store, columns={**columns, "n": NumberColumn(numbers["n"])}, decided={})
    told = [events[int(number)] for number in numbers["id"]]
    return store, [{**each["properties"], "event": each["event"]} for each in told]


def holds(name: str, event: Told, events: list[Told]) -> bool:
    user = event["distinct_id"]
    match name:
        case "p is x":
            return str(event.get("p", "")).lower() == "x"
        case "p is not x":
            return not holds("p is x", event, events)
        case "q is set":
            return "q" in event
        case "n is large":
            return bool(event["n"] > 2)
        case "plan is pro":
            return PLANS.get(user) == "pro"
        case "plan is not pro":
            return PLANS.get(user) != "pro"
        case "not active":
            return not holds("active", event, events)
        case "active":
            theirs = [each for each in events if user and each["distinct_id"] == user]
            return any(each["event"] == "A" and holds("p is x", each, events) for each in theirs)
    return False


def fits(selection: Selection, event: Told, events: list[Told]) -> bool:
    if any(fits(other, event, events) for other in selection.others):
        return True
    by_name = [e for e in events if selection.event in (e["event"], "$all_events")]
    if event not in by_name:
        return False
    if selection.first_time:
        user = event["distinct_id"]
        times = [e["time"] for e in by_name if e["distinct_id"] == user]
        if not user or event["time"] != min(times):
            return False
    known = {id(condition): name for name, condition in CONDITIONS.items()}
    verdicts = [holds(known[id(condition)], event, events) for condition in selection.conditions]
    return (all if selection.combine == "all" else any)(verdicts) if verdicts else True


@law(EVENTS, st.lists(SELECTIONS, min_size=1, max_size=4), st.integers(0, 4))
def test_events_are_marked_that_fit(
    drawn: list[tuple[str, str, int, Told, int]], selections: list[Selection], entries: int
) -> None:
    store, events = stored(drawn)
    fitting = {
        place: sum(1 << number for number, each in enumerate(selections) if fits(each, event, events))
        for place, event in enumerate(events)
    }
    marks = marks_of(store, selections, NOW, entries)
    found = dict(zip(marks.at.tolist(), marks.of_events().tolist(), strict=True))
    leading = (1 << min(entries, len(selections))) - 1
    entered = {events[at]["distinct_id"] for at, bits in fitting.items() if bits & leading} - {""}
    for place, bits in fitting.items():
        user = events[place]["distinct_id"]
        if not entries or user in entered:
            assert found.get(place, 0) == bits
        else:
            assert found.get(place, 0) in (0, bits)
    assert sorted(found) == marks.at.tolist()
    assert marks.time.tolist() == store.time[marks.at].tolist()
    assert marks.offsets.tolist() == [sum(at < bound for at in found) for bound in store.offsets.tolist()]


@law(EVENTS, SELECTIONS)
def test_events_are_found_that_fit(
    drawn: list[tuple[str, str, int, Told, int]], selection: Selection
) -> None:
    store, events = stored(drawn)
    found = places(store, selection, NOW)
    assert found.tolist() == [at for at, event in enumerate(events) if fits(selection, event, events)]


@law(EVENTS, SELECTIONS, st.lists(st.sampled_from(sorted(CONDITIONS)), max_size=3))
def test_events_are_found_for_which_conditions_hold(
    drawn: list[tuple[str, str, int, Told, int]], selection: Selection, where: list[str]
) -> None:
    store, events = stored(drawn)
    found = places_where(store, selection, [CONDITIONS[name] for name in where], NOW)
    assert found.tolist() == [
        at
        for at, event in enumerate(events)
        if fits(selection, event, events) and all(holds(name, event, events) for name in where)
    ]


@pytest.mark.slow
def test_events_are_marked_and_found_at_length() -> None:
    at_length(test_events_are_marked_that_fit)
    at_length(test_events_are_found_that_fit)
