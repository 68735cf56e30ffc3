"""Insights, slowly: every number from the list of records it is made of, as the rules say it.

Filters and breakdowns E-42 to E-52, measures I-1 to I-9, analysis I-15 to I-17. Nothing here is shared with
the engine.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True)
class Record:
    """``place``: its number in the order in which records came."""

    user: str
    event: str
    day: date
    time: int
    place: int
    told: Mapping[str, Any]


Test = Callable[[Any], bool]
Labels = Callable[[Any], set[str]]


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def equal(one: Any, other: Any) -> bool:
    """Of one type, and texts whatever their case."""
    if isinstance(one, str) and isinstance(other, str):
        return one.lower() == other.lower()
    return type(one) is type(other) and bool(one == other)


def items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def some(passes: Test) -> Test:
    """A positive operator: some item of what is set passes."""
    return lambda value: value is not None and any(map(passes, items(value)))


def none(passes: Test) -> Test:
    """A negative operator is the complement of its positive."""
    positive = some(passes)
    return lambda value: not positive(value)


def label(value: Any) -> str:
    if value is None:
        return "undefined"
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_number(value):
        return str(int(value)) if float(value).is_integer() else repr(value)
    return str(value) or "(empty string)"


def by_value(value: Any) -> set[str]:
    """A list is in the segment of every item, an empty one is undefined."""
    return {label(item) for item in items(value)} or {"undefined"}


def by_bucket(size: float, low: float, high: float) -> Labels:
    def bucket(value: Any) -> str:
        if value is None:
            return "undefined"
        if not is_number(value):
            return "(non-numeric values)"
        if value < low:
            return f"< {label(low)}"
        if value >= high:
            return f"≥ {label(high)}"
        start = low + math.floor((value - low) / size) * size
        return f"{label(start)} - {label(min(start + size, high))}"

    return lambda value: {bucket(item) for item in items(value)} or {"undefined"}


def percentile(values: Sequence[float], share: float) -> float:
    ranked = sorted(values)
    rank = share / 100 * (len(ranked) - 1)
    below = math.floor(rank)
    above = min(below + 1, len(ranked) - 1)
    return ranked[below] + (rank - below) * (ranked[above] - ranked[below])


SHARES = {"median": 50, "p25": 25, "p90": 90, "p99": 99}
WINDOWS = {"dau": 1, "wau": 7, "mau": 30}
ZERO = frozenset({"total", "sum", "unique", "unique_values", "cumulative_unique", *WINDOWS})
"""What is zero over nothing; the others have no value."""


@dataclass(frozen=True)
class Question:
    """``start_of``: the first day of the bucket of a day; ``labels`` of each breakdown with its property."""

    math: str
    first: date
    last: date
    start_of: Callable[[date], date]
    total: bool = False
    property: str = "n"
    per_user: str | None = None
    first_segment: bool = False
    breakdowns: tuple[tuple[str, Labels], ...] = ()
    rolling: int = 0
    cumulative: bool = False

    def days(self, first: date, last: date) -> list[date]:
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]

    def buckets(self, first: date, last: date) -> list[date]:
        return list(dict.fromkeys(map(self.start_of, self.days(first, last))))


def segments_of(record: Record, question: Question) -> list[str]:
    found = [""]
    for name, labels in question.breakdowns:
        found = [
            f"{one} / {each}" if one else each for one in found for each in labels(record.told.get(name))
        ]
    return found


def answer(records: Sequence[Record], question: Question) -> dict[str, list[Any]]:
    """The values of every segment, and of ``$overall``, by bucket."""
    first, last = question.first, question.last
    found = _values(records, question, first, last)
    if question.total:
        return found
    if question.rolling:
        return _rolled(records, question, found)
    if question.cumulative:
        return {
            name: [sum(v or 0 for v in values[: at + 1]) for at in range(len(values))]
            for name, values in found.items()
        }
    return found


def _rolled(
    records: Sequence[Record], question: Question, found: dict[str, list[Any]]
) -> dict[str, list[Any]]:
    """The mean of each value and those before it, also before the range."""
    end = question.start_of(question.first) - timedelta(days=1)
    begin = question.start_of(end - timedelta(days=31 * question.rolling))
    before = _values(records, question, begin, end)
    earlier = len(question.buckets(begin, end))
    nothing = 0 if question.math in ZERO else None
    rolled = {}
    for name in found.keys() | before.keys():
        here = found.get(name, [nothing] * len(question.buckets(question.first, question.last)))
        values = [*before.get(name, [nothing] * earlier), *here]
        means = []
        for place in range(earlier, len(values)):
            known = [value for value in values[place - question.rolling + 1 : place + 1] if value is not None]
            means.append(sum(known) / len(known) if known else None)
        rolled[name] = means
    return rolled


def _values(records: Sequence[Record], question: Question, first: date, last: date) -> dict[str, list[Any]]:
    parts: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        parts["$overall"].append(record)
        if question.breakdowns:
            for name in segments_of(record, question):
                parts[name].append(record)
    parts.setdefault("$overall", [])
    return {name: _by_bucket(part, records, question, first, last, name) for name, part in parts.items()}


def _by_bucket(
    part: Sequence[Record], everyone: Sequence[Record], question: Question, first: date, last: date, name: str
) -> list[Any]:
    days = question.days(first, last)
    if question.total:
        cells = [days]
    else:
        cells = [
            [day for day in days if question.start_of(day) == start]
            for start in question.buckets(first, last)
        ]
    values = []
    for cell in cells:
        here = [record for record in part if cell[0] <= record.day <= cell[-1]]
        if question.math in WINDOWS:
            since = cell[-1] - timedelta(days=WINDOWS[question.math] - 1)
            values.append(_users(record for record in part if since <= record.day <= cell[-1]))
        elif question.math == "cumulative_unique":
            values.append(_users(record for record in part if first <= record.day <= cell[-1]))
        elif question.math == "unique" and question.first_segment and name != "$overall":
            all_here = [record for record in everyone if cell[0] <= record.day <= cell[-1]]
            values.append(_deciding(all_here, question, name))
        else:
            values.append(_measured(here, question))
    return values


def _users(records: Any) -> int:
    return len({record.user for record in records} - {""})


def _deciding(records: Sequence[Record], question: Question, name: str) -> int:
    """Users whose first record of the bucket is in the segment."""
    ordered = sorted(records, key=lambda record: (record.time, record.place))
    first = {record.user: record for record in reversed(ordered) if record.user}
    return sum(name in segments_of(record, question) for record in first.values())


def _measured(records: Sequence[Record], question: Question) -> Any:
    values = [record.told.get(question.property) for record in records]
    if question.math == "unique":
        return _users(records)
    if question.math == "total":
        return len(records)
    if question.per_user is not None:
        own: dict[str, list[Any]] = defaultdict(list)
        for record, value in zip(records, values, strict=True):
            if record.user and is_number(value):
                own[record.user].append(value)
        return _aggregate([_aggregate(each, question.per_user) for each in own.values()], question.math)
    listed = [item for value in values if value is not None for item in items(value) if item is not None]
    if question.math == "unique_values":
        return len({(isinstance(item, str), label(item), isinstance(item, bool)) for item in listed})
    if question.math == "most_frequent":
        counts = Counter(
            each for value in values if value is not None for each in by_value(value) - {"undefined"}
        )
        return min(counts, key=lambda each: (-counts[each], each), default=None)
    return _aggregate([item for item in listed if is_number(item)], question.math)


def _aggregate(values: Sequence[float], math: str) -> Any:
    if math in ("sum", "total"):
        return sum(values)
    if not values:
        return None
    if math in SHARES:
        return percentile(values, SHARES[math])
    return {"average": sum(values) / len(values), "min": min(values), "max": max(values)}[math]
