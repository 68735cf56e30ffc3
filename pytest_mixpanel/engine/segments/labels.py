"""The names of segments: of values, of buckets and ranges of numbers, of sets of values (E-47 to E-55)."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any

from pytest_mixpanel.query.plan.segments import AutomaticRanges, Breakpoints, Buckets, ValueGroups

UNDEFINED_SEGMENT = "undefined"
EMPTY_TEXT = "(empty string)"
NOT_A_NUMBER = "(non-numeric values)"
REMAINING = "(remaining values)"

Shape = Buckets | Breakpoints | AutomaticRanges | ValueGroups
"""What puts values together; ranges that were never settled leave them as they are."""

MOST_EXACT = 25
"""Distinct numbers that stay as they are; more are put into even ranges (semantics E-55)."""


def label(value: Any, shape: Shape | None) -> str:
    """The segment of a value; of a list, a name that no item has."""
    if value is None or value == []:
        return UNDEFINED_SEGMENT
    if isinstance(value, list):
        # In brackets, so that no string has the same name.
        return f"[{', '.join(label(item, shape) for item in value)}]"
    match shape:
        case Buckets():
            return bucket_of(value, shape)
        case Breakpoints():
            return _varied(value, shape.values)
        case ValueGroups():
            return next((name for name, held in shape.groups if _among(value, held)), REMAINING)
    return text_of(value) or EMPTY_TEXT


def text_of(value: Any) -> str:
    """A value as a segment's name: ``true``, ``5`` rather than ``5.0``, lists joined."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list):
        return ", ".join(map(text_of, value))
    if isinstance(value, dict):
        return json.dumps(_shortest(value), ensure_ascii=False)
    return str(value)


def _shortest(value: Any) -> Any:
    """The same JSON with whole numbers as such."""
    if isinstance(value, dict):
        return {key: _shortest(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_shortest(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def bucket_of(value: Any, buckets: Buckets) -> str:
    """The even bucket of a number, without its upper end (semantics E-52)."""
    if _no_number(value):
        return NOT_A_NUMBER
    if value < buckets.low:
        return f"< {text_of(buckets.low)}"
    if value >= buckets.high:
        return f"≥ {text_of(buckets.high)}"
    start, end = _ends(value, buckets.low, buckets.size)
    return f"{text_of(start)} - {text_of(min(end, buckets.high))}"


def _ends(value: float, low: float, size: float) -> tuple[float, float]:
    """Where the bucket begins and ends, in decimals as they are written where steps are no whole numbers."""
    if float(low).is_integer() and float(size).is_integer():
        start = low + math.floor((value - low) / size) * size
        return start, start + size
    from fractions import Fraction

    first, step = Fraction(str(low)), Fraction(str(size))
    begin = first + (Fraction(str(value)) - first) // step * step
    return float(begin), float(begin + step)


def _varied(value: Any, points: Sequence[float]) -> str:
    if _no_number(value):
        return NOT_A_NUMBER
    place = bisect_right(points, value)
    if place == 0:
        return f"< {text_of(points[0])}"
    if place == len(points):
        return f"≥ {text_of(points[-1])}"
    return f"{text_of(points[place - 1])} - {text_of(points[place])}"


def _no_number(value: Any) -> bool:
    return isinstance(value, bool) or not isinstance(value, int | float)


def _among(value: Any, held: Sequence[Any]) -> bool:
    """Equal and of one type; segments keep the case of texts."""
    return any(isinstance(one, bool) == isinstance(value, bool) and one == value for one in held)


def distribution(numbers: Sequence[float]) -> dict[str, int]:
    """How often each number occurs, or each of even ranges of them where they are many (I-14)."""
    counts: dict[str, int] = {}
    buckets = even_buckets(numbers)
    for number in sorted(numbers):
        name = text_of(number) if buckets is None else bucket_of(number, buckets)
        counts[name] = counts.get(name, 0) + 1
    return counts


def even_buckets(numbers: Iterable[float]) -> Buckets | None:
    """Ranges of 1, 2 or 5 × 10ⁿ, about six to twelve; ``None`` where the numbers are few (E-55)."""
    distinct = {number for number in numbers if math.isfinite(number)}
    if len(distinct) < MOST_EXACT:
        return None
    low, high = min(distinct), max(distinct)
    size = 10.0 ** math.floor(math.log10((high - low) / 6))
    steps = [size * factor for factor in (1, 2, 5, 10)]
    size = next(step for step in steps if (high - low) / step <= 12)
    start = math.floor(low / size) * size
    return Buckets(size, start, start + size * (math.floor((high - start) / size) + 1))
