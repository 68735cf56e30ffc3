"""The parts that every engine's params share: the time section, filters, breakdowns, checks of arguments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any, get_args

from pytest_mixpanel.core.errors import BookmarkValidationError, ValidationError
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
    """``sections.group``."""
    named = [GroupBy(item) if isinstance(item, str) else item for item in listed(group_by)]
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


def check_choice(path: str, value: Any, vocabulary: Any, code: str) -> Iterable[ValidationError]:
    """A problem where ``value`` is not of the vocabulary (a ``Literal``)."""
    allowed = [word for word in get_args(vocabulary) if isinstance(word, str)]
    if value is None or value in allowed:
        return
    close = get_close_matches(str(value), sorted(allowed), n=3, cutoff=0.5)
    yield ValidationError(path, f"Invalid {path} {value!r}", code, suggestion=tuple(close) or None)


def check_range(
    from_date: str | None, to_date: str | None, last: Any, today: date
) -> Iterable[ValidationError]:
    """Problems of a time range."""
    if not isinstance(last, int) or isinstance(last, bool) or last < 1:
        yield ValidationError(
            "last", f"last must be a whole number of days, 1 or more, not {last!r}", "V7_LAST_POSITIVE"
        )
    parsed: dict[str, date] = {}
    for name, value in (("from_date", from_date), ("to_date", to_date)):
        if value is None:
            continue
        try:
            parsed[name] = date.fromisoformat(value)
        except (ValueError, TypeError):
            yield ValidationError(name, f"{name} must be YYYY-MM-DD, not {value!r}", "V8_DATE_FORMAT")
    if to_date is not None and from_date is None:
        yield ValidationError("to_date", "to_date needs a from_date", "V9_TO_REQUIRES_FROM")
    start, end = parsed.get("from_date"), parsed.get("to_date", today)
    if start is not None and start > end:
        yield ValidationError("from_date", f"from_date {start} lies after to_date {end}", "V15_DATE_ORDER")


def check_event(path: str, name: Any, code: str = "V17_EMPTY_EVENT") -> Iterable[ValidationError]:
    """A problem where an event's name is not one."""
    if not isinstance(name, str) or not name.strip():
        yield ValidationError(path, f"an event needs a name, not {name!r}", code)


def raise_all(problems: Iterable[ValidationError]) -> None:
    """Raise ``BookmarkValidationError`` with every problem there is."""
    found = tuple(problems)
    if found:
        raise BookmarkValidationError(found)
