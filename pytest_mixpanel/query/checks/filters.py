"""Conditions and custom properties, wherever a query takes them."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from pytest_mixpanel.query.checks.problems import Problems, check_choice, problem
from pytest_mixpanel.query.inputs.custom import CustomPropertyRef, InlineCustomProperty
from pytest_mixpanel.query.inputs.filters import Filter
from pytest_mixpanel.query.inputs.frequency import FrequencyFilter

PROPERTY_TYPES = (
    *("string", "number", "datetime", "boolean", "list", "object"),
    *("undefined", "dimension", "other", "unknown"),
)
MOST_VALUES = 1_000


def items_of(given: Any) -> list[Any]:
    """One item, several, or none (``None``) as a list."""
    if given is None:
        return []
    return list(given) if isinstance(given, list | tuple) else [given]


def check_where(where: Any) -> Problems:
    """Problems of a query's global conditions, by their place in the params."""
    conditions = items_of(where)
    strange = [item for item in conditions if not isinstance(item, Filter | FrequencyFilter)]
    if strange:
        yield problem(
            "where",
            f"conditions are Filter or FrequencyFilter, not {strange[0]!r}",
            "V25_INVALID_FILTER_TYPE",
        )
    for item in conditions:
        if isinstance(item, Filter):
            yield from check_property("where", item.owner)
        elif isinstance(item, FrequencyFilter):
            for each in items_of(item.event_filters):
                if isinstance(each, Filter):
                    yield from check_property("where", each.owner)
    yield from check_values("sections.filter", conditions)


def check_filters(path: str, filters: Any, wire: str) -> Problems:
    """Problems of an event's own filters: ``path`` in the arguments, ``wire`` in the params."""
    if isinstance(filters, Filter | FrequencyFilter):
        yield problem(f"{path}.filters", "a list of filters, not one alone", "V25_INVALID_FILTER_TYPE")
        return
    for place, item in enumerate(filters or ()):
        if not isinstance(item, Filter | FrequencyFilter):
            yield problem(
                f"{path}.filters[{place}]", f"filters are Filter, not {item!r}", "V25_INVALID_FILTER_TYPE"
            )
        elif isinstance(item, Filter):
            yield from check_property(f"{path}.filters[{place}]", item.owner)
    yield from check_values(wire, filters or ())


def check_property(path: str, owner: Any) -> Problems:
    """Problems of a custom property, written in place or saved."""
    if isinstance(owner, InlineCustomProperty | CustomPropertyRef):
        for code, message in owner.problems():
            yield problem(path, message, code)


def check_values(wire: str, conditions: Sequence[Any]) -> Problems:
    """Problems the service would have with the entries of a filter list."""
    for place, condition in enumerate(conditions):
        if isinstance(condition, Filter):
            yield from _check_entry(f"{wire}[{place}]", condition.to_json())


def _check_entry(path: str, entry: dict[str, Any]) -> Problems:
    yield from check_choice(
        f"{path}.filterType", entry["filterType"], PROPERTY_TYPES, "B14_INVALID_FILTER_TYPE"
    )
    if not ({"customProperty", "customPropertyId"} & entry.keys() or entry.get("value")):
        yield problem(path, "a condition needs a property", "B18_MISSING_FILTER_PROPERTY")
    value = entry["filterValue"]
    if isinstance(value, list) and not value:
        yield problem(f"{path}.filterValue", "no value to compare with", "B20_EMPTY_FILTER_VALUE")
    if isinstance(value, list) and len(value) > MOST_VALUES:
        yield problem(
            f"{path}.filterValue",
            f"at most {MOST_VALUES} values, not {len(value)}",
            "B21_FILTER_VALUE_TOO_MANY",
        )
    listed = enumerate(value) if isinstance(value, list) else ()
    for where, number in [(f"[{place}]", item) for place, item in listed] or [("", value)]:
        if isinstance(number, float) and not isfinite(number):
            yield problem(
                f"{path}.filterValue{where}",
                f"{number} is no value to compare with",
                "B20B_FILTER_VALUE_NOT_FINITE",
            )
