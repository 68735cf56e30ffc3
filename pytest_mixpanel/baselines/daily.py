"""Daily counts: what every verdict rests on, and what a snapshot keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from types import MappingProxyType
from typing import Any

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.time import DateRange

Counts = Mapping[str, tuple[int, ...]]


@frozen
class Daily:
    """Counts by name, one for each of ``days``; ``segments`` holds the same names for each segment.

    Names are the kind's: ``step 1`` … for a funnel, ``born``, ``bucket 7`` for a retention, ``count``.
    """

    days: tuple[date, ...]
    counts: Counts
    segments: Mapping[str, Counts] = field(default_factory=lambda: MappingProxyType({}))

    def total(self, name: str) -> int:
        return sum(self.counts.get(name, ()))

    def within(self, period: DateRange) -> Daily:
        """The part of it on the days of ``period``; days that are not there count as nought."""
        place = {day: index for index, day in enumerate(self.days)}

        def cut(counts: Counts) -> Counts:
            return {
                name: tuple(values[place[day]] if day in place else 0 for day in period)
                for name, values in counts.items()
            }

        segments = {name: cut(counts) for name, counts in self.segments.items()}
        return Daily(tuple(period), cut(self.counts), segments)

    @property
    def weekdays(self) -> tuple[int, ...]:
        """0 for a Monday … 6 for a Sunday."""
        return tuple(day.weekday() for day in self.days)

    @property
    def period(self) -> DateRange:
        return DateRange(self.days[0], self.days[-1])

    def to_json(self) -> dict[str, Any]:
        return {
            "days": [day.isoformat() for day in self.days],
            "counts": {name: list(values) for name, values in self.counts.items()},
            "segments": {
                segment: {name: list(values) for name, values in counts.items()}
                for segment, counts in self.segments.items()
            },
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Daily:
        """Raises ``KeyError``, ``TypeError`` or ``ValueError`` for data of another shape."""
        days = tuple(date.fromisoformat(day) for day in data["days"])

        def read(counts: Mapping[str, Any]) -> Counts:
            told = {name: tuple(int(value) for value in values) for name, values in counts.items()}
            if any(len(values) != len(days) for values in told.values()):
                raise ValueError("counts and days differ in number")
            return told

        segments = {name: read(counts) for name, counts in data.get("segments", {}).items()}
        return cls(days, read(data["counts"]), segments)
