"""The demo's Lexicon is kept as a shop would keep it, and what belongs to it can be queried."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pytest_mixpanel import (
    ComposedPropertyValue,
    CreateCustomPropertyParams,
    CustomPropertyRef,
    GroupBy,
    Workspace,
)


@pytest.fixture(scope="module")
def ws() -> Iterator[Workspace]:
    with Workspace(project="demo") as workspace:
        yield workspace


DAYS: dict[str, Any] = {"from_date": "2025-03-01", "to_date": "2025-03-31"}


def test_its_data_are_as_its_schemas_say(ws: Workspace) -> None:
    assert ws.run_audit().violations == []


def test_its_events_are_named_tagged_and_verified(ws: Workspace) -> None:
    (purchase,) = ws.get_event_definitions(names=["Purchase"])
    assert (purchase.display_name, purchase.tags, purchase.verified) == (
        "Order paid",
        ["core", "checkout"],
        True,
    )
    assert {tag.name for tag in ws.list_lexicon_tags()} == {"core", "checkout", "growth"}
    (email,) = ws.get_property_definitions(names=["email"], resource_type="event")
    assert email.sensitive


def test_its_margin_is_revenue_less_cost(ws: Workspace) -> None:
    """The sum of differences is the difference of sums."""
    margin = next(one for one in ws.list_custom_properties() if one.name == "Margin")

    def total(measured: str | CustomPropertyRef) -> float:
        found = ws.query("Purchase", math="total", math_property=measured, mode="total", **DAYS)
        return float(found.df["count"][0])

    expected = total("revenue") - total("cost")
    assert total(CustomPropertyRef(margin.custom_property_id)) == pytest.approx(expected)


def test_a_custom_property_of_the_documentation_cleans_campaign_names(ws: Workspace) -> None:
    """The seed document's own example: ``12_spring_sale`` reads ``spring sale``; no event is lost."""
    params = CreateCustomPropertyParams(
        name="Clean Campaign Name",
        resource_type="events",
        display_formula='LET(raw, A, REGEX_REPLACE(REGEX_REPLACE(raw, "^[0-9]+_", ""), "_", " "))',
        composed_properties={
            "A": ComposedPropertyValue(
                resource_type="event",
                type="string",
                value="campaign_name",
                label="Campaign Name",
                property_default_type="string",
            )
        },
    )
    prop = ws.create_custom_property(params)
    cleaned = ws.query(
        "Login", group_by=GroupBy(CustomPropertyRef(prop.custom_property_id)), mode="total", **DAYS
    )
    raw = ws.query("Login", group_by="campaign_name", mode="total", **DAYS)
    names = set(map(str, cleaned.df["segment"]))
    assert not any("_" in name or name[:1].isdigit() for name in names)
    assert len(names) > 3
    assert cleaned.df["count"].sum() == raw.df["count"].sum()
    ws.delete_custom_property(str(prop.custom_property_id))


def test_its_context_says_what_the_shop_is(ws: Workspace) -> None:
    chain = ws.get_business_context_chain()
    assert chain.organization.content.startswith("# House rules")
    assert "order_total" in chain.project.content
