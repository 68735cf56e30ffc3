"""Product metrics as tests: assertions on results, and checks from the builders."""

from pytest_mixpanel import (
    assert_conversion,
    assert_no_conversion_drop,
    assert_retention,
    assert_volume,
)
from pytest_mixpanel.checks import funnel, mix

PURCHASE = ["View Item", "Add to Cart", "Purchase"]


def test_item_viewers_buy(mixpanel):
    result = mixpanel.query_funnel(PURCHASE, conversion_window=7, last=35)
    assert_conversion(result, at_least="20%")


def test_they_buy_as_often_as_before(mixpanel):
    now = mixpanel.query_funnel(PURCHASE, conversion_window=7, from_date="2025-02-24", to_date="2025-03-23")
    before = mixpanel.query_funnel(
        PURCHASE, conversion_window=7, from_date="2025-01-27", to_date="2025-02-23"
    )
    assert_no_conversion_drop(now, before, max_drop="10%rel")


def test_new_users_come_back(mixpanel):
    result = mixpanel.query_retention("Signup", "Login", retention_unit="day", last=35)
    assert_retention(result, 1, at_least="33%")


def test_the_shop_sells(mixpanel):
    assert_volume(mixpanel.query("Purchase", last=28), at_least=60)


def test_every_platform_sells(mixpanel):
    result = mixpanel.query("Purchase", group_by="platform", last=28, mode="total")
    assert {"Android", "iOS", "Web"} <= set(result.df["platform"])


def test_carts_are_paid_on_every_platform(mixpanel_check):
    check = funnel("Add to Cart", "Checkout", "Purchase").within("7d").last("28d")
    mixpanel_check(check.compare("previous_period").max_drop("10%rel").segments("platform"))


def test_visits_come_from_where_they_came(mixpanel_check):
    mixpanel_check(mix("Login", by="platform").last("28d").compare("previous_period").max_shift("5pp"))
