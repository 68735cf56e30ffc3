"""Custom properties: formulas over other properties, written in place or saved in the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pytest_mixpanel.core.errors import ParamValidationError

PropertyType = Literal["string", "number", "boolean", "datetime", "list"]


@dataclass(frozen=True, slots=True)
class PropertyInput:
    """The property a letter of a formula stands for: an event's, or the user's."""

    name: str
    type: PropertyType = "string"
    resource_type: Literal["event", "user"] = "event"


@dataclass(frozen=True, slots=True)
class InlineCustomProperty:
    """A formula and what its letters stand for: ``A * B`` with ``{"A": …, "B": …}``."""

    formula: str
    inputs: Mapping[str, PropertyInput]
    property_type: PropertyType | None = None
    resource_type: Literal["events", "people"] = "events"

    @classmethod
    def numeric(cls, formula: str, /, **letters: str) -> InlineCustomProperty:
        """A number from numbers: ``numeric("A * B", A="price", B="quantity")``."""
        inputs = {letter: PropertyInput(name, "number") for letter, name in letters.items()}
        return cls(formula, inputs, "number")

    def composed(self) -> dict[str, Any]:
        """``composedProperties``: letter → property."""
        return {
            letter: {"value": used.name, "type": used.type, "resourceType": used.resource_type}
            for letter, used in self.inputs.items()
        }

    def definition(self, used_as: str) -> dict[str, Any]:
        """``customProperty`` of a filter or breakdown, which says the type where the property does not."""
        return {
            "displayFormula": self.formula,
            "composedProperties": self.composed(),
            "name": "",
            "description": "",
            "propertyType": self.property_type or used_as,
            "resourceType": self.resource_type,
        }


@dataclass(frozen=True, slots=True)
class CustomPropertyRef:
    """A custom property saved in the project under this number."""

    id: int

    def __post_init__(self) -> None:
        if self.id < 1:
            raise ParamValidationError(f"a custom property's id is 1 or more, not {self.id!r}")


Property = str | InlineCustomProperty | CustomPropertyRef


def measured(property: Property) -> dict[str, Any]:
    """``measurement.property``."""
    if isinstance(property, str):
        return {"name": property, "resourceType": "events"}
    if isinstance(property, CustomPropertyRef):
        return {"customPropertyId": property.id, "name": "", "resourceType": "events"}
    definition: dict[str, Any] = {
        "displayFormula": property.formula,
        "composedProperties": property.composed(),
        "name": "",
        "description": "",
        "resourceType": property.resource_type,
    }
    if property.property_type is not None:
        definition["propertyType"] = property.property_type
    return {
        "customProperty": definition,
        "name": "",
        "resourceType": property.resource_type,
        "dataset": "$mixpanel",
        "dataGroupId": None,
    }
