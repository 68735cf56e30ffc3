"""The older calls on random events give what counting them one by one gives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings, strategies as st

from pytest_mixpanel.engine.importing.read import store_of_events
from pytest_mixpanel.engine.legacy.counts import event_counts, segmentation
from pytest_mixpanel.engine.legacy.numbers import averages, sums
from pytest_mixpanel.engine.legacy.returns import INNER_UNITS, Retention, frequency, retention
from pytest_mixpanel.engine.legacy.span import Span
from pytest_mixpanel.engine.store import Store
from tests.oracles import legacy as oracle

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = 3_600_000
BEGIN = int(datetime(2025, 2, 26, tzinfo=UTC).timestamp()) * 1000

zones = st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata"])
"""New York changes its clocks on 9 March 2025; Calcutta is half an hour off."""

events = st.lists(
    st.fixed_dictionaries(
        {
            "event": st.sampled_from(["A", "B"]),
            "user": st.sampled_from(["", "u1", "u2", "u3"]),
            "time": st.integers(0, 20 * 24 * 2).map(lambda half: BEGIN + half * HOUR // 2),
            "p": st.sampled_from([None, "x", "y", 1, 2.5, True]),
        }
    ),
    max_size=25,
)
days = st.tuples(st.integers(0, 10), st.integers(0, 14)).map(
    lambda pair: (date(2025, 2, 27) + timedelta(days=pair[0]), date(2025, 2, 27) + timedelta(days=sum(pair)))
)


def stored(rows: list[dict[str, Any]], zone: str) -> Store:
    return store_of_events(
        (
            {
                "event": row["event"],
                "properties": {
                    "time": row["time"],
                    "distinct_id": row["user"],
                    "$insert_id": f"i{number}",
                    **({"p": row["p"]} if row["p"] is not None else {}),
                },
            }
            for number, row in enumerate(rows)
        ),
        time_zone=zone,
    )


@given(
    events,
    days,
    zones,
    st.sampled_from(["day", "week", "month"]),
    st.sampled_from(["general", "unique", "average"]),
)
@settings(max_examples=150, deadline=None)
def test_counts(rows: Any, span: Any, zone: str, unit: Any, counting: Any) -> None:
    asked = Span(stored(rows, zone), *span, unit, NOW)
    buckets = oracle.labels(*span, unit)
    for name, found in event_counts(asked, ["A", "B"], counting)["data"]["values"].items():
        own = oracle.within([row for row in rows if row["event"] == name], *span, zone)
        assert found == oracle.counts(own, buckets, unit, zone, counting)


@given(events, days, zones)
@settings(max_examples=150, deadline=None)
def test_segments(rows: Any, span: Any, zone: str) -> None:
    asked = Span(stored(rows, zone), *span, "day", NOW)
    names = {None: "undefined", "x": "x", "y": "y", 1: "1", 2.5: "2.5"}
    buckets = oracle.labels(*span, "day")
    own = oracle.within([row for row in rows if row["event"] == "A"], *span, zone)
    wanted: dict[str, list[Any]] = {}
    for row in own:
        name = "true" if row["p"] is True else names[row["p"]]
        wanted.setdefault(name, []).append(row)
    found = segmentation(asked, "A", "general", 'properties["p"]', None, 100)["data"]["values"]
    assert found == {
        name: oracle.counts(part, buckets, "day", zone, "general") for name, part in wanted.items()
    }


@given(events, days, zones)
@settings(max_examples=100, deadline=None)
def test_sums_and_means(rows: Any, span: Any, zone: str) -> None:
    asked = Span(stored(rows, zone), *span, "day", NOW)
    own = oracle.within([row for row in rows if row["event"] == "A"], *span, zone)
    by_day: dict[str, list[float]] = {day: [] for day in oracle.labels(*span, "day")}
    for row in own:
        if isinstance(row["p"], int | float) and not isinstance(row["p"], bool):
            by_day[oracle.label(oracle.local(row, zone), "day")].append(row["p"])
    assert sums(asked, "A", 'properties["p"]', None) == {day: sum(held) for day, held in by_day.items()}
    means = {day: sum(held) / len(held) if held else None for day, held in by_day.items()}
    assert averages(asked, "A", 'properties["p"]', None) == means


@given(events, days, zones, st.sampled_from(["day", "week", "month"]), st.booleans(), st.booleans())
@settings(max_examples=200, deadline=None)
def test_retention(rows: Any, span: Any, zone: str, unit: Any, first_time: bool, same: bool) -> None:
    back = "A" if same else "B"
    asked = Retention("A", back, None, None, first_time, columns=6)
    found = retention(asked, Span(stored(rows, zone), *span, unit, NOW))
    assert found == oracle.retention(rows, "A", back, *span, unit, zone, 6, first_time)


@given(
    events,
    days,
    zones,
    st.sampled_from([("day", "hour"), ("week", "hour"), ("week", "day"), ("month", "day"), ("day", "day")]),
)
@settings(max_examples=150, deadline=None)
def test_frequency(rows: Any, span: Any, zone: str, units: Any) -> None:
    outer, inner = units
    found = frequency(Span(stored(rows, zone), *span, outer, NOW), inner, "A", None)
    own = [row for row in rows if row["event"] == "A"]
    assert found == oracle.frequency(own, *span, outer, inner, zone, INNER_UNITS[inner][outer])
