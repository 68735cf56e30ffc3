"""What a query asks, without the wire's spelling: small frozen plans, one per engine.

Back ends execute plans; ``parse`` makes them from params JSON, whoever wrote it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

Unit = Literal["hour", "day", "week", "month", "quarter"]
DAY_MS = 86_400_000
UNIT_MS = {
    "second": 1_000,
    "minute": 60_000,
    "hour": 3_600_000,
    "day": DAY_MS,
    "week": 7 * DAY_MS,
    "month": 30 * DAY_MS,
}
"""Lengths of windows; a month is 30 days (semantics F-5, R-5)."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter; ``resource`` says whose property it reads."""

    property: str
    operator: str
    value: Any
    type: str = "string"
    resource: Literal["events", "people"] = "events"
    date_unit: str | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records: an event's name and conditions that all, or any, must hold."""

    event: str
    conditions: tuple[Condition, ...] = ()
    combine: Literal["all", "any"] = "all"
    label: str | None = None

    @property
    def name(self) -> str:
        return self.label or self.event


@dataclass(frozen=True, slots=True)
class Buckets:
    """Even buckets of a number: below ``low``, steps of ``size``, at or above ``high``."""

    size: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A property whose values are the segments."""

    property: str
    resource: Literal["events", "people"] = "events"
    buckets: Buckets | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """Whole local days, both included, in buckets of ``unit``; ``last`` days where no dates are given."""

    unit: Unit
    first: date | None = None
    last_day: date | None = None
    last: int = 30

    def days(self, today: date) -> tuple[date, date]:
        """First and last day; the last N days include today (semantics E-14)."""
        if self.first is not None:
            return self.first, self.last_day or today
        return today - timedelta(days=self.last - 1), today


@dataclass(frozen=True, slots=True)
class Metric:
    """One series of an insights query."""

    selection: Selection
    math: str
    property: str | None = None
    percentile: float | None = None


@dataclass(frozen=True, slots=True)
class InsightsPlan:
    metrics: tuple[Metric, ...]
    range: Range
    where: tuple[Condition, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    total: bool = False


@dataclass(frozen=True, slots=True)
class FunnelPlan:
    """``window_ms`` runs from the entry; ``trends`` is a separate funnel for each bucket of the range."""

    steps: tuple[Selection, ...]
    window_ms: int
    range: Range
    counting: Literal["unique", "total"] = "unique"
    where: tuple[Condition, ...] = ()
    breakdown: Breakdown | None = None
    trends: bool = False


@dataclass(frozen=True, slots=True)
class RetentionPlan:
    """``edges``: ends of custom brackets in retention units, empty for buckets of one unit each."""

    born: Selection
    back: Selection
    unit: Literal["day", "week", "month"]
    alignment: Literal["birth", "interval_start"]
    range: Range
    where: tuple[Condition, ...] = ()
    breakdown: Breakdown | None = None
    edges: tuple[int, ...] = ()
    math: Literal["retention_rate", "unique", "total"] = "retention_rate"


Plan = InsightsPlan | FunnelPlan | RetentionPlan
