"""What raw events show of events, properties and types."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.lexicon.observed import fits, observe, type_of


def row(event: str, **properties: Any) -> dict[str, Any]:
    return {"event": event, "properties": properties}


def test_events_and_values_are_counted_by_type() -> None:
    seen = observe(
        [row("Buy", price=3, coupon=None), row("Buy", price="3"), row("Buy", price=2.5), row("Login")]
    )
    assert {name: event.count for name, event in seen.events.items()} == {"Buy": 3, "Login": 1}
    assert seen.events["Buy"].properties["price"].types == {"number": 2, "string": 1}
    assert seen.total == 4


def test_null_is_no_value_but_empty_text_is() -> None:
    event = observe([row("Buy", coupon=None, note=""), row("Buy", coupon="X", note="")]).events["Buy"]
    assert event.share("coupon") == 0.5
    assert event.share("note") == 1.0
    assert event.share("never seen") == 0.0


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, "boolean"),
        (0, "number"),
        (1.5, "number"),
        ("", "string"),
        ("pro", "string"),
        ("2026-08-28", "datetime"),
        ("2026-08-28T14:02:11", "datetime"),
        ("2026-08-28T14:02:11.5+02:00", "datetime"),
        ("2026-08-28 at noon", "string"),
        ("20260828", "string"),
        ([], "list"),
        ({"a": 1}, "object"),
    ],
)
def test_a_json_value_has_a_property_type(value: Any, kind: str) -> None:
    assert type_of(value) == kind


def test_a_date_is_text_too_but_text_is_no_date() -> None:
    assert fits("string", "datetime")
    assert not fits("datetime", "string")


@given(
    st.lists(
        st.tuples(st.sampled_from("AB"), st.dictionaries(st.sampled_from("xy"), st.none() | st.integers()))
    )
)
def test_no_event_and_no_value_is_lost(rows: list[tuple[str, dict[str, int | None]]]) -> None:
    seen = observe(row(event, **properties) for event, properties in rows)
    values = [value for _, properties in rows for value in properties.values() if value is not None]
    assert seen.total == len(rows)
    assert sum(p.present for e in seen.events.values() for p in e.properties.values()) == len(values)
