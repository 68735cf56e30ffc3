"""Whole funnels, from events and params to the answer, against an evaluator written from the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import strategies as st

from pytest_mixpanel import Exclusion, Filter, FunnelStep
from pytest_mixpanel.engine.settings import SessionRules, Settings
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.plan.times import UNIT_MS
from tests.engine.events import project
from tests.engine.lawful import DAY, NOW, RANGE, asked, at_length, histories, law, milliseconds
from tests.oracles import funnel, session
from tests.oracles.funnel_report import Case, attempts, one_of_each, value_of

LEFT_OUT = "D"
"""An event of no session."""

RULES = SessionRules(timeout_s=60, excluded=(LEFT_OUT,))
FIRST, DAYS = milliseconds(RANGE["from_date"]), 6
FOREVER = 2**53


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of a funnel; ``window``: how many of which unit."""
    count = draw(st.integers(2, 4))
    steps = draw(st.lists(st.sampled_from("ABCD"), min_size=count, max_size=count))
    last = count - 1
    reaches = st.integers(0, last - 1).flatmap(
        lambda low: st.tuples(st.just(low), st.integers(low + 1, last))
    )
    windows = st.sampled_from(
        [(2, "second"), (5, "second"), (1, "minute"), (3, "hour"), (1, "day"), (2, "week")]
    )
    counting = draw(st.sampled_from(["unique", "total", "session"]))
    sessions = st.integers(1, 3).map(lambda number: (number, "session"))
    return {
        "steps": steps,
        "filtered": draw(st.sampled_from([None, 0, 1])),
        "orders": draw(
            st.sampled_from([None, None, "any"])
            | st.lists(st.sampled_from(["any", "loose"]), min_size=count, max_size=count)
        ),
        "window": (1, "session") if counting == "session" else draw(windows | sessions),
        "counting": counting,
        "reentry": draw(st.sampled_from(["default", "optimized", "aggressive"])),
        "exclusions": draw(st.lists(st.tuples(st.sampled_from("ABCD"), reaches), max_size=2)),
        "held": draw(st.sampled_from([(), (), ("p",), ("p", "q")])),
        "trends": draw(st.booleans()),
        "group_by": draw(st.sampled_from([None, "p", "q"])),
        "where": draw(st.sampled_from([None, None, "equals", "not_equals"])),
        "attribution": draw(st.sampled_from(["first_defined", "last_defined", 1, 2])),
    }


def params_of(question: dict[str, Any]) -> dict[str, Any]:
    orders = question["orders"] if isinstance(question["orders"], list) else [None] * len(question["steps"])
    length, unit = question["window"]
    where = {"equals": Filter.equals("p", "A"), "not_equals": Filter.not_equals("p", "A"), None: None}
    params = build_funnel_params(
        [
            FunnelStep(
                name, order=order, filters=[Filter.equals("q", "x")] if at == question["filtered"] else None
            )
            for at, (name, order) in enumerate(zip(question["steps"], orders, strict=True))
        ],
        order="any" if question["orders"] == "any" else "loose",
        conversion_window=1 if unit == "session" else length,
        conversion_window_unit=unit,
        math=f"conversion_rate_{question['counting']}",  # type: ignore[arg-type]  # one of the three
        reentry_mode=question["reentry"],
        exclusions=[Exclusion(name, *reach) for name, reach in question["exclusions"]],
        holding_constant=list(question["held"]) or None,
        mode="trends" if question["trends"] else "steps",
        group_by=question["group_by"],
        where=where[question["where"]],
        today=NOW.date(),
        **RANGE,  # type: ignore[arg-type]  # two dates
    )
    behavior = params["sections"]["show"][0]["behavior"]
    behavior["conversionWindowDuration"] = length  # the client has no window of several sessions
    behavior["propertyAttribution"] = question["attribution"]  # nor a word for attribution
    return params


def rules_of(question: dict[str, Any]) -> funnel.Rules:
    length, unit = question["window"]
    steps = len(question["steps"])
    floating = question["orders"] or ["loose"] * steps
    floating = [floating] * steps if isinstance(floating, str) else floating
    groups: list[set[int]] = []
    for step, order in enumerate(floating):
        if groups and order == "any" and floating[step - 1] == "any":
            groups[-1].add(step)
        else:
            groups.append({step})
    return funnel.Rules(
        steps,
        FOREVER if unit == "session" else length * UNIT_MS[unit],
        round(NOW.timestamp() * 1000),
        tuple((low + 1, high + 1) for _, (low, high) in question["exclusions"]),
        tuple(frozenset(group) for group in groups),
        length if unit == "session" else 0,
    )


def records_of(user: Sequence[dict[str, Any]], question: dict[str, Any]) -> list[funnel.Record]:
    told = [event["properties"] for event in user]
    plain = [session.Record(each["time"], event["event"]) for each, event in zip(told, user, strict=True)]
    runs = session.by_timeout(plain, 60_000, LEFT_OUT)
    numbers = {place: number for number, run in enumerate(runs) for place in run.members}
    held = [repr([each.get(name) for name in question["held"]]) for each in told]
    return [
        funnel.Record(
            each["time"],
            frozenset(
                step
                for step, name in enumerate(question["steps"])
                if name == event["event"] and (step != question["filtered"] or each.get("q") == "x")
            ),
            held=held.index(held[place]),
            stops=frozenset(
                number for number, (name, _) in enumerate(question["exclusions"]) if name == event["event"]
            ),
            session=numbers.get(place, -1),
        )
        for place, (each, event) in enumerate(zip(told, user, strict=True))
    ]


