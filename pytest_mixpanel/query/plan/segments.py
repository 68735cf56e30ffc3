"""What an answer is broken down by."""

from __future__ import annotations

from typing import Any, Literal

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.plan.selecting import Cohort, Derived, Member, Resource, Selection
from pytest_mixpanel.query.plan.times import Range


@frozen
class Buckets:
    """Even buckets of a number: below ``low``, steps of ``size``, at or above ``high``."""

    size: float
    low: float
    high: float


@frozen
class Breakpoints:
    """Buckets of a number that begin at ``values``, and one below the first (semantics E-53)."""

    values: tuple[float, ...]


@frozen
class AutomaticRanges:
    """A number in exact values where they are few, else in even ranges of those that occur (E-55)."""


@frozen
class ValueGroups:
    """Named sets of values, of which the first that holds a value has it (semantics E-54)."""

    groups: tuple[tuple[str, tuple[Any, ...]], ...]


Cast = Literal["string", "number", "boolean", "datetime"]


@frozen
class Breakdown:
    """A property whose values are the segments; ``item``: a key of the objects in its lists.

    ``cast``: the type its values are turned into first (semantics E-39).
    """

    property: str
    resource: Resource = "events"
    buckets: Buckets | Breakpoints | AutomaticRanges | ValueGroups | None = None
    custom: Derived | None = None
    item: str | None = None
    cast: Cast | None = None


@frozen
class CohortBreakdown:
    """Members of a cohort under ``name``, the others, where asked for, under ``others``."""

    cohort: Cohort
    name: str
    others: str | None = None

    @property
    def property(self) -> str:
        return "$cohorts"


@frozen
class CohortsBreakdown:
    """Several cohorts, each for itself: a record is in every segment whose condition holds (E-56)."""

    segments: tuple[tuple[str, Member], ...]

    @property
    def property(self) -> str:
        return "$cohorts"


@frozen
class Reach:
    """So many units from a moment on: of time, or of the calendar, the first of which is the current one."""

    unit: Literal["day", "week", "month"]
    count: int
    calendar: bool = False


@frozen
class FrequencyBreakdown:
    """Users by how often they did something: over the whole range, or in the bucket of each event.

    In a retention within ``after`` from each birth on; in a funnel along each attempt (E-65, R-32).
    """

    selection: Selection
    buckets: Buckets
    range: Range
    property: str
    whole: bool = True
    after: Reach | None = None


Grouping = Breakdown | CohortBreakdown | CohortsBreakdown | FrequencyBreakdown
