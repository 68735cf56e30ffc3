"""The shop is what its documentation says, and the same on every machine."""

from __future__ import annotations

import json
from itertools import islice

import numpy as np
import pytest

from pytest_mixpanel.demo import NOW, Shop, export_lines, generate
from pytest_mixpanel.demo.vocabulary import COMMON, EVENTS, PROFILE, PROPERTIES
from pytest_mixpanel.engine.store.columns import CodedColumn, Column, NumberColumn
from tests.demo.reckoning import day_of, rows


def present(column: Column) -> np.ndarray:
    return column.codes >= 0 if isinstance(column, CodedColumn) else ~np.isnan(column.numbers)


def numbers(shop: Shop, name: str) -> np.ndarray:
    column = shop.columns[name]
    assert isinstance(column, NumberColumn)
    return column.numbers


def test_has_about_a_million_events_of_twenty_thousand_users_over_120_days(shop: Shop) -> None:
    assert 950_000 < len(shop) < 1_100_000
    assert len(shop.users) == len(shop.profiles) == 20_000
    assert set(np.unique(day_of(shop)).tolist()) == set(range(120))
    assert shop.time.max() <= NOW.timestamp() * 1000


def test_is_sorted_by_user_then_time(shop: Shop) -> None:
    same_user = np.diff(shop.user) == 0
    assert (np.diff(shop.user) >= 0).all()
    assert (np.diff(shop.time)[same_user] >= 0).all()


def test_comes_out_the_same_every_time(shop: Shop) -> None:
    again = generate()
    assert (again.time == shop.time).all()
    assert (again.event == shop.event).all()
    assert again.profiles == shop.profiles
    assert list(again.columns) == list(shop.columns)
    for name, column in again.columns.items():
        other = shop.columns[name]
        if isinstance(column, CodedColumn):
            assert isinstance(other, CodedColumn)
            assert (column.codes == other.codes).all()
        else:
            np.testing.assert_array_equal(column.numbers, numbers(shop, name))


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_carries_exactly_the_properties_its_lexicon_entry_names(shop: Shop, event: str) -> None:
    mine = shop.event == shop.event_names.index(event)
    carried = {name for name, column in shop.columns.items() if present(column)[mine].any()}
    assert carried == {*COMMON, *EVENTS[event].properties}


def test_values_have_the_types_the_lexicon_declares(shop: Shop) -> None:
    types = {"string": str, "boolean": bool, "integer": int}
    for name, column in shop.columns.items():
        declared = PROPERTIES[name].type
        if isinstance(column, NumberColumn):
            assert declared == "number"
        else:
            assert {type(value) for value in column.values} == {types[declared]}, name


def test_profiles_carry_what_the_lexicon_declares(shop: Shop) -> None:
    assert set(shop.profiles[0]) == {"$distinct_id", "$name", "$email", "$created", *PROFILE}
    assert {profile["plan"] for profile in shop.profiles} == {"free", "basic", "premium"}
    values = np.array([profile["lifetime_value"] for profile in shop.profiles])
    assert values.mean() > 1.2 * np.median(values)


def test_larger_orders_hide_in_the_deals_sweet_spot(shop: Shop) -> None:
    bought = rows(shop, "Purchase")
    sweet = shop.columns["deal_sweet_spot"]
    assert isinstance(sweet, CodedColumn)
    total, hit = numbers(shop, "order_total")[bought], sweet.codes[bought] == 1
    assert total[hit].mean() / total[~hit].mean() == pytest.approx(1.37, rel=0.05)
    assert total.mean() > 1.15 * np.median(total)


def test_some_users_buy_five_times_in_thirty_days(shop: Shop) -> None:
    bought = rows(shop, "Purchase")
    lately = bought[day_of(shop)[bought] >= 90]
    assert (np.bincount(shop.user[lately]) >= 5).any()


def test_weekends_are_quieter(shop: Shop) -> None:
    weekday = (day_of(shop)[rows(shop, "Login")]) % 7  # the first day is a Monday
    visits = np.bincount(weekday, minlength=7)
    assert visits[5] < visits[:5].min()
    assert visits[6] < visits[:5].min()


def test_a_part_of_the_buyers_waits_for_more_than_a_day(shop: Shop) -> None:
    cart, bought = rows(shop, "Checkout"), rows(shop, "Purchase")
    assert 0 < len(bought) < len(cart)
    added = rows(shop, "Add to Cart")
    moment = shop.user * np.int64(4_000_000_000_000) + shop.time
    previous = np.searchsorted(moment[added], moment[cart]) - 1
    same = shop.user[added[previous]] == shop.user[cart]
    wait = (shop.time[cart] - shop.time[added[previous]])[same] / 86_400_000
    assert 0.1 < (wait > 1).mean() < 0.3


def test_writes_lines_as_the_export_gives_them(shop: Shop) -> None:
    for line in islice(export_lines(shop), 200):
        event = json.loads(line)
        assert event["event"] in EVENTS
        own = set(event["properties"]) - {"time", "distinct_id", "$insert_id"}
        assert set(COMMON) <= own <= {*COMMON, *EVENTS[event["event"]].properties}


@pytest.mark.parametrize(
    ("event", "property_name"),
    [
        ("Login", "platform"),
        ("Purchase", "order_total"),
        ("Purchase", "deal_sweet_spot"),
        ("Purchase", "loyalty_tier"),
        ("Purchase", "platform"),
        ("Purchase", "revenue"),
        ("Purchase", "cost"),
        ("Purchase", "amount"),
        ("Purchase", "campaign_name"),
        ("Signup", "email"),
        ("Signup", "display_name"),
        ("Signup", "username"),
        ("Add to Cart", "device_id"),
    ],
)
def test_speaks_the_vocabulary_of_the_clients_examples(shop: Shop, event: str, property_name: str) -> None:
    """The pairs that the examples of the client's documentation query, with a value on the last day."""
    today = (day_of(shop) == 119) & (shop.event == shop.event_names.index(event))
    assert present(shop.columns[property_name])[today].any()
