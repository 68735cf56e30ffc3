"""Whole retentions, from events and params to the answer, against an evaluator written from the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st

from pytest_mixpanel import Filter, RetentionEvent
from pytest_mixpanel.query.build.retention import build_retention_params
from tests.engine.events import project
from tests.engine.lawful import DAY, NOW, RANGE, asked, at_length, histories, law, milliseconds, record
from tests.oracles import retention_report
from tests.oracles.retention_report import Rules

FIRST, DAYS = milliseconds(RANGE["from_date"]), 6


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    counting = draw(st.sampled_from(["unique", "retention_rate", "total"]))
    criteria = ["none", "carry_forward"] + ["carry_back", "consecutive_forward"] * (counting != "total")
    return {
        "events": draw(st.tuples(st.sampled_from("AB"), st.sampled_from("AB"))),
        "filtered": draw(st.booleans()),
        "unit": draw(st.sampled_from(["day", "week", "month"])),
        "alignment": draw(st.sampled_from(["birth", "interval_start"])),
        "widths": draw(st.sampled_from([(), (), (1, 2), (1, 3, 7)])),
        "counting": counting,
        "criterion": draw(st.sampled_from(criteria)),
        "where": draw(st.sampled_from([None, None, "a"])),
        "group_by": draw(st.sampled_from([None, "p"])),
        "rows": draw(st.sampled_from(["day", "week"])),
        "now": draw(st.integers(0, 12)),
    }


def params_of(question: dict[str, Any], now: datetime) -> dict[str, Any]:
    born, back = question["events"]
    return build_retention_params(
        born,
        RetentionEvent(back, filters=[Filter.equals("q", "x")] if question["filtered"] else None),
        retention_unit=question["unit"],
        alignment=question["alignment"],
        bucket_sizes=list(question["widths"]) or None,
        math=question["counting"],
        unbounded_mode=question["criterion"],
        where=Filter.equals("p", question["where"]) if question["where"] else None,
        group_by=question["group_by"],
        unit=question["rows"],
        today=max(now.date(), NOW.date()),
        **RANGE,  # type: ignore[arg-type]  # two dates
    )


def text(value: Any) -> str:
    if value is None:
        return "undefined"
    return str(value).lower() if isinstance(value, bool) else str(value)


def records_of(user: Sequence[dict[str, Any]], question: dict[str, Any]) -> list[retention_report.Record]:
    born, back = question["events"]
    found = []
    for event in user:
        told = event["properties"]
        allowed = question["where"] is None or str(told.get("p")).lower() == question["where"]
        returned = event["event"] == back and (not question["filtered"] or told.get("q") == "x")
        birth = event["event"] == born and allowed
        found.append(retention_report.Record(told["time"], birth, returned, text(told.get("p"))))
    return found


def rows(unit: str) -> list[tuple[str, int, int]]:
    """The rows of the range; weeks begin on Mondays, and so does the range."""
    if unit == "week":
        return [("2025-03-03", FIRST, FIRST + DAYS * DAY)]
    days = [datetime(2025, 3, 3, tzinfo=UTC) + timedelta(days=number) for number in range(DAYS)]
    return [
        (f"{day:%Y-%m-%d}", milliseconds(f"{day:%Y-%m-%d}"), milliseconds(f"{day:%Y-%m-%d}") + DAY)
        for day in days
    ]


@law(histories(names=("A", "B", "C")), questions())
def test_retentions_follow_the_rules(events: list[dict[str, Any]], question: dict[str, Any]) -> None:
    now = datetime(2025, 3, 5, 7, tzinfo=UTC) + timedelta(days=3 * question["now"])
    rules = Rules(
        question["unit"],
        question["alignment"] == "interval_start",
        question["widths"],
        question["criterion"],
        question["counting"],
        question["events"][0] == question["events"][1] and not question["filtered"],
        round(now.timestamp() * 1000),
    )
    known = [event for event in events if event["properties"]["time"] <= rules.now]
    store = project([*events, record("z", "Last", 0)])
    block = asked(params_of(question, now), store, now)
    blocks = block if question["group_by"] else {"$overall": block}
    users = [
        records_of([event for event in known if event["properties"]["distinct_id"] == name], question)
        for name in {event["properties"]["distinct_id"] for event in known} - {""}
    ]
    segments = {
        record.segment
        for user in users
        for record in user
        if record.is_birth and FIRST <= record.time < FIRST + DAYS * DAY
    }
    assert blocks.keys() == {"$overall"} | (segments if question["group_by"] else set())
    for segment, table in blocks.items():
        told = {label[:10]: row for label, row in table.items() if label != "$average"}
        for label, low, high in rows(question["rows"]):
            found = told[label]
            width = len(found["counts"])
            chosen = None if segment == "$overall" else segment
            each = [retention_report.row(user, low, high, chosen, width, rules) for user in users]
            born = [one for one in each if one is not None]
            assert found["first"] == len(born)
            counts = [sum(one[bucket] for one in born) for bucket in range(width)]
            assert found["counts"] == counts
            assert found["rates"] == [count / len(born) if born else 0 for count in counts]


@pytest.mark.slow
def test_retentions_follow_the_rules_at_length() -> None:
    at_length(test_retentions_follow_the_rules)