def passes(value: Any, where: str | None) -> bool:
    """``equals`` ignores case; its opposite holds of what is absent, too (E-42)."""
    equal = isinstance(value, str) and value.lower() == "a"
    return where is None or equal == (where == "equals")


def text(value: Any) -> str:
    if value is None:
        return "undefined"
    return str(value).lower() if isinstance(value, bool) else str(value)


def wanted(events: list[dict[str, Any]], question: dict[str, Any]) -> dict[Any, list[list[float]]]:
    """For every span and segment the seconds each attempt took to each step it reached."""
    spans = [(FIRST + day * DAY, FIRST + (day + 1) * DAY) for day in range(DAYS)]
    spans = spans if question["trends"] else [(FIRST, FIRST + DAYS * DAY)]
    attribution = question["attribution"]
    case = Case(rules_of(question), question["counting"], question["reentry"], tuple(spans), attribution)
    found: dict[Any, list[list[float]]] = defaultdict(list)
    for name in {event["properties"]["distinct_id"] for event in events} - {""}:
        user = [event for event in events if event["properties"]["distinct_id"] == name]
        records = records_of(user, question)

        def kept(every: bool, user: Any = user, records: Any = records) -> list[tuple[int, list[int]]]:
            values = [event["properties"].get("p") for event in user]
            return [
                (span, chain)
                for span, chain in attempts(records, case, every)
                if passes(value_of(chain, values, case), question["where"])
            ]

        labelled: list[tuple[Any, list[int]]] = [
            ((span, "all"), chain) for span, chain in kept(case.counting == "total")
        ]
        if question["group_by"]:
            values = [event["properties"].get(question["group_by"]) for event in user]
            parts = [((span, text(value_of(chain, values, case))), chain) for span, chain in kept(True)]
            labelled += one_of_each(parts, case) if case.counting == "unique" else parts
        for key, chain in labelled:
            times = [records[place].time for place in chain]
            found[key].append([max(time - times[0], 0) / 1000 for time in times])
    return found


@law(histories(), questions())
def test_funnels_follow_the_rules(events: list[dict[str, Any]], question: dict[str, Any]) -> None:
    store = project([*events, end()], settings=Settings(sessions=RULES))
    block = asked(params_of(question), store)
    expected = wanted(events, question)
    if question["trends"]:
        blocks = list(block.values())
    elif question["group_by"]:
        blocks = [{measure: _turned(block, measure) for measure in block["$overall"]}]
    else:
        blocks = [block]
    told = {(span, name) for span, measures in enumerate(blocks) for name in first(measures["count"])}
    assert expected.keys() <= told
    for span, measures in enumerate(blocks):
        for name in first(measures["count"]):
            times = expected.get((span, name), [])
            for step, (label, counts) in enumerate(measures["count"].items()):
                reached = [each[step] for each in times if len(each) > step]
                assert counts[name] == len(reached), (span, name, label)
                if step and reached:
                    mean = measures["avg_time_from_start"][label][name]
                    assert mean == pytest.approx(sum(reached) / len(reached))


def test_a_segment_counts_the_attempt_whose_last_event_came_first_as_the_whole_does() -> None:
    """Of two that are as deep (F-16); the second's last event precedes its entry, by grace (F-9)."""
    place = {"distinct_id": "u1", "p": "a", "q": "x"}
    events = [{"event": "A", "properties": {"time": FIRST + second * 1000, **place}} for second in (0, 1)]
    question = {
        "steps": ["A", "A"],
        "filtered": None,
        "orders": None,
        "window": (2, "second"),
        "counting": "unique",
        "reentry": "aggressive",
        "exclusions": [],
        "held": (),
        "trends": False,
        "group_by": "p",
        "where": None,
        "attribution": "first_defined",
    }
    block = asked(params_of(question), project([*events, end()]))
    for segment in ("$overall", "a"):
        assert block[segment]["avg_time_from_start"]["2. A"] == {"all": 0.0}


def _turned(block: dict[str, Any], measure: str) -> dict[str, Any]:
    """Segments of a measure as trends tell them: below the steps."""
    names = {"$overall": "all"}
    return {
        label: {names.get(name, name): part[measure][label]["all"] for name, part in block.items()}
        for label in block["$overall"][measure]
    }


def first(mapping: dict[str, Any]) -> Any:
    return next(iter(mapping.values()))


def end() -> dict[str, Any]:
    """So that no project is empty."""
    return {"event": "Last", "properties": {"time": FIRST, "distinct_id": "z"}}


@pytest.mark.slow
def test_funnels_follow_the_rules_at_length() -> None:
    at_length(test_funnels_follow_the_rules)
