"""Dates in formulas: ISO texts and complete days, months and years between them (semantics P-5)."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime
from typing import Any

from pytest_mixpanel.engine.calendar import parse_moment


def epoch_seconds(value: Any) -> float | int | None:
    """An ISO text as seconds since 1970, whole where they are."""
    moment = parse_moment(value, "UTC") / 1000
    if moment != moment:
        return None
    return int(moment) if moment.is_integer() else moment


def between(start: Any, end: Any, unit: Any) -> int | None:
    """``DATEDIF``: units D, M, Y, MD, YM, YD on UTC dates; ``None`` for what is no date or unit."""
    first, last = _utc_date(start), _utc_date(end)
    if first is None or last is None or not isinstance(unit, str):
        return None
    unit = unit.upper()
    if last < first:
        swapped = _complete(last, first, unit) if unit in ("D", "M", "Y") else None
        return None if swapped is None else -swapped
    return _complete(first, last, unit)


def _complete(first: date, last: date, unit: str) -> int | None:
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    match unit:
        case "D":
            return (last - first).days
        case "M":
            return months
        case "Y":
            return months // 12
        case "YM":
            return months % 12
        case "MD":
            return (last - _months_later(first, months)).days
        case "YD":
            return (last - _months_later(first, months // 12 * 12)).days
    return None


def _months_later(day: date, months: int) -> date:
    """The anniversary, on the last day of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _utc_date(value: Any) -> date | None:
    seconds = epoch_seconds(value)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).date()
