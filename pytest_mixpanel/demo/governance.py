"""How the shop keeps its Lexicon: tags, display names, custom properties, what the shop is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pytest_mixpanel.api.entities.custom_events import CreateCustomEventParams
from pytest_mixpanel.api.entities.custom_properties import ComposedPropertyValue, CreateCustomPropertyParams
from pytest_mixpanel.api.entities.definitions import (
    UpdateEventDefinitionParams,
    UpdatePropertyDefinitionParams,
)
from pytest_mixpanel.api.entities.drop_filters import CreateDropFilterParams
from pytest_mixpanel.api.entities.lexicon_tags import CreateTagParams
from pytest_mixpanel.api.entities.schema_enforcement import InitSchemaEnforcementParams
from pytest_mixpanel.api.surfaces.business_context import BusinessContextRequests
from pytest_mixpanel.api.surfaces.custom_events import CustomEvents
from pytest_mixpanel.api.surfaces.custom_properties import CustomProperties
from pytest_mixpanel.api.surfaces.definitions import Definitions
from pytest_mixpanel.api.surfaces.drop_filters import DropFilters
from pytest_mixpanel.api.surfaces.lexicon_tags import LexiconTags
from pytest_mixpanel.api.surfaces.schema_enforcement import SchemaEnforcement
from pytest_mixpanel.demo.days import NOW
from pytest_mixpanel.demo.deeds import Deed, deed

BEGINNING = NOW - timedelta(days=100)

ORGANIZATION = """\
# House rules

- Money is in euros and includes tax.
- A week begins on Monday; days are the shop's own, in UTC.
"""
PROJECT = """\
# The shop

An online shop with apps for Android and iOS. A visit begins with `Login`; an order is `Purchase`, and its
value `order_total`. `amount` is the same and kept for old reports only.

The way to an order: `View Item`, `Add to Cart`, `Checkout`, `Purchase`.
"""


def keeping() -> Iterator[Deed]:
    """Everything, in order; it changes no number of a query."""
    yield deed(BEGINNING, BusinessContextRequests._set_organization_context, 1, ORGANIZATION)
    yield deed(BEGINNING, BusinessContextRequests._set_project_context, PROJECT)
    for tag in ("checkout", "growth"):
        yield deed(BEGINNING, LexiconTags.create_lexicon_tag, CreateTagParams(name=tag))
    yield from _definitions()
    yield from _custom_properties()
    looking = CreateCustomEventParams(name="Any look", alternatives=["Search", "View Item"])
    yield deed(BEGINNING, CustomEvents.create_custom_event, looking)
    probe = [{"resourceType": "event", "filterOperator": "equals", "filterValue": "health", "value": "page"}]
    yield deed(
        BEGINNING,
        DropFilters.create_drop_filter,
        CreateDropFilterParams(event_name="Page View", filters=probe),
    )
    rule = InitSchemaEnforcementParams(rule_event="Warn and Accept")
    yield deed(BEGINNING, SchemaEnforcement.init_schema_enforcement, rule)


def _definitions() -> Iterator[Deed]:
    for event, name, tags in (
        ("Checkout", "Checkout opened", ["core", "checkout"]),
        ("Purchase", "Order paid", ["core", "checkout"]),
        ("Signup", "Account opened", ["core", "growth"]),
    ):
        params = UpdateEventDefinitionParams(display_name=name, tags=tags, verified=True)
        yield deed(BEGINNING, Definitions.update_event_definition, event, params)
    email = UpdatePropertyDefinitionParams(sensitive=True)
    yield deed(BEGINNING, Definitions.update_property_definition, "email", email)
    amount = UpdatePropertyDefinitionParams(description="Use order_total", hidden=True)
    yield deed(BEGINNING, Definitions.update_property_definition, "amount", amount)


def _custom_properties() -> Iterator[Deed]:
    """Number 1 reads a campaign's name, number 2 is what an order leaves."""
    yield _custom_property(
        "Campaign",
        'LET(raw, A, REGEX_REPLACE(REGEX_REPLACE(raw, "^[0-9]+_", ""), "_", " "))',
        "string",
        A="campaign_name",
    )
    yield _custom_property("Margin", "A - B", "number", A="revenue", B="cost")


def _custom_property(name: str, formula: str, kind: str, **letters: str) -> Deed:
    composed = {
        letter: ComposedPropertyValue(resource_type="event", type=kind, value=used)
        for letter, used in letters.items()
    }
    params = CreateCustomPropertyParams(
        name=name, resource_type="events", display_formula=formula, composed_properties=composed
    )
    return deed(BEGINNING, CustomProperties.create_custom_property, params)
