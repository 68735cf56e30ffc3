"""Events as they enter a query: with their measure, their filters, their place in a funnel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pytest_mixpanel.query.inputs.custom import Property
from pytest_mixpanel.query.inputs.filters import Filter
from pytest_mixpanel.query.inputs.vocabulary import (
    FiltersCombinator,
    FunnelOrder,
    MathType,
    PerUserAggregation,
    ResourceType,
    SegmentMethod,
)


@dataclass(frozen=True, slots=True)
class Metric:
    """An event with its own aggregation and filters."""

    event: str
    math: MathType = "total"
    property: Property | None = None
    per_user: PerUserAggregation | None = None
    percentile_value: float | None = None
    filters: Sequence[Filter] | None = None
    filters_combinator: FiltersCombinator = "all"
    segment_method: SegmentMethod | None = None


@dataclass(frozen=True, slots=True)
class Formula:
    """A calculation over the metrics of a query, by position: ``A``, ``B``, …"""

    expression: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """A step of a funnel with a label, filters and an order of its own."""

    event: str
    label: str | None = None
    filters: Sequence[Filter] | None = None
    filters_combinator: FiltersCombinator = "all"
    order: FunnelOrder | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An event that ends an attempt between two steps (0-based; ``to_step=None`` is the last)."""

    event: str
    from_step: int = 0
    to_step: int | None = None


@dataclass(frozen=True, slots=True)
class HoldingConstant:
    """A property that must have the same value at every step."""

    property: str
    resource_type: ResourceType = "events"


@dataclass(frozen=True, slots=True)
class RetentionEvent:
    """A birth or return event with filters."""

    event: str
    filters: Sequence[Filter] | None = None
    filters_combinator: FiltersCombinator = "all"


@dataclass(frozen=True, slots=True)
class TimeComparison:
    """A second series from another time: relative by a unit, or from or to a given day."""

    type: str
    value: str

    @classmethod
    def relative(cls, unit: str) -> TimeComparison:
        """The period one ``day``, ``week``, ``month``, ``quarter`` or ``year`` before."""
        return cls("relative", unit)

    @classmethod
    def absolute_start(cls, date: str) -> TimeComparison:
        """The period of equal length that starts on this day."""
        return cls("absolute-start", date)

    @classmethod
    def absolute_end(cls, date: str) -> TimeComparison:
        """The period of equal length that ends on this day."""
        return cls("absolute-end", date)

    def to_json(self) -> dict[str, str]:
        """The value of ``displayOptions.timeComparison``."""
        return {"type": self.type, "value": self.value}
