"""What a retention query asks."""

from __future__ import annotations

from typing import Literal

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.plan.segments import Breakdown, Grouping
from pytest_mixpanel.query.plan.selecting import Filter, Selection
from pytest_mixpanel.query.plan.times import Comparison, Range


@frozen
class RetentionPlan:
    """``edges``: ends of custom brackets in retention units, empty for buckets of one unit each.

    ``criterion``: a user counts in the buckets of returns, in all up to the last one, in all from the first
    one on, or as long as no bucket is missed (semantics R-11, R-12); ``cumulative``: and in all after any of
    these. ``measured``: the property of returns that is summed instead of counting them (R-18, R-19).
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
    cumulative: bool = False
    measured: Breakdown | None = None
    whole_range: bool = False
    comparison: Comparison | None = None
