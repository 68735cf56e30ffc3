"""Custom properties: formulas over other properties, saved in the project."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import model_validator

from pytest_mixpanel.api.model import CamelEntity, CamelParams, OpenCamelParams
from pytest_mixpanel.query.inputs.vocabulary import CustomPropertyType


class CustomPropertyResourceType(StrEnum):
    """Whose property it is."""

    EVENTS = "events"
    PEOPLE = "people"
    GROUP_PROFILES = "group_profiles"


ResourceWord = Literal["events", "people", "group_profiles"]


class ComposedPropertyValue(OpenCamelParams):
    """The property that a letter of a formula stands for; ``resource_type`` is ``event`` or ``user``."""

    resource_type: str
    type: str | None = None
    type_cast: str | None = None
    value: str | None = None
    label: str | None = None
    property_default_type: CustomPropertyType | None = None
    behavior: Any = None
    join_property_type: str | None = None


class CustomProperty(CamelEntity):
    """A saved custom property; ``CustomPropertyRef(custom_property_id)`` uses it in a query."""

    custom_property_id: int
    name: str
    resource_type: CustomPropertyResourceType
    description: str | None = None
    property_type: str | None = None
    display_formula: str | None = None
    composed_properties: dict[str, ComposedPropertyValue] | None = None
    is_locked: bool | None = None
    is_visible: bool | None = None
    data_group_id: str | None = None
    created: str | None = None
    modified: str | None = None
    example_value: str | None = None


class CreateCustomPropertyParams(CamelParams):
    """A new custom property: a ``display_formula`` over ``composed_properties``, or a ``behavior``."""

    name: str
    resource_type: CustomPropertyResourceType | ResourceWord
    description: str | None = None
    display_formula: str | None = None
    composed_properties: dict[str, ComposedPropertyValue] | None = None
    is_locked: bool | None = None
    is_visible: bool | None = None
    property_type: CustomPropertyType | None = None
    example_value: str | None = None
    data_group_id: str | None = None
    behavior: Any = None

    @model_validator(mode="after")
    def _is_one_of_two(self) -> Self:
        """A formula with what its letters stand for, or a behavior: one of the two, not both."""
        if (self.display_formula is None) == (self.behavior is None):
            raise ValueError("give either display_formula or behavior")
        if self.display_formula is not None and self.composed_properties is None:
            raise ValueError("display_formula needs composed_properties: what its letters stand for")
        if self.behavior is not None and self.composed_properties is not None:
            raise ValueError("behavior takes no composed_properties")
        return self


class UpdateCustomPropertyParams(CamelParams):
    """What to change in a custom property."""

    name: str | None = None
    description: str | None = None
    display_formula: str | None = None
    composed_properties: dict[str, ComposedPropertyValue] | None = None
    is_locked: bool | None = None
    is_visible: bool | None = None
