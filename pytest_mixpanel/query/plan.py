"""What a query asks, without the wire's spelling: small frozen plans, one per engine.

Back ends execute plans; ``parse`` makes them from params JSON, whoever wrote it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

from pytest_mixpanel.core.frozen import frozen

Resource = Literal["events", "people"]

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


@frozen
class CustomProperty:
    """A property computed by a formula; ``inputs``: letter, name and owner of the property it stands for."""

    formula: str
    inputs: tuple[tuple[str, str, Resource], ...]


@frozen
class LookupColumn:
    """A column of the table that is joined to a property by its values (semantics E-61)."""

    property: str
    column: str
    resource: Resource = "events"


@frozen
class BorrowedProperty:
    """What a property was at the user's last earlier ``event`` that had it, up to 7 days ago (E-62)."""

    event: str
    property: str


Derived = CustomProperty | LookupColumn | BorrowedProperty


@frozen
class Condition:
    """One filter; ``resource`` says whose property it reads.

    ``custom`` is read instead of ``property`` where it is given. ``items`` are conditions on the objects
    of a list, which must hold for ``every`` object or for any.
    """

    property: str
    operator: str
    value: Any
    type: str = "string"
    resource: Resource = "events"
    date_unit: str | None = None
    custom: Derived | None = None
    items: tuple[Condition, ...] = ()
    every: bool = False


@frozen
class Member:
    """Users of a cohort, or with ``negated`` all others (semantics C-1, C-12)."""

    cohort: Cohort
    negated: bool = False


Filter = Condition | Member


@frozen
class Selection:
    """Which records: an event's name and conditions that all, or any, must hold.

    ``first_time``: of those only the user's first ever of the event, whatever the conditions (E-64);
    ``others``: alternatives, of which a record may be any (E-63).
    """

    event: str
    conditions: tuple[Filter, ...] = ()
    combine: Literal["all", "any"] = "all"
    label: str | None = None
    first_time: bool = False
    others: tuple[Selection, ...] = ()

    @property
    def name(self) -> str:
        return self.label or self.event


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
class Behavior:
    """Users whose count of records, or an aggregate of them, compares so with ``operand`` (C-3 to C-7).

    In the last ``days``, or on the days from ``first`` to ``last``. ``span``: the range of a query that this
    is a filter of; ``by_interval``: in the interval of each event rather than in all of it (I-31).
    """

    selection: Selection
    sign: str
    operand: float
    days: int | None = None
    first: date | None = None
    last: date | None = None
    aggregation: str | None = None
    property: str | None = None
    span: Range | None = None
    by_interval: bool = False


@frozen
class Group:
    """Users for whom all, or any, of the parts hold (C-9)."""

    parts: tuple[Cohort | Condition | Member, ...]
    combine: Literal["all", "any"] = "all"


Cohort = Behavior | Group


DAYS_OF = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
"""At most."""


