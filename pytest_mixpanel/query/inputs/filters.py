"""Conditions on properties: ``Filter.equals("city", "Lima")`` and its siblings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.inputs.custom import CustomPropertyRef, InlineCustomProperty, Property
from pytest_mixpanel.query.inputs.require import require, require_day, require_id, require_text, require_type
from pytest_mixpanel.query.inputs.vocabulary import FilterDateUnit, FilterPropertyType, ResourceType

if TYPE_CHECKING:
    from pytest_mixpanel.query.inputs.cohorts import CohortDefinition

Strings = str | Sequence[str]
LIST_CONTAINS = "list_contains"
"""Our word for a condition on the objects of a list; the wire says it in several keys."""
OPERATORS = frozenset(
    [
        *("equals", "does not equal", "contains", "does not contain", "starts with", "ends with"),
        *("is greater than", "is less than", "is at least", "is at most", "is between", "not between"),
        *("is set", "is not set", "true", "false", "was on", "was not on", "was before", "was since"),
        *("was between", "was not between", "was in the", "was not in the", "was in the next", LIST_CONTAINS),
    ]
)
ALIASES = {
    "is equal to": "equals",
    "between": "is between",
    "not_equals": "does not equal",
    "not_contains": "does not contain",
    "starts_with": "starts with",
    "ends_with": "ends with",
    "greater_than": "is greater than",
    "less_than": "is less than",
    "at_least": "is at least",
    "at_most": "is at most",
    "not_between": "not between",
    "is_set": "is set",
    "is_not_set": "is not set",
    "is_true": "true",
    "is_false": "false",
    "on": "was on",
    "not_on": "was not on",
    "before": "was before",
    "since": "was since",
    "in_the_last": "was in the",
    "not_in_the_last": "was not in the",
    "in_the_next": "was in the next",
    "date_between": "was between",
    "date_not_between": "was not between",
    "in_cohort": "contains",
    "not_in_cohort": "does not contain",
}
"""The names of the class methods, where a filter is written out by hand."""


@frozen
class Filter:
    """One condition. Build it through the class methods; they choose the wire operator and the type."""

    _property: Property
    _operator: str
    _value: Any
    _property_type: FilterPropertyType = "string"
    _resource_type: ResourceType = "events"
    _date_unit: FilterDateUnit | None = None
    _list_item_filters: tuple[Filter, ...] | None = None
    _list_item_quantifier: Literal["any", "all"] | None = None

    def __post_init__(self) -> None:
        operator = ALIASES.get(self._operator, self._operator)
        require(
            operator in OPERATORS,
            f"no operator {self._operator!r}; use the class methods",
            "F0_INVALID_OPERATOR",
        )
        value = self._value
        if self._property_type == "boolean" and operator == "equals":
            truth = value[0] if isinstance(value, list | tuple) and len(value) == 1 else value
            operator, value = ("true" if truth else "false"), None
        require(
            operator not in ("true", "false") or value is None,
            f"the operator {operator!r} takes no value, not {value!r}: use Filter.is_true or Filter.is_false",
            "F0_BOOLEAN_VALUE",
        )
        object.__setattr__(self, "_operator", operator)
        object.__setattr__(self, "_value", value)

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
        return cls(property, "was on", _day(date), "datetime", resource_type)

    @classmethod
    def not_on(cls, property: Property, date: str, *, resource_type: ResourceType = "events") -> Filter:
        """The moment does not fall on this day."""
        return cls(property, "was not on", _day(date), "datetime", resource_type)

    @classmethod
    def before(cls, property: Property, date: str, *, resource_type: ResourceType = "events") -> Filter:
        """The moment lies before the day begins."""
        return cls(property, "was before", _day(date), "datetime", resource_type)

    @classmethod
    def since(cls, property: Property, date: str, *, resource_type: ResourceType = "events") -> Filter:
        """The moment lies on the day or after it."""
        return cls(property, "was since", _day(date), "datetime", resource_type)

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
        return cls(property, "was between", _days(start, end), "datetime", resource_type)

    @classmethod
    def date_not_between(
        cls, property: Property, start: str, end: str, *, resource_type: ResourceType = "events"
    ) -> Filter:
        """The moment lies outside the two days."""
        return cls(property, "was not between", _days(start, end), "datetime", resource_type)

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
        cls,
        property: str,
        *items: Filter,
        quantifier: Literal["any", "all"] = "any",
        resource_type: ResourceType = "events",
        **values: Strings,
    ) -> Filter:
        """Any object of a list, or all, passes the inner filters; ``Brand="nike"`` stands for equals."""
        require(bool(items) or bool(values), "list_contains needs a condition", "LC7_NO_CONDITIONS")
        require(
            not (items and values),
            "list_contains takes either filters or key=value pairs",
            "LC3_MIXED_ARGS",
        )
        require(
            quantifier in ("any", "all"),
            f"a quantifier is any or all, not {quantifier!r}",
            "LC4_INVALID_QUANTIFIER",
        )
        require(all(key.strip() for key in values), "a key cannot be blank", "LC5_EMPTY_KWARG_KEY")
        require_type(
            all(isinstance(value, str | list | tuple) for value in values.values()),
            "the values of key=value pairs are texts or lists of texts",
            "LC6_KWARG_VALUE_TYPE",
        )
        require_type(
            all(isinstance(item, Filter) for item in items),
            "the conditions of list_contains are filters",
            "LC6_KWARG_VALUE_TYPE",
        )
        require(
            not any(item._operator == LIST_CONTAINS for item in items),
            "lists do not nest in lists",
            "LC8_NESTED_LIST_CONTAINS",
        )
        inner = items or tuple(
            cls.equals(key, value, resource_type=resource_type) for key, value in values.items()
        )
        return cls(property, LIST_CONTAINS, None, "object", resource_type, None, inner, quantifier)

    @property
    def owner(self) -> Property:
        """The property that is looked at, whatever its kind."""
        return self._property

    @property
    def operator(self) -> str:
        """The operator as the wire spells it."""
        return self._operator

    @property
    def is_cohort(self) -> bool:
        """Whether it asks for members of a cohort."""
        return self._property == "$cohorts"

    def to_json(self) -> dict[str, Any]:
        """The entry of a params ``filter`` list."""
        if self._operator == LIST_CONTAINS:
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
        items, quantifier = self._list_item_filters, self._list_item_quantifier
        require(bool(items), "a list's filter needs conditions on its items", "LC1_MISSING_ITEM_FILTERS")
        require(quantifier is not None, "a list's filter needs any or all", "LC2_MISSING_QUANTIFIER")
        return {
            "dataset": "$mixpanel",
            "value": self._property,
            "resourceType": self._resource_type,
            "filterType": self._property_type,
            "defaultType": self._property_type,
            "filterJoinType": "list",
            "listQuantifier": quantifier,
            "listItemFilters": [{**item.to_json(), "dataset": "$mixpanel"} for item in items or ()],
            "filterOperator": "true",
            "filterValue": True,
        }


def _cohort(cohort: int | CohortDefinition, name: str | None, negated: bool) -> dict[str, Any]:
    if not hasattr(cohort, "embedded"):
        require_id(cohort, "a cohort", "CF1_COHORT_ID_NOT_POSITIVE")
    if name is not None:
        require_text(name, "a cohort's name", "CF2_COHORT_NAME_EMPTY")
    if not hasattr(cohort, "embedded"):
        return {"cohort": {"negated": negated, "name": name or "", "id": cohort}}
    return {"cohort": {"negated": negated, "name": name or "", "raw_cohort": cohort.embedded()}}


def _day(day: str) -> str:
    require_day(day)
    return day


def _days(start: str, end: str) -> list[str]:
    require(_day(start) <= _day(end), f"{start} lies after {end}", "FD2_DATE_ORDER")
    return [start, end]


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        return [value]
    return list(value) if isinstance(value, list | tuple | set | frozenset) else value


def _positive(quantity: int) -> int:
    require(
        quantity >= 1,
        f"a relative date filter needs a quantity of 1 or more, not {quantity!r}",
        "FD1_QUANTITY_NOT_POSITIVE",
    )
    return quantity
