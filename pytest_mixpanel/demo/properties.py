"""What the shop's events carry, as engine columns.

The names are those a product's analysts write queries with: ``order_total``, ``loyalty_tier``,
``deal_sweet_spot``, campaign names as a messaging tool builds them, messy on purpose.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.demo.journeys import CODE, Journeys
from pytest_mixpanel.demo.people import CHANNELS, COUNTRIES, PLATFORMS, TIERS, People
from pytest_mixpanel.engine.store.columns import UNDEFINED, CodedColumn, Column, NumberColumn

CATEGORIES = ("Coffee", "Tea", "Chocolate", "Snacks", "Gift Box")
QUERIES = ("espresso", "decaf", "green tea", "gift", "dark chocolate", "sampler", "beans", "subscription")
PAGES = ("home", "category", "account", "help", "blog")
CAMPAIGNS = (
    "20241118_NTL_BlackFriday_Email_A",
    "20241202_TARGETED_AdventSampler_Push_B",
    "20250106_NTL_WinterBlend_Push_A",
    "20250113_TARGETED_ComeBack_Email_B",
    "20250120_REGIONAL_TeaWeek_NotificationCenter_A",
    "20250203_NTL_ValentineGifts_ModalInAppMessage_A",
    "20250217_TARGETED_RefillReminder_Push_C",
    "20250303_NW_SpringSampler_Email_A",
)
"""Named by the messaging tool, with the day of launch first."""

MAIL_HOSTS = ("gmail.com", "outlook.com", "yahoo.com", "icloud.com", "example.org")
DEAL_LIFT = 1.37
"""Orders in the deal's sweet spot are 37 % larger, whatever the platform: a finding waiting to be made."""

Floats = NDArray[np.float64]
Integers = NDArray[np.integer[Any]]
Flags = NDArray[np.bool_]


def columns(people: People, events: Journeys, rng: np.random.Generator) -> dict[str, Column]:
    """Every event property over all rows of ``events``."""
    return {
        **_everywhere(people, events),
        **_signup(people, events, rng),
        **_shopping(events, rng),
        **_orders(events, rng),
        **_service(events, rng),
        **_campaigns(events, rng),
    }


def mail_addresses(people: People) -> list[str]:
    """One address per user, spread over a few hosts."""
    hosts = len(MAIL_HOSTS)
    return [f"{name}@{MAIL_HOSTS[number * 7 % 31 % hosts]}" for number, name in enumerate(people.ids)]


def _on(events: Journeys, *names: str) -> Flags:
    return np.isin(events.event, [CODE[name] for name in names])


def _coded(codes: Integers, values: Sequence[Any], where: Flags) -> CodedColumn:
    return CodedColumn(np.where(where, codes, UNDEFINED).astype(np.int32), tuple(values))


def _numbers(values: Floats, where: Flags) -> NumberColumn:
    return NumberColumn(np.where(where, np.round(values, 2), np.nan))


def _everywhere(people: People, events: Journeys) -> dict[str, Column]:
    everywhere = np.ones(len(events), bool)
    device = events.user * len(PLATFORMS) + events.platform
    used, device_code = np.unique(device, return_inverse=True)
    devices = [f"{PLATFORMS[d % 3].lower()}-{d // 3 + 1:05d}" for d in used.tolist()]
    return {
        "platform": _coded(events.platform, PLATFORMS, everywhere),
        "country": _coded(people.country[events.user], COUNTRIES, everywhere),
        "device_id": _coded(device_code, devices, everywhere),
        "loyalty_tier": _coded(people.tier[events.user], TIERS, _on(events, "Login", "Checkout", "Purchase")),
    }


def _signup(people: People, events: Journeys, rng: np.random.Generator) -> dict[str, Column]:
    signup = _on(events, "Signup")
    shown = signup & (rng.random(len(people)) < 0.4)[events.user]
    return {
        "channel": _coded(people.channel[events.user], CHANNELS, signup),
        "email": _coded(events.user, mail_addresses(people), signup),
        "username": _coded(events.user, people.ids, signup & (rng.random(len(people)) < 0.9)[events.user]),
        "display_name": _coded(events.user, [f"Shopper {n + 1}" for n in range(len(people))], shown),
        "login_method": _coded(
            rng.choice(3, len(events), p=(0.6, 0.3, 0.1)),
            ("password", "google", "apple"),
            _on(events, "Login"),
        ),
    }


def _shopping(events: Journeys, rng: np.random.Generator) -> dict[str, Column]:
    n, item, search = len(events), _on(events, "View Item", "Add to Cart"), _on(events, "Search")
    return {
        "item_category": _coded(
            rng.choice(5, n, p=(0.34, 0.22, 0.2, 0.14, 0.1)), CATEGORIES, item | _on(events, "Purchase")
        ),
        "item_price": _numbers(rng.lognormal(np.log(14), 0.5, n), item),
        "query": _coded(rng.integers(0, len(QUERIES), n), QUERIES, search),
        "results_count": _coded(rng.integers(0, 40, n), range(40), search),
        "page": _coded(rng.choice(5, n, p=(0.35, 0.3, 0.15, 0.1, 0.1)), PAGES, _on(events, "Page View")),
    }


def _orders(events: Journeys, rng: np.random.Generator) -> dict[str, Column]:
    """Order values are log-normal around 32, so that the mean lies well above the median."""
    n, order, buy = len(events), _on(events, "Checkout", "Purchase"), _on(events, "Purchase")
    sweet = rng.random(n) < 0.25
    total = rng.lognormal(np.log(29), 0.65, n) * np.where(sweet, DEAL_LIFT, 1.0)
    coupon = rng.random(n) < 0.18
    revenue = total * np.where(coupon, 0.85, 1.0)
    return {
        "order_total": _numbers(total, buy),
        "amount": _numbers(total, buy),
        "cart_total": _numbers(total * rng.uniform(1.0, 1.1, n), _on(events, "Checkout")),
        "revenue": _numbers(revenue, buy),
        "cost": _numbers(revenue * rng.uniform(0.45, 0.75, n), buy),
        "items_count": _coded(rng.poisson(1.2, n), range(1, 30), order),
        "deal_sweet_spot": _coded(sweet.astype(np.int8), (False, True), buy),
        "has_coupon": _coded(coupon.astype(np.int8), (False, True), order),
        "payment_method": _coded(rng.choice(3, n, p=(0.6, 0.3, 0.1)), ("card", "wallet", "invoice"), order),
    }


def _service(events: Journeys, rng: np.random.Generator) -> dict[str, Column]:
    n, ticket = len(events), _on(events, "Support Ticket")
    return {
        "topic": _coded(rng.integers(0, 4, n), ("delivery", "payment", "product", "account"), ticket),
        "priority": _coded(rng.choice(3, n, p=(0.6, 0.3, 0.1)), ("low", "normal", "urgent"), ticket),
        "is_resolved": _coded((rng.random(n) < 0.8).astype(np.int8), (False, True), ticket),
    }


def _campaigns(events: Journeys, rng: np.random.Generator) -> dict[str, Column]:
    """One of the campaigns launched by then, on some of the visits."""
    launches = [datetime.strptime(name[:8], "%Y%m%d").replace(tzinfo=UTC) for name in CAMPAIGNS]
    launched = np.searchsorted([moment.timestamp() * 1000 for moment in launches], events.time, side="right")
    reached = _on(events, "Login", "Purchase") & (rng.random(len(events)) < 0.45)
    return {"campaign_name": _coded((rng.random(len(events)) * launched).astype(np.int8), CAMPAIGNS, reached)}
