"""Laws that hold of any events: against slow evaluators, and of the whole and its parts."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from pytest_mixpanel import CohortBreakdown, CohortCriteria, CohortDefinition, Filter, GroupBy, Metric
from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.engine.importing.paths import source_files
from pytest_mixpanel.engine.importing.read import import_files
from pytest_mixpanel.engine.sessions.events import with_session_events
from pytest_mixpanel.engine.sessions.finding import NO_SESSION, sessions_of
from pytest_mixpanel.engine.settings import SessionRules, Settings
from pytest_mixpanel.engine.store import Store
from pytest_mixpanel.query.build.flow import build_flow_params
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.build.retention import build_retention_params
from tests.engine.events import project
from tests.engine.lawful import MINUTE, NOW, RANGE, VALUES, asked, at_length, law, milliseconds, record
from tests.oracles import cohort, counts, session

EVENTS = st.lists(
    st.builds(
        lambda user, name, minutes, p: record(user, name, minutes, p=p),
        st.sampled_from(["u1", "u2", "u3", ""]),
        st.sampled_from(["A", "B", "C"]),
        st.integers(0, 9 * 24 * 60),
        VALUES,
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda event: (event["properties"]["time"], event["properties"]["distinct_id"]),
)


QUESTIONS: dict[str, dict[str, Any]] = {
    "uniques by value": build_params(Metric("A", math="unique"), group_by="p", today=NOW.date(), **RANGE),
    "sessions": build_params(Metric("$session_start"), today=NOW.date(), **RANGE),
    "a funnel by value": build_funnel_params(
        ["A", "B", "A"], group_by="p", math="conversion_rate_total", today=NOW.date(), **RANGE
    ),
    "the best attempts": build_funnel_params(
        ["A", "B"], reentry_mode="optimized", exclusions=["C"], today=NOW.date(), **RANGE
    ),
    "retention": build_retention_params("A", "B", retention_unit="day", today=NOW.date(), **RANGE),
    "a flow by value": build_flow_params("A", reverse=1, segments="p", today=NOW.date(), **RANGE),
}


@law(EVENTS, st.randoms(use_true_random=False), st.sampled_from(sorted(QUESTIONS)))
def test_the_order_of_a_file_changes_nothing(events: list[Any], chance: Any, question: str) -> None:
    """Ties apart: records of one user at one instant keep the order in which they came (E-10)."""
    shuffled = list(events)
    chance.shuffle(shuffled)
    wanted, found = (answer(QUESTIONS[question], project(each), NOW) for each in (events, shuffled))
    assert found == wanted


@law(EVENTS, st.integers(0, 40), st.sampled_from(sorted(QUESTIONS)))
def test_splitting_an_import_changes_nothing(events: list[Any], where: int, question: str) -> None:
    def imported(*parts: list[Any]) -> Store:
        with TemporaryDirectory() as folder:
            for number, part in enumerate(parts):
                lines = "".join(f"{json.dumps(event)}\n" for event in part)
                (Path(folder) / f"{number}.jsonl").write_text(lines)
            return import_files(source_files(Path(folder)))[0]

    whole, split = imported(events), imported(events[:where], events[where:])
    assert answer(QUESTIONS[question], split, NOW) == answer(QUESTIONS[question], whole, NOW)


@law(EVENTS, st.booleans(), st.sampled_from([None, GroupBy("p")]))
def test_segments_of_an_additive_measure_add_up_to_the_whole(
    events: list[Any], total: bool, second: GroupBy | None
) -> None:
    groups: list[Any] = ["p", second] if second is not None else ["p"]
    mode: Any = "total" if total else "timeseries"
    params = build_params("A", group_by=groups, mode=mode, today=NOW.date(), **RANGE)

    def added(block: Any) -> Counter[str]:
        parts = {name: inner for name, inner in block.items() if name != "$overall"}
        if not any(isinstance(value, dict) for value in block.values()):
            return Counter(block)
        return sum((added(part) for part in parts.values()), Counter())

    store = project(events)
    block, alone = asked(params, store), asked(build_params("A", mode=mode, today=NOW.date(), **RANGE), store)
    assert added(block) == Counter(block["$overall"])
    assert block["$overall"] == alone


@law(EVENTS, st.sampled_from(["unique", "cumulative_unique"]), st.booleans())
def test_users_are_counted_in_the_segments_that_have_records(
    events: list[Any], math: Any, total: bool
) -> None:
    """Those of nobody's records alone are there with 0."""
    mode: Any = "total" if total else "timeseries"
    more: Any = {"group_by": "p", "mode": mode, "today": NOW.date(), **RANGE}
    store = project(events)
    records, users = (
        asked(build_params("A", **more), store),
        asked(build_params("A", math=math, **more), store),
    )
    assert users.keys() == records.keys()
    assert users["$overall"] == asked(build_params("A", math=math, **{**more, "group_by": None}), store)


