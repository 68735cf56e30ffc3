"""What a funnel query asks."""

from __future__ import annotations

from typing import Literal

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.plan.segments import Breakdown, Grouping
from pytest_mixpanel.query.plan.selecting import Filter, Selection
from pytest_mixpanel.query.plan.times import Comparison, Range


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
