"""The parts that every engine's params share: the time section, filters, breakdowns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pytest_mixpanel.core.errors import ParamTypeError
from pytest_mixpanel.query.inputs.cohorts import CohortBreakdown
from pytest_mixpanel.query.inputs.events import TimeComparison
from pytest_mixpanel.query.inputs.filters import Filter
from pytest_mixpanel.query.inputs.frequency import FrequencyBreakdown, FrequencyFilter
from pytest_mixpanel.query.inputs.groups import GroupBy

Condition = Filter | FrequencyFilter
Where = Condition | Sequence[Condition] | None
Group = str | GroupBy | CohortBreakdown | FrequencyBreakdown
Groups = Group | Sequence[Group] | None


def listed(value: Any) -> list[Any]:
    """One item, several, or none (``None``) as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def filter_section(where: Where) -> list[dict[str, Any]]:
    """``sections.filter``."""
    return [condition.to_json() for condition in listed(where)]


def attempt_filter_section(where: Where) -> list[dict[str, Any]]:
    """``sections.filter`` of funnels and retention, where a custom property has an empty value."""
    return [
        {**entry, "value": None} if {"customProperty", "customPropertyId"} & entry.keys() else entry
        for entry in filter_section(where)
    ]


def group_section(group_by: Groups, data_group_id: int | None = None) -> list[dict[str, Any]]:
    """``sections.group``; raises ``ParamTypeError`` for what is no breakdown."""
    named = [GroupBy(item) if isinstance(item, str) else item for item in listed(group_by)]
    for item in named:
        if not isinstance(item, GroupBy | CohortBreakdown | FrequencyBreakdown):
            raise ParamTypeError(
                f"a breakdown is a name, GroupBy, CohortBreakdown or FrequencyBreakdown, not {item!r}",
                code="BB1_GROUP_BY_ELEMENT_TYPE",
            )
    return [item.to_json(data_group_id) for item in named]


def time_section(
    unit: str, from_date: str | None, to_date: str | None, last: int, today: date
) -> list[dict[str, Any]]:
    """``sections.time``: a range of days, both included, or the last ``last`` days."""
    if from_date is None:
        window = {"unit": "day", "value": last}
        return [{"dateRangeType": "in the last", "unit": unit, "window": window}]
    return [{"dateRangeType": "between", "unit": unit, "value": [from_date, to_date or today.isoformat()]}]


def with_comparison(display: dict[str, Any], comparison: TimeComparison | None) -> dict[str, Any]:
    """``displayOptions``, with its time comparison where there is one."""
    return display if comparison is None else {**display, "timeComparison": comparison.to_json()}