@frozen
class Range:
    """Whole local days, both included, in buckets of ``unit``; ``last`` days where no dates are given."""

    unit: Unit
    first: date | None = None
    last_day: date | None = None
    last: int = 30
    last_unit: Literal["day", "week", "month", "quarter", "year"] = "day"

    def days(self, today: date) -> tuple[date, date]:
        """First and last day; the last N days, or weeks and longer, include the current one (E-14, E-15)."""
        if self.first is not None:
            return self.first, self.last_day or today
        if self.last_unit == "day":
            return today - timedelta(days=self.last - 1), today
        if self.last_unit == "week":
            return today - timedelta(days=today.weekday() + 7 * (self.last - 1)), today
        width = {"month": 1, "quarter": 3, "year": 12}[self.last_unit]
        current = today.year * 12 + (today.month - 1) // width * width - width * (self.last - 1)
        return date(current // 12, current % 12 + 1, 1), today


@frozen
class FrequencyBreakdown:
    """Users by how often they did something: over the whole range, or in the bucket of each event.

    In a retention within ``after_ms`` from each birth on; in a funnel along each attempt (E-65, R-32).
    """

    selection: Selection
    buckets: Buckets
    range: Range
    property: str
    whole: bool = True
    after_ms: int = 0


Grouping = Breakdown | CohortBreakdown | FrequencyBreakdown


@frozen
class CohortMetric:
    """The size of a cohort at the end of every bucket (semantics I-28)."""

    cohort: Cohort
    name: str
    hidden: bool = False


@frozen
class Metric:
    """One series of an insights query."""

    selection: Selection
    math: str
    property: str | None = None
    percentile: float | None = None
    resource: Resource = "events"
    custom: Derived | None = None
    per_user: str | None = None
    hidden: bool = False
    segment_method: Literal["all", "first", "last"] = "all"
    attribution: Attribution | None = None


@frozen
class Attribution:
    """How conversions are shared out among earlier touches (E-66); ``ends``: shares of a custom model."""

    model: str = "last_touch"
    lookback_days: int = 30
    ends: tuple[float, float] = (0.4, 0.4)


@frozen
class MetricFormula:
    """A series computed from the metrics, which stand in ``definition`` as letters by their place."""

    definition: str
    name: str | None = None


@frozen
class Comparison:
    """``relative``: the range one unit earlier; else a range as long that starts or ends on a day."""

    kind: Literal["relative", "absolute-start", "absolute-end"]
    value: str


@frozen
class InsightsPlan:
    """``rolling``: buckets in a rolling mean, 0 for none; ``total``: the range as one bucket."""

    metrics: tuple[Metric | CohortMetric | BehaviorMetric, ...]
    range: Range
    where: tuple[Filter, ...] = ()
    breakdowns: tuple[Grouping, ...] = ()
    total: bool = False
    formulas: tuple[MetricFormula, ...] = ()
    rolling: int = 0
    cumulative: bool = False
    comparison: Comparison | None = None


@frozen
class FunnelMeasure:
    """An aggregate along a funnel: of a property at each step, or, without one, of the time to convert."""

    math: str
    property: Breakdown | None = None


@frozen
class Exclusion:
    """An event that ends an attempt that has done ``after`` steps or more, and fewer than ``before``."""

    event: str
    after: int
    before: int


@frozen
class FunnelPlan:
    """``window_ms`` runs from the entry; ``trends`` is a separate funnel for each bucket of the range.

    ``held`` properties keep their value along an attempt; ``floating`` says of each step whether it may
    come in any order, and is empty where all come in theirs. ``sessions``: a window of so many sessions
    instead. ``attribution``: the step, from 1, whose value of a property is the attempt's, or the first or
    last one that defines it.
    """

    steps: tuple[Selection, ...]
    window_ms: int
    range: Range
    counting: Literal["unique", "total", "session"] = "unique"
    where: tuple[Filter, ...] = ()
    breakdowns: tuple[Grouping, ...] = ()
    trends: bool = False
    exclusions: tuple[Exclusion, ...] = ()
    held: tuple[Breakdown, ...] = ()
    floating: tuple[bool, ...] = ()
    reentry: Literal["default", "optimized", "aggressive"] = "default"
    measure: FunnelMeasure | None = None
    sessions: int = 0
    attribution: int | Literal["first_defined", "last_defined"] = "first_defined"
    comparison: Comparison | None = None


@frozen
class RetentionPlan:
    """``edges``: ends of custom brackets in retention units, empty for buckets of one unit each.

    ``criterion``: a user counts in the buckets of returns, in all up to the last one, in all from the first
    one on, or as long as no bucket is missed (semantics R-11, R-12). ``measured``: the property of returns
    that is summed instead of counting them (R-18, R-19).
    """

    born: Selection
    back: Selection
    unit: Literal["day", "week", "month"]
    alignment: Literal["birth", "interval_start"]
    range: Range
    where: tuple[Filter, ...] = ()
    breakdowns: tuple[Grouping, ...] = ()
    edges: tuple[int, ...] = ()
    math: Literal["retention_rate", "unique", "total", "average"] = "retention_rate"
    criterion: Literal["none", "carry_back", "carry_forward", "consecutive_forward"] = "none"
    measured: Breakdown | None = None
    whole_range: bool = False
    comparison: Comparison | None = None


@frozen
class NamedBehavior:
    """How often users did any of some events in the last ``window_ms``; each event with a selector text."""

    name: str
    window_ms: int
    events: tuple[tuple[str, str | None], ...]


@frozen
class UsersPlan:
    """Profiles, or with ``action`` an aggregate of them; ``where`` and ``action`` are selector texts.

    ``as_of``: seconds since 1970, the instant of behavioural conditions. ``segments``: id → cohort.
    ``behaviors`` are what ``where`` may ask for by name.
    """

    where: str | None = None
    cohort: Cohort | None = None
    include_all_users: bool = False
    properties: tuple[str, ...] | None = None
    sort_key: str | None = None
    ascending: bool = False
    as_of: float | None = None
    distinct_ids: tuple[str, ...] | None = None
    search: str | None = None
    action: str | None = None
    segments: tuple[tuple[str, Cohort], ...] = ()
    limit: int | None = None
    page: int = 0
    behaviors: tuple[NamedBehavior, ...] = ()


@frozen
class BehaviorMetric:
    """A number of a funnel or a retention, by interval (semantics I-29).

    ``at``: the step, from 1, or the bucket, from 0, that is shown: the last step, or bucket 1, where none is
    told. ``rate``: its share, not its count.
    """

    plan: FunnelPlan | RetentionPlan
    rate: bool
    at: int | None = None
    name: str | None = None
    hidden: bool = False


Plan = InsightsPlan | FunnelPlan | RetentionPlan
