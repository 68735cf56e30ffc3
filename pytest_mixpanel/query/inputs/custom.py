"""Custom properties: formulas over other properties, written in place or saved in the project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pytest_mixpanel.core.frozen import frozen

LONGEST_FORMULA = 20_000
PropertyType = Literal["string", "number", "boolean", "datetime", "list"]


@frozen
class PropertyInput:
    """The property a letter of a formula stands for: an event's, or the user's."""

    name: str
    type: PropertyType = "string"
    resource_type: Literal["event", "user"] = "event"


@frozen
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

    def problems(self) -> Iterator[tuple[str, str]]:
        """Code and message of everything wrong with the formula and its letters."""
        if not self.formula.strip():
            yield "CP2_EMPTY_FORMULA", "a custom property needs a formula"
        if len(self.formula) > LONGEST_FORMULA:
            yield "CP5_FORMULA_TOO_LONG", f"a formula has at most {LONGEST_FORMULA} characters"
        if not self.inputs:
            yield "CP3_EMPTY_INPUTS", "a formula needs inputs: {'A': PropertyInput('price')}"
        if any(len(letter) != 1 or not "A" <= letter <= "Z" for letter in self.inputs):
            yield "CP4_INVALID_INPUT_KEY", "the inputs of a formula are named A to Z"
        if any(not used.name.strip() for used in self.inputs.values()):
            yield "CP6_EMPTY_INPUT_NAME", "an input of a formula needs a property's name"

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


@frozen
class CustomPropertyRef:
    """A custom property saved in the project under this number."""

    id: int

    def problems(self) -> Iterator[tuple[str, str]]:
        """Code and message where the number is none."""
        if not isinstance(self.id, int) or isinstance(self.id, bool) or self.id < 1:
            yield "CP1_INVALID_ID", f"a custom property's id is a whole number from 1, not {self.id!r}"


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
