"""Random insights against a slow evaluator: measures, filters, breakdowns, analysis, time zones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from pytest_mixpanel import Filter, GroupBy, Metric
from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.query.build.insights import build_params
from tests.engine.events import project
from tests.engine.lawful import NOW, at_length, law, milliseconds
from tests.oracles import insights
from tests.oracles.insights import Question, Record, equal, is_number, none, some

ZONES = ("UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland")
HOUR = 3_600_000

TEXTS = st.sampled_from(["x", "X", "y", "", "ünï", "ÜNÏ", 1, "1", True, "true", None])
NUMBERS = st.sampled_from([1, 2, 2.5, -3, 10, 0, "7", True, None, [1, 2], [], [3, "z"]])
LISTS = st.sampled_from([["a", "b"], ["a"], ["A", "c", "a"], [], "a", ["b", 1], [True, "b"], 7, None])


@st.composite
def events(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for _ in range(draw(st.integers(0, 25))):
        hours = draw(st.integers(-24 * 6, 24 * 12) | st.integers(-24 * 50, 24 * 30))
        time = milliseconds("2025-03-05") + hours * HOUR + draw(st.sampled_from([0, 0, 1, 1_800_000]))
        told = {"s": draw(TEXTS), "n": draw(NUMBERS), "l": draw(LISTS)}
        kept = {name: value for name, value in told.items() if value is not None or draw(st.booleans())}
        user = draw(st.sampled_from(["u1", "u2", "u3", ""]))
        properties = {"time": time, "distinct_id": user, **kept}
        made.append({"event": draw(st.sampled_from("AAB")), "properties": properties})
    return made


FILTERS: dict[str, tuple[Filter, str, insights.Test]] = {
    "equals": (Filter.equals("s", "x"), "s", some(lambda item: equal(item, "x"))),
    "any of": (
        Filter.equals("l", ["A", "7"]),
        "l",
        some(lambda item: equal(item, "A") or equal(item, "7")),
    ),
    "a number": (Filter.equals("n", 1), "n", some(lambda item: is_number(item) and item == 1)),
    "not": (Filter.not_equals("l", "a"), "l", none(lambda item: equal(item, "a"))),
    "contains": (
        Filter.contains("s", "Ü"),
        "s",
        some(lambda item: isinstance(item, str) and "ü" in item.lower()),
    ),
    "lacks": (
        Filter.not_contains("l", "B"),
        "l",
        none(lambda item: isinstance(item, str) and "b" in item.lower()),
    ),
    "at least": (Filter.at_least("n", 2), "n", some(lambda item: is_number(item) and item >= 2)),
    "less": (Filter.less_than("n", 1), "n", some(lambda item: is_number(item) and item < 1)),
    "between": (Filter.between("n", 1, 2.5), "n", some(lambda item: is_number(item) and 1 <= item <= 2.5)),
    "set": (Filter.is_set("s"), "s", lambda value: value is not None),
    "not set": (Filter.is_not_set("s"), "s", lambda value: value is None),
    "true": (Filter.is_true("s"), "s", lambda value: value is True),
}
BREAKDOWNS: dict[str, tuple[Any, str, insights.Labels]] = {
    "text": ("s", "s", insights.by_value),
    "list": ("l", "l", insights.by_value),
    "even": (GroupBy("n", "number", 2, -1, 4), "n", insights.by_bucket(2, -1, 4)),
    "odd": (GroupBy("n", "number", 1.5, 0, 5), "n", insights.by_bucket(1.5, 0, 5)),
}
PROPERTY_MATHS = ("sum", "average", "median", "min", "max", "p25", "p90", "p99")
WITHOUT_MEAN = ("most_frequent", "cumulative_unique")


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    math = draw(
        st.sampled_from(
            [
                *("total", "unique", "dau", "wau", "mau", "cumulative_unique"),
                *("unique_values", "most_frequent", *PROPERTY_MATHS),
            ]
        )
    )
    total = draw(st.booleans())
    drawn = st.sampled_from([None, None, "rolling", "cumulative"])
    first = date(2025, 3, 5) + timedelta(days=draw(st.integers(-4, 6)))
    return {
        "math": math,
        "property": draw(st.sampled_from("nsl")) if math in ("unique_values", "most_frequent") else "n",
        "per_user": draw(st.sampled_from([None, None, "total", "average", "min", "max"]))
        if math in PROPERTY_MATHS
        else None,
        "first_segment": math == "unique" and draw(st.booleans()),
        "filters": draw(st.lists(st.sampled_from(sorted(FILTERS)), max_size=2)),
        "combine": draw(st.sampled_from(["all", "any"])),
        "where": draw(st.lists(st.sampled_from(sorted(FILTERS)), max_size=1)),
        "breakdowns": draw(st.lists(st.sampled_from(sorted(BREAKDOWNS)), max_size=2)),
        "unit": draw(st.sampled_from(["day", "week", "month"])),
        "total": total,
        "analysis": None if total or math in WITHOUT_MEAN else draw(drawn),
        "window": draw(st.integers(1, 4)),
        "first": first,
        "last": first + timedelta(days=draw(st.integers(0, 12))),
        "zone": draw(st.sampled_from(ZONES)),
    }


def start_of(unit: str, day: date) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


def params_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    measured = asked["math"] not in ("total", "unique", "dau", "wau", "mau", "cumulative_unique")
    metric = Metric(
        "A",
        math="total" if asked["math"] == "sum" else asked["math"],
        property=asked["property"] if measured else None,
        per_user=asked["per_user"],
        filters=[FILTERS[name][0] for name in asked["filters"]] or None,
        filters_combinator=asked["combine"],
        segment_method="first" if asked["first_segment"] else None,
    )
    return build_params(
        metric,
        from_date=asked["first"].isoformat(),
        to_date=asked["last"].isoformat(),
        unit=asked["unit"],
        mode="total" if asked["total"] else "timeseries",
        group_by=[BREAKDOWNS[name][0] for name in asked["breakdowns"]] or None,
        where=[FILTERS[name][0] for name in asked["where"]] or None,
        rolling=asked["window"] if asked["analysis"] == "rolling" else None,
        cumulative=asked["analysis"] == "cumulative",
        today=NOW.date(),
    )


def records_of(made: list[dict[str, Any]], asked: Mapping[str, Any]) -> list[Record]:
    """The records that pass, by the tests' own words."""
    found = []
    for place, event in enumerate(made):
        told = event["properties"]
        passed = [FILTERS[name][2](told.get(FILTERS[name][1])) for name in asked["filters"]]
        inline = not passed or (all(passed) if asked["combine"] == "all" else any(passed))
        outer = all(FILTERS[name][2](told.get(FILTERS[name][1])) for name in asked["where"])
        if event["event"] == "A" and inline and outer:
            moment = datetime.fromtimestamp(told["time"] / 1000, UTC).astimezone(ZoneInfo(asked["zone"]))
            found.append(Record(told["distinct_id"], "A", moment.date(), told["time"], place, told))
    return found


