"""The shop's Lexicon: every event and property with its type, description and owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Term:
    """A property: JSON Schema ``type`` and what it means."""

    type: str
    description: str


@dataclass(frozen=True, slots=True)
class Event:
    """An event: what it means, who answers for it, the names of its own properties."""

    description: str
    owner: str
    properties: tuple[str, ...] = ()


COMMON = ("platform", "country", "device_id")
"""Properties every event carries."""

PROPERTIES: Mapping[str, Term] = {
    "platform": Term("string", "Where the event happened: Android, iOS or Web"),
    "country": Term("string", "Two-letter country of the user"),
    "device_id": Term("string", "One id per user and platform"),
    "loyalty_tier": Term("string", "bronze, silver or gold"),
    "channel": Term("string", "How the user found the shop"),
    "email": Term("string", "Address given at sign-up"),
    "username": Term("string", "Chosen name, if any"),
    "display_name": Term("string", "Name shown to others, if any"),
    "login_method": Term("string", "password, google or apple"),
    "campaign_name": Term("string", "Last campaign that reached the user, as the messaging tool names it"),
    "page": Term("string", "Which page was opened"),
    "query": Term("string", "What was typed into the search box"),
    "results_count": Term("integer", "Number of items found"),
    "item_category": Term("string", "Category of the item"),
    "item_price": Term("number", "Price of the item, EUR"),
    "items_count": Term("integer", "Number of items in the order"),
    "cart_total": Term("number", "Value of the cart at checkout, EUR"),
    "payment_method": Term("string", "card, wallet or invoice"),
    "has_coupon": Term("boolean", "Whether a coupon was used"),
    "order_total": Term("number", "List value of the order, EUR"),
    "amount": Term("number", "The same as order_total, for reports older than 2024"),
    "revenue": Term("number", "What was paid, after coupons, EUR"),
    "cost": Term("number", "Cost of the goods, EUR"),
    "deal_sweet_spot": Term("boolean", "Whether the basket was in the range of the current deal"),
    "topic": Term("string", "What the ticket is about"),
    "priority": Term("string", "low, normal or urgent"),
    "is_resolved": Term("boolean", "Whether the first answer settled it"),
}

EVENTS: Mapping[str, Event] = {
    "Signup": Event(
        "A user opened an account", "growth@shop.test", ("channel", "email", "username", "display_name")
    ),
    "Login": Event("A visit began", "growth@shop.test", ("loyalty_tier", "login_method", "campaign_name")),
    "Page View": Event("A page was opened", "growth@shop.test", ("page",)),
    "Search": Event("A search was made", "catalog@shop.test", ("query", "results_count")),
    "View Item": Event("An item's page was opened", "catalog@shop.test", ("item_category", "item_price")),
    "Add to Cart": Event("An item went into the cart", "catalog@shop.test", ("item_category", "item_price")),
    "Checkout": Event(
        "The checkout was opened",
        "checkout@shop.test",
        ("loyalty_tier", "items_count", "cart_total", "payment_method", "has_coupon"),
    ),
    "Purchase": Event(
        "An order was paid",
        "checkout@shop.test",
        (
            "loyalty_tier",
            "campaign_name",
            "item_category",
            "items_count",
            "payment_method",
            "has_coupon",
            "order_total",
            "amount",
            "revenue",
            "cost",
            "deal_sweet_spot",
        ),
    ),
    "Support Ticket": Event("A ticket was opened", "support@shop.test", ("topic", "priority", "is_resolved")),
    "Logout": Event("A visit ended by the user's choice", "growth@shop.test"),
}

PROFILE: Mapping[str, Term] = {
    "plan": Term("string", "Subscription: free, basic or premium"),
    "lifetime_value": Term("number", "All the user ever paid, EUR"),
    "loyalty_tier": PROPERTIES["loyalty_tier"],
    "platform": Term("string", "The user's main platform"),
    "country": PROPERTIES["country"],
    "channel": PROPERTIES["channel"],
}


def lexicon() -> list[dict[str, Any]]:
    """The schema registry's entries as the service lists them: ``entityType``, ``name``, ``schemaJson``."""
    entries = [
        _entry("event", name, event.description, _terms(event), event.owner) for name, event in EVENTS.items()
    ]
    return [*entries, _entry("profile", "$user", "A customer of the shop", PROFILE, "growth@shop.test")]


def _terms(event: Event) -> dict[str, Term]:
    return {name: PROPERTIES[name] for name in (*COMMON, *event.properties)}


def _entry(kind: str, name: str, description: str, terms: Mapping[str, Term], owner: str) -> dict[str, Any]:
    properties = {key: {"type": term.type, "description": term.description} for key, term in terms.items()}
    metadata = {"$source": "demo", "tags": ["core"], "hidden": False, "dropped": False, "contacts": [owner]}
    return {
        "entityType": kind,
        "name": name,
        "schemaJson": {
            "description": description,
            "properties": properties,
            "metadata": {"com.mixpanel": metadata},
        },
    }
