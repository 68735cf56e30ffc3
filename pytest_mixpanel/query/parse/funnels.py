"""Params of funnels → a plan."""

from __future__ import annotations

from typing import Any

from pytest_mixpanel.query.parse.charts import chart_of, check_written
from pytest_mixpanel.query.parse.node import Node
from pytest_mixpanel.query.parse.parts import (
    conditions_of,
    selection_of,
    summed_property,
)
from pytest_mixpanel.query.parse.segments import breakdowns_of, held_property
from pytest_mixpanel.query.parse.times import comparison_of, range_of
from pytest_mixpanel.query.plan.funnels import Exclusion, FunnelMeasure, FunnelPlan
from pytest_mixpanel.query.plan.times import UNIT_MS

FUNNEL_COUNTS = (
    "conversion_rate",
    "conversion_rate_unique",
    "conversion_rate_total",
    "conversion_rate_session",
    "unique",
    "total",
    "general",
    "session",
)
FUNNEL_AGGREGATES = ("average", "median", "min", "max", "p25", "p75", "p90", "p99", "histogram")
LONGEST_WINDOW = 31_708_800
"""Seconds, the most units a window may have (semantics F-5)."""
FOREVER_MS = 2**53
MOST_CHOICES = 64
"""A bit of a word for each step and exclusion that an event may be; Mixpanel itself takes 100 steps."""


def funnel_of(root: Node, sections: Node, show: Node) -> FunnelPlan:
    check_written(show)
    behavior, measurement = show.get("behavior"), show.get("measurement")
    math = measurement.get("math").choice(*FUNNEL_COUNTS, *FUNNEL_AGGREGATES)
    measured = summed_property(measurement.get("property"))
    aggregated = math in FUNNEL_AGGREGATES or measured is not None
    unit = behavior.get("conversionWindowUnit").choice(*UNIT_MS, "session")
    length = behavior.get("conversionWindowDuration").whole(1, LONGEST_WINDOW)
    by_session = math.endswith("session")
    if by_session and (unit != "session" or length != 1):
        raise behavior.get("conversionWindowUnit").fail("counting sessions needs a window of 1 session")
    steps = tuple(selection_of(step) for step in behavior.get("behaviors").items())
    exclusions = tuple(_exclusion(item, len(steps)) for item in behavior.get("exclusions").items())
    if not 2 <= len(steps) <= MOST_CHOICES - len(exclusions):
        raise behavior.get("behaviors").fail(
            f"a funnel has at least 2 steps, and with its exclusions at most {MOST_CHOICES}; "
            f"this one has {len(steps)}, and {len(exclusions)} exclusions"
        )
    chart = chart_of(root.get("displayOptions"))
    breakdowns = breakdowns_of(sections.get("group"))
    return FunnelPlan(
        steps=steps,
        window_ms=length * UNIT_MS[unit] if unit != "session" else FOREVER_MS,
        range=range_of(sections.get("time")),
        counting=_counting(math, aggregated),
        where=conditions_of(sections.get("filter")),
        breakdowns=breakdowns,
        trends=chart in ("line", "funnel-trend"),
        exclusions=exclusions,
        held=tuple(held_property(item) for item in behavior.get("aggregateBy").items()),
        floating=_floating(behavior),
        reentry=_reentry(behavior.get("funnelReentryMode")),
        measure=FunnelMeasure(math, measured) if aggregated else None,
        sessions=length if unit == "session" else 0,
        attribution=_attributed(behavior.get("propertyAttribution"), len(steps)),
        comparison=comparison_of(root.get("displayOptions").get("timeComparison")),
    )


def _counting(math: str, aggregated: bool) -> Any:
    """What is counted; properties and times are measured over all attempts (semantics F-37, F-38)."""
    if math.endswith("session"):
        return "session"
    return "total" if math.endswith(("total", "general")) or aggregated else "unique"


def _attributed(told: Node, steps: int) -> Any:
    """The step, or the way of choosing one, whose value of a property is an attempt's (semantics F-29)."""
    if told.value is None:
        return "first_defined"
    if isinstance(told.value, int):
        return told.whole(1, steps)
    return told.choice("first_defined", "last_defined")


def _exclusion(item: Node, steps: int) -> Exclusion:
    """Wire positions are 1-based and inclusive; in force from the first of them until the last is done."""
    reach = item.get("steps")
    if not reach.value:
        return Exclusion(item.get("event").text(), 1, steps)
    return Exclusion(item.get("event").text(), reach.get("from").whole(), reach.get("to").whole())


def _floating(behavior: Node) -> tuple[bool, ...]:
    """Which steps may come in any order; none where the whole funnel is in order."""
    order = behavior.get("funnelOrder")
    whole = order.choice("loose", "any") if order.value is not None else "loose"
    floating = []
    for step in behavior.get("behaviors").items():
        own = step.get("funnelOrder")
        floating.append((own.choice("loose", "any") if own.value is not None else whole) == "any")
    return tuple(floating) if any(floating) else ()


def _reentry(mode: Node) -> Any:
    if mode.value is None:
        return "default"
    told = mode.choice("default", "basic", "aggressive", "optimized")
    return "default" if told == "basic" else told