@law(EVENTS)
def test_distinct_users_of_days_windows_and_all_days(events: list[Any]) -> None:
    store = project(events)
    done = [
        (event["properties"]["distinct_id"], event["properties"]["time"] // session.DAY_MS)
        for event in events
        if event["event"] == "A" and event["properties"]["distinct_id"]
    ]
    first = milliseconds(RANGE["from_date"]) // session.DAY_MS
    days = range(first, first + 6)
    wanted = {
        "unique": [counts.on(done, day) for day in days],
        "dau": [counts.on(done, day) for day in days],
        "wau": [counts.in_the_last(done, day, 7) for day in days],
        "mau": [counts.in_the_last(done, day, 30) for day in days],
        "cumulative_unique": [counts.until(done, first, day) for day in days],
    }
    for math, values in wanted.items():
        kind: Any = math
        block = asked(build_params(Metric("A", math=kind), today=NOW.date(), **RANGE), store)
        assert list(block.values()) == values, math


OFTEN = CohortDefinition(CohortCriteria.did_event("A", at_least=2, within_days=3_650))

MEASURES: dict[str, dict[str, Any]] = {
    **{math: {"math": math} for math in ("total", "unique", "cumulative_unique", "wau")},
    "sum": {"math": "total", "property": "p"},
    "values": {"math": "unique_values", "property": "p"},
    "each user's": {"math": "average", "property": "p", "per_user": "total"},
}


@law(
    EVENTS,
    st.sampled_from(sorted(MEASURES)),
    st.sampled_from([None, "p", ["p", GroupBy("p")], CohortBreakdown(OFTEN, "often")]),
    st.sampled_from([None, Filter.in_cohort(OFTEN, "often"), Filter.equals("p", "a")]),
    st.sampled_from(["timeseries", "total"]),
)
def test_a_metric_is_the_same_alone_and_beside_one_of_all_events(
    events: list[Any], measure: str, group: Any, where: Any, mode: Any
) -> None:
    """Alone it is found among the events of its name, beside the other among all of them."""
    store, metric = project(events), Metric("A", **MEASURES[measure])
    more: Any = {"group_by": group, "where": where, "mode": mode, "today": NOW.date(), **RANGE}
    alone = asked(build_params([metric], **more), store)
    among = asked(build_params([metric, Metric("$all_events")], **more), store)
    assert alone == among


@st.composite
def criteria(draw: st.DrawFn) -> tuple[CohortCriteria, cohort.Often]:
    """Something done so often in the last days or between two days, with any value or one."""
    name, sign = draw(st.sampled_from("ABC")), draw(st.sampled_from(sorted(cohort.SIGNS)))
    times, value = draw(st.integers(0, 4)), draw(st.sampled_from([None, "a"]))
    first, last = sorted(draw(st.tuples(st.integers(0, 10), st.integers(0, 10))))
    start, end = (milliseconds("2025-03-01") + day * session.DAY_MS for day in (first, last + 1))
    window: dict[str, Any] = {"from_date": f"2025-03-{first + 1:02d}", "to_date": f"2025-03-{last + 1:02d}"}
    if draw(st.booleans()):
        # Today counts, so that the first day is one less ago than there are days.
        end = milliseconds("2025-07-01")
        window = {"within_days": (end - start) // session.DAY_MS}
    where = None if value is None else Filter.equals("p", value)
    done = CohortCriteria.did_event(name, where=where, **{sign: times}, **window)
    return done, cohort.Often(name, sign, times, start, end, value)


COHORTS = st.recursive(
    criteria(),
    lambda parts: st.tuples(st.lists(parts, min_size=1, max_size=3), st.booleans()).map(
        lambda drawn: (
            (CohortDefinition.all_of if drawn[1] else CohortDefinition.any_of)(
                *(made for made, _ in drawn[0])
            ),
            cohort.Combined(tuple(meant for _, meant in drawn[0]), drawn[1]),
        )
    ),
    max_leaves=5,
).map(
    lambda drawn: (
        drawn[0] if isinstance(drawn[0], CohortDefinition) else CohortDefinition(drawn[0]),
        drawn[1],
    )
)


@law(EVENTS, COHORTS, st.booleans())
def test_events_are_filtered_by_cohorts_as_their_words_say(
    events: list[Any], drawn: tuple[CohortDefinition, cohort.Often | cohort.Combined], negated: bool
) -> None:
    definition, meant = drawn
    users: dict[str, list[cohort.Record]] = {}
    for event in events:
        told = event["properties"]
        users.setdefault(told["distinct_id"], []).append(
            cohort.Record(event["event"], told["time"], told["p"])
        )
    nobodys = users.pop("", [])
    chosen = [user for user, records in users.items() if meant.holds(records) != negated]
    wanted = [record for user in chosen for record in users[user]] + (nobodys if negated else [])
    start, end = (milliseconds(RANGE[each]) for each in ("from_date", "to_date"))
    wanted = [each for each in wanted if each.name == "A" and start <= each.time < end + session.DAY_MS]
    where = (Filter.not_in_cohort if negated else Filter.in_cohort)(definition, "some")
    more: Any = {"where": where, "mode": "total", "today": NOW.date(), **RANGE}
    store = project(events)
    assert asked(build_params("A", **more), store) == {"all": len(wanted)}


@law(EVENTS)
def test_a_held_property_parts_a_funnel_in_any_order_by_its_values(events: list[Any]) -> None:
    """Semantics F-25: with totals every value has attempts of its own, so they add up."""
    asked_of: Any = {"order": "any", "math": "total", "today": NOW.date(), **RANGE}
    held = asked(build_funnel_params(["A", "B"], holding_constant="p", **asked_of), project(events))
    apart: Counter[str] = Counter()
    for value in {repr(event["properties"]["p"]) for event in events}:
        part = [event for event in events if repr(event["properties"]["p"]) == value]
        block = asked(build_funnel_params(["A", "B"], **asked_of), project(part))
        apart.update({label: leaf["all"] for label, leaf in block["count"].items()})
    assert {label: leaf["all"] for label, leaf in held["count"].items()} == apart


USERS = st.lists(
    st.lists(
        st.builds(
            session.Record,
            # Around two midnights, on a clock of ten minutes, so that gaps of exactly the timeout come often.
            st.integers(0, 6 * 48).map(lambda tick: tick * 10 * MINUTE),
            st.sampled_from(["Start", "End", "X", "Left out"]),
            st.sampled_from([None, "", "1", "2"]),
        ),
        max_size=14,
        unique_by=lambda event: event.time,
    ).map(lambda user: sorted(user, key=lambda event: event.time)),
    min_size=1,
    max_size=3,
)


def store_of(users: list[list[session.Record]], rules: SessionRules) -> Store:
    events = [
        record(
            f"u{number}",
            event.name,
            event.time // MINUTE,
            **({} if event.key is None else {"sid": event.key}),
        )
        for number, user in enumerate(users)
        for event in user
    ]
    return project([*events, record("z", "Last", 0)], settings=Settings(sessions=rules))


def found_sessions(store: Store, user: int) -> list[list[int]]:
    """Places of the records of each session of a user."""
    low, high = int(store.offsets[user]), int(store.offsets[user + 1])
    numbers = sessions_of(store)[low:high]
    return [np.flatnonzero(numbers == one).tolist() for one in np.unique(numbers[numbers != NO_SESSION])]


RULES = {
    "timeout": SessionRules(timeout_s=1_800, excluded=("Left out",)),
    "property": SessionRules("property", property="sid", excluded=("Left out",)),
    "event": SessionRules("event", start="Start", end="End", excluded=("Left out",)),
}


@law(USERS, st.sampled_from(sorted(RULES)))
def test_sessions_follow_the_rules(users: list[list[session.Record]], kind: str) -> None:
    users = [user for user in users if user]
    store = store_of(users, RULES[kind])
    lengths: list[float] = []
    starts, ends = 1, 1  # those of the last user
    for number, user in enumerate(users):
        place = list(store.users).index(f"u{number}")
        if kind == "event":
            wanted, ended = session.by_events(user, "Start", "End", "Left out")
        else:
            by = session.by_timeout(user, 1_800_000, "Left out")
            wanted = by if kind == "timeout" else session.by_property(user, "Left out")
            ended = len(wanted)
        assert found_sessions(store, place) == [one.members for one in wanted]
        lengths += [one.length for one in wanted if one.length is not None]
        starts, ends = starts + len(wanted), ends + ended
    if kind != "timeout":
        starts, ends = starts - 1, ends - 1  # the last user's event is of no such session
    else:
        lengths.append(0)
    seen = with_session_events(store)
    names = Counter(seen.event_names[code] for code in seen.event.tolist())
    assert (names["$session_start"], names["$session_end"]) == (starts, ends)
    start = seen.event == seen.event_code("$session_start")
    told = seen.columns["$duration_s"].numbers[start]  # type: ignore[union-attr]  # a column of numbers
    assert sorted(told[~np.isnan(told)].tolist()) == sorted(lengths)


@law(
    USERS,
    st.sampled_from(sorted(RULES)),
    st.sampled_from(["$session_start", "$session_end"]),
    st.sampled_from(["total", "unique", "wau"]),
    st.sampled_from([None, "sid", "$event_count", "$origin_end"]),
)
def test_sessions_are_counted_alike_alone_and_among_all_events(
    users: list[list[session.Record]], kind: str, name: str, math: Any, group: str | None
) -> None:
    """With another event asked for beside them, they are found among all records."""
    store = store_of([user for user in users if user], replace(RULES[kind], inherited=("sid",)))
    span: Any = {"from_date": "2025-03-01", "to_date": "2025-03-05", "today": NOW.date()}
    metric = Metric(name, math=math)
    alone = asked(build_params([metric], group_by=group, **span), store)
    among = asked(build_params([metric, Metric("X")], group_by=group, **span), store)
    assert alone == among


@law(USERS, st.integers(1, 3), st.sampled_from(["unique", "total"]))
def test_a_window_of_sessions_is_that_of_its_rule(
    users: list[list[session.Record]], window: int, math: Any
) -> None:
    """Steps lie in the entry's session or the following ones; by hand, without grace between records."""
    users = [user for user in users if user]
    store = store_of(users, RULES["timeout"])
    params = build_funnel_params(
        ["Start", "End"],
        conversion_window=1,
        conversion_window_unit="session",
        math=math,
        from_date="2025-03-01",
        to_date="2025-03-05",
        today=NOW.date(),
    )
    params["sections"]["show"][0]["behavior"]["conversionWindowDuration"] = window
    (block,) = answer(params, store, NOW)["series"].values()
    found = [leaf["all"] for leaf in block["count"].values()]
    entered = converted = 0
    for user in users:
        runs = session.by_timeout(user, 1_800_000, "Left out")
        number = {place: at for at, run in enumerate(runs) for place in run.members}
        blocked = -1
        for place, event in enumerate(user):
            if event.name != "Start" or place <= blocked:
                continue
            reach = [
                other
                for other in range(place + 1, len(user))
                if other in number and number[other] < number[place] + window
            ]
            hit = next((other for other in reach if user[other].name == "End"), None)
            entered, converted = entered + 1, converted + (hit is not None)
            blocked = hit if hit is not None else max([place, *reach])
            if math == "unique":
                break
    assert found == [entered, converted]


@pytest.mark.slow
@pytest.mark.parametrize(
    "each",
    [
        test_the_order_of_a_file_changes_nothing,
        test_splitting_an_import_changes_nothing,
        test_segments_of_an_additive_measure_add_up_to_the_whole,
        test_users_are_counted_in_the_segments_that_have_records,
        test_distinct_users_of_days_windows_and_all_days,
        test_a_metric_is_the_same_alone_and_beside_one_of_all_events,
        test_events_are_filtered_by_cohorts_as_their_words_say,
        test_a_held_property_parts_a_funnel_in_any_order_by_its_values,
        test_sessions_follow_the_rules,
        test_sessions_are_counted_alike_alone_and_among_all_events,
        test_a_window_of_sessions_is_that_of_its_rule,
    ],
)
def test_the_laws_hold_on_thousands_of_cases(each: Any) -> None:
    at_length(each)
