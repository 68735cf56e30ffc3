"""Events as they enter a funnel or a retention, and the time to compare with."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.inputs.filters import Filter
from pytest_mixpanel.query.inputs.require import require, require_day, require_event, require_text
from pytest_mixpanel.query.inputs.vocabulary import (
    FiltersCombinator,
    FunnelOrder,
    ResourceType,
    TimeComparisonType,
    TimeComparisonUnit,
)


@frozen
class FunnelStep:
    """A step of a funnel with a label, filters and an order of its own."""

    event: str
    label: str | None = None
    filters: Sequence[Filter] | None = None
    filters_combinator: FiltersCombinator = "all"
    order: FunnelOrder | None = None

    def __post_init__(self) -> None:
        require_event(self.event)


@frozen
class Exclusion:
    """An event that ends an attempt between two steps (0-based; ``to_step=None`` is the last)."""

    event: str
    from_step: int = 0
    to_step: int | None = None

    def __post_init__(self) -> None:
        require_event(self.event)
        require(self.from_step >= 0, f"steps count from 0, not {self.from_step}", "EX1_FROM_STEP_NEGATIVE")
        require(
            self.to_step is None or self.to_step >= self.from_step,
            f"to_step {self.to_step} lies before from_step {self.from_step}",
            "EX2_STEP_ORDER",
        )


@frozen
class HoldingConstant:
    """A property that must have the same value at every step."""

    property: str
    resource_type: ResourceType = "events"

    def __post_init__(self) -> None:
        require_text(self.property, "a property held constant", "HC1_EMPTY_PROPERTY")


@frozen
class RetentionEvent:
    """A birth or return event with filters."""

    event: str
    filters: Sequence[Filter] | None = None
    filters_combinator: FiltersCombinator = "all"

    def __post_init__(self) -> None:
        require_event(self.event)


@frozen
class TimeComparison:
    """A second series from another time: relative by a unit, or from or to a given day.

    Raises ``ParamValidationError`` for a type that is none and for a unit or date out of place.
    """

    type: TimeComparisonType
    unit: TimeComparisonUnit | None = None
    date: str | None = None

    def __post_init__(self) -> None:
        require(
            self.type in ("relative", "absolute-start", "absolute-end"),
            f"a comparison is relative, absolute-start or absolute-end, not {self.type!r}",
            "TC0_INVALID_TYPE",
        )
        if self.type == "relative":
            require(self.unit is not None, "a relative comparison needs a unit", "TC1_REQUIRES_UNIT")
            require(self.date is None, "a relative comparison takes no date", "TC1_REJECTS_DATE")
            require(
                self.unit in ("day", "week", "month", "quarter", "year"),
                f"no unit {self.unit!r} to compare by",
                "TC1B_INVALID_UNIT",
            )
        else:
            require(self.date is not None, f"{self.type} needs a date", "TC2_REQUIRES_DATE")
            require(self.unit is None, f"{self.type} takes no unit", "TC2_REJECTS_UNIT")
            require_day(self.date, "TC3_DATE_FORMAT", "TC3B_DATE_INVALID")

    @classmethod
    def relative(cls, unit: TimeComparisonUnit) -> TimeComparison:
        """The period one ``day``, ``week``, ``month``, ``quarter`` or ``year`` before."""
        return cls("relative", unit)

    @classmethod
    def absolute_start(cls, date: str) -> TimeComparison:
        """The period of equal length that starts on this day."""
        return cls("absolute-start", date=date)

    @classmethod
    def absolute_end(cls, date: str) -> TimeComparison:
        """The period of equal length that ends on this day."""
        return cls("absolute-end", date=date)

    def to_json(self) -> dict[str, str]:
        """The value of ``displayOptions.timeComparison``."""
        return {"type": self.type, "value": self.unit or self.date or ""}
