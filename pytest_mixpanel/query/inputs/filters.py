"""Conditions on properties: ``Filter.equals("city", "Lima")`` and its siblings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.query.inputs.custom import CustomPropertyRef, InlineCustomProperty, Property
from pytest_mixpanel.query.inputs.vocabulary import FilterDateUnit, FilterPropertyType, ResourceType

if TYPE_CHECKING:
    from pytest_mixpanel.query.inputs.cohorts import CohortDefinition

Strings = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition. Build it through the class methods; they choose the wire operator and the type."""

    _property: Property
    _operator: str
    _value: Any
    _property_type: FilterPropertyType = "string"
    _resource_type: ResourceType = "events"
    _date_unit: FilterDateUnit | None = None
    _items: tuple[Filter, ...] = ()
    _quantifier: Literal["any", "all"] = "any"

    @classmethod
    def equals(cls, property: Property, value: Any, *, resource_type: ResourceType = "events") -> Filter:
        """The value is one of these; strings compare without regard to case."""
        return cls(property, "equals", _listed(value), "string", resource_type)

    @classmethod
    def not_equals(cls, property: Property, value: Any, *, resource_type: ResourceType = "events") -> Filter:
        """The value is none of these, or absent."""
        return cls(property, "does not equal", _listed(value), "string", resource_type)

    @classmethod
    def contains(cls, property: Property, value: str, *, resource_type: ResourceType = "events") -> Filter:
        """The value contains this text."""
        return cls(property, "contains", value, "string", resource_type)

    @classmethod
    def not_contains(
        cls, property: Property, value: str, *, resource_type: ResourceType = "events"
    ) -> Filter:
        """The value does not contain this text, or is absent."""
        return cls(property, "does not contain", value, "string", resource_type)

    @classmethod
    def starts_with(
        cls, property: Property, prefix: str, *, resource_type: ResourceType = "events"
    ) -> Filter:
        """The value starts with this text."""
        return cls(property, "starts with", prefix, "string", resource_type)

    @classmethod
    def ends_with(cls, property: Property, suffix: str, *, resource_type: ResourceType = "events") -> Filter:
        """The value ends with this text."""
        return cls(property, "ends with", suffix, "string", resource_type)

    @classmethod
    def greater_than(
        cls, property: Property, value: float, *, resource_type: ResourceType = "events"
    ) -> Filter:
        """The number is over the limit."""
        return cls(property, "is greater than", value, "number", resource_type)

    @classmethod
    def less_than(cls, property: Property, value: float, *, resource_type: ResourceType = "events") -> Filter:
        """The number is under the limit."""
        return cls(property, "is less than", value, "number", resource_type)

    @classmethod
    def at_least(cls, property: Property, value: float, *, resource_type: ResourceType = "events") -> Filter:
        """The number is the limit or over it."""
        return cls(property, "is at least", value, "number", resource_type)

    @classmethod
    def at_most(cls, property: Property, value: float, *, resource_type: ResourceType = "events") -> Filter:
        """The number is the limit or under it."""
        return cls(property, "is at most", value, "number", resource_type)

    @classmethod
    def between(
        cls, property: Property, low: float, high: float, *, resource_type: ResourceType = "events"
    ) -> Filter:
        """The number lies between the two, both included."""
        return cls(property, "is between", [low, high], "number", resource_type)

    @classmethod
    def not_between(
        cls, property: Property, low: float, high: float, *, resource_type: ResourceType = "events"
    ) -> Filter:
        """The number lies outside the two."""
        return cls(property, "not between", [low, high], "number", resource_type)

    @classmethod
    def is_set(cls, property: Property, *, resource_type: ResourceType = "events") -> Filter:
        """The property is there and not null."""
        return cls(property, "is set", None, "string", resource_type)

    @classmethod
    def is_not_set(cls, property: Property, *, resource_type: ResourceType = "events") -> Filter:
        """The property is absent or null."""
        return cls(property, "is not set", None, "string", resource_type)

    @classmethod
    def is_true(cls, property: Property, *, resource_type: ResourceType = "events") -> Filter:
        """The value is true."""
        return cls(property, "true", None, "boolean", resource_type)

    @classmethod
    def is_false(cls, property: Property, *, resource_type: ResourceType = "events") -> Filter:
        """The value is false."""
        return cls(property, "false", None, "boolean", resource_type)

    @classmethod
    def on(cls, property: Property, date: str, *, resource_type: ResourceType = "events") -> Filter:
        """The moment falls on this day."""
        return cls(property, "was on", date, "datetime", resource_type)

    @classmethod
    def not_on(cls, property: Property, date: str, *, resource_type: ResourceType = "events") -> Filter:
        """The moment does not fall on this day."""
        return cls(property, "was not on", date, "datetime", resource_type)

    @classmethod
    def before(cls, property: Property, date: str, *, resource_type: ResourceType = "events") -> Filter:
        """The moment lies before the day begins."""
        return cls(property, "was before", date, "datetime", resource_type)

    @classmethod
    def since(cls, property: Property, date: str, *, resource_type: ResourceType = "events") -> Filter:
        """The moment lies on the day or after it."""
        return cls(property, "was since", date, "datetime", resource_type)

    @classmethod
    def in_the_last(
        cls, property: Property, n: int, unit: FilterDateUnit, *, resource_type: ResourceType = "events"
    ) -> Filter:
        """The moment lies within the last ``n`` units."""
        return cls(property, "was in the", _positive(n), "datetime", resource_type, unit)

    @classmethod
    def not_in_the_last(
        cls, property: Property, n: int, unit: FilterDateUnit, *, resource_type: ResourceType = "events"
    ) -> Filter:
        """The moment lies outside the last ``n`` units."""
        return cls(property, "was not in the", _positive(n), "datetime", resource_type, unit)

    @classmethod
    def in_the_next(
        cls, property: Property, n: int, unit: FilterDateUnit, *, resource_type: ResourceType = "events"
    ) -> Filter:
        """The moment lies within the next ``n`` units."""
        return cls(property, "was in the next", _positive(n), "datetime", resource_type, unit)

    @classmethod
    def date_between(
        cls, property: Property, start: str, end: str, *, resource_type: ResourceType = "events"
    ) -> Filter:
        """The moment lies on the two days or between them."""
        return cls(property, "was between", [start, end], "datetime", resource_type)

    @classmethod
    def date_not_between(
        cls, property: Property, start: str, end: str, *, resource_type: ResourceType = "events"
    ) -> Filter:
        """The moment lies outside the two days."""
        return cls(property, "was not between", [start, end], "datetime", resource_type)

    @classmethod
    def in_cohort(cls, cohort: int | CohortDefinition, name: str | None = None) -> Filter:
        """The user belongs to a saved cohort or to one defined in place."""
        return cls("$cohorts", "contains", [_cohort(cohort, name, negated=False)], "list")

    @classmethod
    def not_in_cohort(cls, cohort: int | CohortDefinition, name: str | None = None) -> Filter:
        """The user does not belong to the cohort."""
        return cls("$cohorts", "does not contain", [_cohort(cohort, name, negated=True)], "list")

    @classmethod
    def list_contains(
        cls, property: str, *items: Filter, quantifier: Literal["any", "all"] = "any", **values: Strings
    ) -> Filter:
        """Any object of a list, or all, passes the inner filters; ``Brand="nike"`` stands for equals."""
        if bool(items) == bool(values):
            raise ParamValidationError("list_contains takes either filters or key=value pairs")
        inner = items or tuple(cls.equals(key, value) for key, value in values.items())
        return cls(property, "true", True, "object", "events", None, inner, quantifier)

    def to_json(self) -> dict[str, Any]:
        """The entry of a params ``filter`` list."""
        if self._items:
            return self._list_json()
        own = self._property if isinstance(self._property, InlineCustomProperty) else None
        kind = (own.property_type if own else None) or self._property_type
        entry = {
            "resourceType": own.resource_type if own else self._resource_type,
            "filterType": kind,
            "defaultType": kind,
            "filterValue": self._value,
            "filterOperator": self._operator,
        }
        if own is not None:
            entry |= {"customProperty": own.definition(self._property_type), "dataset": "$mixpanel"}
        elif isinstance(self._property, CustomPropertyRef):
            entry |= {"customPropertyId": self._property.id, "dataset": "$mixpanel"}
        else:
            entry["value"] = self._property
        return entry if self._date_unit is None else {**entry, "filterDateUnit": self._date_unit}

    def cohort_reference(self) -> dict[str, Any] | None:
        """The cohort users must belong to, as ``id`` or ``raw_cohort``; ``None`` for other filters."""
        if self._property != "$cohorts" or self._operator != "contains":
            return None
        cohort = self._value[0]["cohort"]
        return {key: cohort[key] for key in ("id", "raw_cohort") if key in cohort}

    def _list_json(self) -> dict[str, Any]:
        return {
            "dataset": "$mixpanel",
            "value": self._property,
            "resourceType": self._resource_type,
            "filterType": self._property_type,
            "defaultType": self._property_type,
            "filterJoinType": "list",
            "listQuantifier": self._quantifier,
            "listItemFilters": [{**item.to_json(), "dataset": "$mixpanel"} for item in self._items],
            "filterOperator": self._operator,
            "filterValue": self._value,
        }


def _cohort(cohort: int | CohortDefinition, name: str | None, negated: bool) -> dict[str, Any]:
    reference = {"id": cohort} if isinstance(cohort, int) else {"raw_cohort": cohort.embedded()}
    return {"cohort": {"negated": negated, "name": name or "", **reference}}


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        return [value]
    return list(value) if isinstance(value, list | tuple | set | frozenset) else value


def _positive(quantity: int) -> int:
    if quantity < 1:
        raise ParamValidationError(f"a relative date filter needs a quantity of 1 or more, not {quantity!r}")
    return quantity
