"""Values of one type turned into another (semantics E-39)."""

from __future__ import annotations

from typing import Any

import numpy as np

from pytest_mixpanel.engine.calendar import parse_moment
from pytest_mixpanel.engine.segments.labels import text_of
from pytest_mixpanel.engine.store.columns import CodedColumn, Column, NumberColumn
from pytest_mixpanel.query.plan.segments import Cast


def cast_column(column: Column | None, cast: Cast | None) -> Column | None:
    """A column whose values are cast, each distinct value once; as it is where no type is told."""
    if column is None or cast is None:
        return column
    if isinstance(column, NumberColumn):
        if cast == "number":
            return column
        numbers, codes = np.unique(column.numbers, return_inverse=True)
        values = [None if number != number else cast_value(number, cast) for number in numbers.tolist()]
        return CodedColumn(codes.astype(np.int64), values)
    return CodedColumn(column.codes, [cast_value(value, cast) for value in column.values])


def cast_value(value: Any, cast: Cast) -> Any:
    """One value, or the items of a list; ``None`` where it has none of that type."""
    if isinstance(value, list):
        return [cast_value(item, cast) for item in value]
    if cast == "boolean":
        return value not in (None, "", "false", False) and value != 0
    if value is None or isinstance(value, dict):
        return None
    if cast == "string":
        return text_of(value)
    if cast == "number":
        return _number(value)
    return (
        value if isinstance(value, str) and parse_moment(value, "UTC") == parse_moment(value, "UTC") else None
    )


def _number(value: Any) -> float | None:
    if isinstance(value, bool | int | float):
        return float(value)
    try:
        number = float(value)
    except ValueError:
        number = parse_moment(value, "UTC") / 1000  # of a date its seconds since 1970
    return number if np.isfinite(number) else None
