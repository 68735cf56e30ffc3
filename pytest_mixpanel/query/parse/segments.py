"""The levels of a breakdown: properties in values, buckets or groups, cohorts, frequencies."""

from __future__ import annotations

from typing import Any

from pytest_mixpanel.query.parse.node import Node
from pytest_mixpanel.query.parse.parts import cohort_reference, custom_property, done, resource_of
from pytest_mixpanel.query.plan.segments import (
    AutomaticRanges,
    Breakdown,
    Breakpoints,
    Buckets,
    CohortBreakdown,
    CohortsBreakdown,
    FrequencyBreakdown,
    Grouping,
    ValueGroups,
)
from pytest_mixpanel.query.plan.selecting import Member

MOST_GROUPS = 10
"""Of a number's varied buckets (semantics E-53)."""


def held_property(item: Node) -> Breakdown:
    """A property that keeps its value."""
    return Breakdown(item.get("value").text(), resource_of(item))


def breakdown_of(group: Node) -> Grouping:
    """One level of a breakdown."""
    if group.get("behavior").value:
        return _frequency_breakdown(group)
    if group.get("cohorts").value:
        return _cohort_breakdown(group)
    custom = custom_property(group)
    name = group.get("value").text() if custom is None else "custom property"
    items = group.get("listItemGroup")
    key = items.get("propertyName").text() if items.value else None
    cast = group.get("typeCast")
    told: Any = cast.choice("string", "number", "boolean", "datetime") if cast.value is not None else None
    return Breakdown(name, resource_of(group), _shape(group, told, key), custom, key, told)


def _frequency_breakdown(group: Node) -> FrequencyBreakdown:
    buckets = _even(group.get("customBucket")) if group.get("customBucket").value else None
    if buckets is None or group.period is None:
        raise group.fail("a breakdown by frequency needs buckets and the query's range")
    selection = done(group.get("behavior"))
    return FrequencyBreakdown(selection, buckets, group.period, group.get("value").text())


def _shape(group: Node, cast: str | None, key: str | None) -> Any:
    """What values are put together: even or varied buckets of a number, or sets of values.

    A number without any of them is put into ranges where it has many values, unless it is cast to a text.
    """
    buckets, sets = group.get("customBucket"), group.get("valueGroups").items()
    if sets:
        return ValueGroups(tuple((one.get("name").text(), _values(one.get("values"))) for one in sets))
    if buckets.value and buckets.get("breakpoints").value is not None:
        return _varied(buckets.get("breakpoints"))
    if buckets.value and not buckets.get("disabled").value:
        return _even(buckets)
    kind = group.get("listItemGroup").get("propertyType") if key else group.get("propertyType")
    return AutomaticRanges() if "number" in (cast, cast or kind.value) else None


def _even(buckets: Node) -> Buckets:
    size = buckets.get("bucketSize").number()
    if size <= 0:
        raise buckets.get("bucketSize").fail(f"a bucket's size is over 0, not {size}")
    return Buckets(size, buckets.get("min").number(), buckets.get("max").number())


def _varied(points: Node) -> Breakpoints:
    values = tuple(point.number() for point in points.items())
    if not 0 < len(values) < MOST_GROUPS or list(values) != sorted(set(values)):
        raise points.fail(f"should hold 1 to {MOST_GROUPS - 1} numbers that ascend")
    return Breakpoints(values)


def _values(values: Node) -> tuple[Any, ...]:
    return tuple(value.value for value in values.items())


def _cohort_breakdown(group: Node) -> CohortBreakdown | CohortsBreakdown:
    entries = group.get("cohorts").items()
    labels = [label.text() for label in group.get("value").items()]
    if len(labels) != len(entries):
        raise group.get("value").fail("should name a segment for every entry of cohorts")
    each = tuple(
        (label, Member(cohort_reference(entry), bool(entry.get("negated").value)))
        for label, entry in zip(labels, entries, strict=True)
    )
    match each:
        case ((name, Member(cohort, False)),):
            return CohortBreakdown(cohort, name)
        case ((name, Member(cohort, False)), (others, Member(other, True))) if other == cohort:
            return CohortBreakdown(cohort, name, others)
    return CohortsBreakdown(each)


def breakdowns_of(groups: Node) -> tuple[Grouping, ...]:
    """The levels of a breakdown."""
    return tuple(breakdown_of(group) for group in groups.items())