def flat(block: Mapping[str, Any], depth: int, above: str = "") -> dict[str, list[Any]]:
    """Segments of several levels joined, each with its values; the whole as ``$overall``."""
    if depth == 0:
        return {above or "$overall": list(block.values())}
    found: dict[str, list[Any]] = {}
    for name, inner in block.items():
        if name != "$overall":
            found |= flat(inner, depth - 1, f"{above} / {name}" if above else name)
        elif not above:
            while "$overall" in inner:
                inner = inner["$overall"]  # the whole lies at the bottom
            found |= flat(inner, 0)
    return found


def alike(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= 1e-9 * max(1, abs(other))
    return bool(one == other)


def is_nothing(values: list[Any]) -> bool:
    return not any(value not in (None, 0) for value in values)


@law(events(), questions())
def test_insights_follow_the_rules(made: list[dict[str, Any]], asked: dict[str, Any]) -> None:
    store = project([*made, *project_of_nobody()], time_zone=asked["zone"])
    (block,) = answer(params_of(asked), store, NOW)["series"].values()
    found = flat(block, len(asked["breakdowns"]))
    question = Question(
        asked["math"],
        asked["first"],
        asked["last"],
        lambda day: start_of(asked["unit"], day),
        asked["total"],
        asked["property"],
        asked["per_user"],
        asked["first_segment"],
        tuple(BREAKDOWNS[name][1:] for name in asked["breakdowns"]),
        asked["window"] if asked["analysis"] == "rolling" else 0,
        asked["analysis"] == "cumulative",
    )
    wanted = insights.answer(records_of(made, asked), question)
    # Segments without a number are there where records are, and may be told or not.
    for name in found.keys() | wanted.keys():
        here, there = found.get(name, []), wanted.get(name, [])
        if is_nothing(here) and is_nothing(there):
            continue
        here = ["" if value == "" else value for value in here]
        there = ["" if value == "(empty string)" else value for value in there]
        assert len(here) == len(there), name
        assert all(map(alike, here, there)), (name, here, there)


def project_of_nobody() -> list[dict[str, Any]]:
    """One event that no question is about, so that the store is never empty."""
    return [{"event": "Other", "properties": {"time": milliseconds("2025-01-01"), "distinct_id": "z"}}]


@pytest.mark.slow
def test_insights_follow_the_rules_at_length() -> None:
    at_length(test_insights_follow_the_rules)
