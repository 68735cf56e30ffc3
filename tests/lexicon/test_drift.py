"""The difference between a plan and what is observed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pytest_mixpanel.lexicon.drift import Change, Drift, changes
from pytest_mixpanel.lexicon.observed import Observed, SeenEvent, SeenProperty
from pytest_mixpanel.lexicon.plan import Plan, PlannedEvent, PlannedProperty, PropertyType, merged

Types = Mapping[PropertyType, int]


def plan(*events: PlannedEvent, common: tuple[PlannedProperty, ...] = ()) -> Plan:
    return Plan({event.name: event for event in events}, {p.name: p for p in common})


def event(
    name: str, *properties: PlannedProperty, optional: bool = False, dropped: bool = False
) -> PlannedEvent:
    return PlannedEvent(name, {p.name: p for p in properties}, optional=optional, dropped=dropped)


def seen(**events: tuple[int, Mapping[str, Types]]) -> Observed:
    return Observed(
        {
            name.replace("_", " "): SeenEvent(
                n, {key: SeenProperty(types) for key, types in properties.items()}
            )
            for name, (n, properties) in events.items()
        }
    )


def told(found: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    return [(str(change.drift), change.kind, change.name) for change in found]


PRICE = PlannedProperty("price", "number")
REQUIRED_PRICE = PlannedProperty("price", "number", present=0.995)


def test_a_project_that_keeps_to_its_plan_shows_no_change() -> None:
    found = changes(
        plan(event("Buy", REQUIRED_PRICE), common=(PlannedProperty("platform", "string"),)),
        seen(Buy=(1000, {"price": {"number": 1000}, "platform": {"string": 900}, "$os": {"string": 5}})),
    )
    assert found == ()


def test_a_planned_event_that_is_not_seen_is_breaking() -> None:
    assert told(changes(plan(event("Buy")), seen())) == [("breaking", "missing", "Buy")]


def test_an_optional_event_may_go_unseen() -> None:
    assert told(changes(plan(event("Buy", optional=True)), seen())) == [("additive", "missing", "Buy")]


def test_a_dropped_event_is_not_missed() -> None:
    assert changes(plan(event("Buy", dropped=True)), seen()) == ()


def test_an_unplanned_event_is_additive_and_its_volume_told() -> None:
    (change,) = changes(plan(event("Buy")), seen(Buy=(1, {}), Refund=(2104, {})))
    assert (change.drift, change.name, change.detail) == (Drift.ADDITIVE, "Refund", "unplanned, 2,104 events")


def test_an_unplanned_event_that_looks_like_a_planned_one_is_risky() -> None:
    (change,) = changes(plan(event("Sign Up")), seen(Sign_Up=(5, {}), signup=(7, {})))
    assert (change.drift, change.name, change.like) == (Drift.RISKY, "signup", "Sign Up")


def test_a_rename_is_recognised_by_the_properties_it_kept() -> None:
    properties: Mapping[str, Types] = {key: {"string": 9} for key in ("price", "cart", "platform", "$os")}
    found = changes(
        plan(
            event("Buy", PRICE, PlannedProperty("cart")),
            event("Wave", PlannedProperty("hand"), PlannedProperty("smile")),
            common=(PlannedProperty("platform"),),
        ),
        seen(Order_Placed=(9, properties)),
    )
    assert [(change.kind, change.name, change.like) for change in found if change.name != "Wave"] == [
        ("missing", "Buy", "Order Placed"),
        ("unplanned", "Order Placed", "Buy"),
    ]


def test_what_the_libraries_send_by_themselves_is_not_unplanned() -> None:
    observed = {
        "$mp_web_page_view": SeenEvent(3, {}),
        "Buy": SeenEvent(1, {"mp_lib": SeenProperty({"string": 1})}),
    }
    assert changes(plan(event("Buy")), Observed(observed)) == ()


@pytest.mark.parametrize(
    ("strange", "drift"), [(124, "breaking"), (10, "breaking"), (9, "risky"), (1, "risky")]
)
def test_a_retyped_property_is_breaking_from_one_percent_of_its_values(strange: int, drift: str) -> None:
    observed = seen(Buy=(1000, {"price": {"number": 1000 - strange, "string": strange}}))
    (change,) = changes(plan(event("Buy", PRICE)), observed)
    assert (change.drift, change.kind) == (drift, "retyped")
    assert change.detail == f"number → string in {strange / 10:g} % of its values"


def test_a_date_where_text_is_planned_is_no_change() -> None:
    observed = seen(Buy=(2, {"on": {"datetime": 2}}))
    assert changes(plan(event("Buy", PlannedProperty("on", "string"))), observed) == ()


def test_a_property_whose_type_is_not_planned_may_have_any() -> None:
    observed = seen(Buy=(2, {"x": {"list": 1, "number": 1}}))
    assert changes(plan(event("Buy", PlannedProperty("x"))), observed) == ()


def test_a_required_property_that_is_rarer_than_planned_is_breaking() -> None:
    (change,) = changes(plan(event("Buy", REQUIRED_PRICE)), seen(Buy=(50_000, {"price": {"number": 49_112}})))
    assert (change.drift, change.kind, change.name) == (Drift.BREAKING, "incomplete", "Buy.price")
    assert change.detail == "on 98.2 % of 50,000 events, planned on 99.5 %"


def test_a_required_property_is_complete_at_its_limit() -> None:
    assert changes(plan(event("Buy", REQUIRED_PRICE)), seen(Buy=(1000, {"price": {"number": 995}}))) == ()


def test_a_required_property_that_is_on_no_event_is_missing() -> None:
    found = changes(plan(event("Buy", REQUIRED_PRICE)), seen(Buy=(3, {})))
    assert told(found) == [("breaking", "missing", "Buy.price")]


def test_a_planned_property_on_no_event_is_risky_where_there_are_enough_events() -> None:
    assert told(changes(plan(event("Buy", PRICE)), seen(Buy=(100, {})))) == [
        ("risky", "missing", "Buy.price")
    ]
    assert changes(plan(event("Buy", PRICE)), seen(Buy=(99, {}))) == ()


def test_a_common_property_need_not_come_with_every_event() -> None:
    assert changes(plan(event("Buy"), common=(PRICE,)), seen(Buy=(1000, {}))) == ()


def test_a_property_that_became_rarer_is_newly_incomplete() -> None:
    now = seen(Buy=(1000, {"price": {"number": 900}}))
    before = seen(Buy=(1000, {"price": {"number": 1000}}))
    (change,) = changes(plan(event("Buy", PRICE)), now, before)
    assert (change.drift, change.kind) == (Drift.RISKY, "incomplete")
    assert change.detail == "on 90 % of 1,000 events, before on 100 %"


def test_a_property_that_was_always_rare_is_not_newly_incomplete() -> None:
    now = seen(Buy=(1000, {"price": {"number": 400}}))
    before = seen(Buy=(1000, {"price": {"number": 420}}))
    assert changes(plan(event("Buy", PRICE)), now, before) == ()


def test_a_new_property_is_additive_and_a_misspelt_one_risky() -> None:
    observed = seen(Buy=(1000, {"price": {"number": 1000}, "coupon": {"string": 81}, "Price": {"number": 4}}))
    found = changes(plan(event("Buy", PRICE)), observed)
    assert [(c.drift, c.name, c.like) for c in found] == [
        (Drift.RISKY, "Buy.Price", "price"),
        (Drift.ADDITIVE, "Buy.coupon", None),
    ]
    assert found[1].detail == "new, on 8.1 % of events (string)"


def test_nearly_all_is_not_called_all_nor_nearly_none_none() -> None:
    observed = seen(Buy=(100_000, {"price": {"number": 99_999}, "x": {"string": 1}}))
    exact = PlannedProperty("price", "number", present=1.0)
    found = changes(plan(event("Buy", exact)), observed)
    assert [change.detail for change in found] == [
        "on over 99.9 % of 100,000 events, planned on 100 %",
        "new, on under 0.1 % of events (string)",
    ]


def test_breaking_changes_come_first() -> None:
    found = changes(plan(event("A"), event("B", PRICE)), seen(B=(100, {}), C=(1, {})))
    assert [change.drift for change in found] == [Drift.BREAKING, Drift.RISKY, Drift.ADDITIVE]


def test_of_two_plans_the_first_wins_where_both_speak() -> None:
    ours = plan(event("Buy", PRICE))
    lexicon = plan(event("Buy", PlannedProperty("price", "string"), PlannedProperty("cart")), event("Login"))
    both = merged(ours, lexicon)
    assert set(both.events) == {"Buy", "Login"}
    assert both.property("Buy", "price") == PRICE
    assert both.property("Buy", "cart") == PlannedProperty("cart")


def test_a_plan_can_be_limited_to_some_events() -> None:
    assert set(plan(event("Checkout Started"), event("Login")).limited_to(("Checkout*",)).events) == {
        "Checkout Started"
    }
