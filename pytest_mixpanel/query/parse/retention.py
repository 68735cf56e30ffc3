"""Params of retention → a plan."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from typing import Any

from pytest_mixpanel.query.parse.charts import chart_of, check_written
from pytest_mixpanel.query.parse.node import Node
from pytest_mixpanel.query.parse.parts import (
    conditions_of,
    selection_of,
    summed_property,
)
from pytest_mixpanel.query.parse.segments import breakdowns_of
from pytest_mixpanel.query.parse.times import comparison_of, range_of
from pytest_mixpanel.query.plan.retention import RetentionPlan
from pytest_mixpanel.query.plan.segments import FrequencyBreakdown, Reach

LONGEST_RETENTION = 61
"""Units, where no brackets are told: buckets 0 to 60 (semantics R-27)."""


def retention_of(root: Node, sections: Node, show: Node) -> RetentionPlan:
    check_written(show)
    behavior, measurement = show.get("behavior"), show.get("measurement")
    events = behavior.get("behaviors").items()
    if len(events) != 2:
        raise behavior.get("behaviors").fail(f"retention has two events, not {len(events)}")
    sizes = [size.whole(1, 3_650) for size in behavior.get("retentionCustomBucketSizes").items()]
    math = measurement.get("math").choice("retention_rate", "unique", "total", "average")
    unit = behavior.get("retentionUnit").choice("day", "week", "month")
    alignment = behavior.get("retentionAlignmentType").choice("birth", "interval_start")
    criterion = _criterion(behavior.get("retentionUnboundedMode"), measurement, math)
    # What is counted along with births is so as long as returns are (semantics R-32).
    told: Any = unit
    reach = Reach(told, sum(sizes) or LONGEST_RETENTION, alignment == "interval_start")
    return RetentionPlan(
        born=selection_of(events[0]),
        back=selection_of(events[1]),
        unit=unit,  # type: ignore[arg-type]  # one of the choices above
        alignment=alignment,  # type: ignore[arg-type]  # one of the choices above
        range=range_of(sections.get("time")),
        where=conditions_of(sections.get("filter")),
        breakdowns=tuple(
            replace(level, after=reach) if isinstance(level, FrequencyBreakdown) else level
            for level in breakdowns_of(sections.get("group"))
        ),
        edges=tuple(accumulate(sizes)),
        math=math,  # type: ignore[arg-type]  # one of the choices above
        criterion=criterion,
        cumulative=bool(measurement.get("retentionCumulative").value),
        whole_range=chart_of(root.get("displayOptions")) == "retention-trend-metric",
        measured=summed_property(measurement.get("property")) if math in ("total", "average") else None,
        comparison=comparison_of(root.get("displayOptions").get("timeComparison")),
    )


def _criterion(mode: Node, measurement: Node, math: str) -> Any:
    """What counts as retained; cumulative is *at least once up to the bucket* (semantics R-12)."""
    chosen = "none"
    if mode.value is not None:
        chosen = mode.choice("none", "carry_back", "carry_forward", "consecutive_forward")
    if chosen == "consecutive_forward" and math in ("total", "average"):
        raise mode.fail("a streak is of users, not of records")
    if measurement.get("retentionCumulative").value and chosen == "none":
        return "carry_forward"
    return chosen
