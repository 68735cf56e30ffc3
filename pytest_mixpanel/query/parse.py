"""Params JSON → a logical plan, whoever wrote the params.

What cannot be read is an error that names its place in the JSON; nothing is passed over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import accumulate
from typing import Any

from pytest_mixpanel.query import plan
from pytest_mixpanel.query.inputs.letters import letter
from pytest_mixpanel.query.node import Node, PlanError, Saved
from pytest_mixpanel.query.parse_flows import parse_flow
from pytest_mixpanel.query.parse_groups import breakdown_of, held_property
from pytest_mixpanel.query.parse_parts import (
    by_interval,
    cohort_reference,
    conditions_of,
    measured_property,
    selection_of,
)
from pytest_mixpanel.query.parse_range import range_of
from pytest_mixpanel.query.parse_users import parse_users
from pytest_mixpanel.query.plan_flows import FlowPlan

__all__ = ["PlanError", "Saved", "parse"]


def parse(params: Mapping[str, Any], saved: Saved | None = None) -> plan.Plan | plan.UsersPlan | FlowPlan:
    """The plan of params of any engine, whoever wrote them; raises ``PlanError`` naming the place.

    Flows have ``steps``, user queries have neither those nor ``sections``; what is shown tells the others.
    """
    root = Node(params, saved=saved)
    if not isinstance(params, Mapping):
        raise root.fail("params are an object")
    if "steps" in params:
        return parse_flow(params, saved)
    if "sections" not in params and "displayOptions" not in params:
        return parse_users(params, saved)
    if not root.get("sections").get("show").items():
        raise root.get("sections").get("show").fail("a query needs something to show")
    root.period = range_of(root.get("sections").get("time"))
    sections = root.get("sections")
    shows = sections.get("show").items()
    kind = shows[0].get("behavior").get("type").value if shows[0].get("type").value != "formula" else "event"
    if len(shows) > 1 or root.get("displayOptions").get("analysis").value is not None:
        return _insights(root, sections, shows)  # a funnel or retention there is one of its numbers
    if kind == "funnel":
        return _funnel(root, sections, shows[0])
    if kind == "retention":
        return _retention(root, sections, shows[0])
    return _insights(root, sections, shows)


def _insights(root: Node, sections: Node, shows: list[Node]) -> plan.InsightsPlan:
    display = root.get("displayOptions")
    analysis = display.get("analysis")
    if analysis.value is not None:
        analysis.choice("linear", "rolling", "cumulative")
    formulas = [show for show in shows if show.get("type").value == "formula"]
    total = display.get("chartType").value in ("bar", "pie", "metric", "insights-metric", "table")
    breakdowns = [breakdown_of(group) for group in sections.get("group").items()]
    metrics = [_shown(root, sections, show, total) for show in shows if show.get("type").value != "formula"]
    computed = tuple(_formula(show, metrics) for show in formulas)
    where = conditions_of(sections.get("filter"))
    return plan.InsightsPlan(
        metrics=tuple(metrics),
        range=range_of(sections.get("time")),
        where=where if total else by_interval(where),
        breakdowns=tuple(
            replace(level, whole=total) if isinstance(level, plan.FrequencyBreakdown) else level
            for level in breakdowns
        ),
        total=total,
        formulas=computed,
        rolling=display.get("rollingWindowSize").whole(1, 365) if analysis.value == "rolling" else 0,
        cumulative=analysis.value == "cumulative",
        comparison=_comparison(display.get("timeComparison")),
    )


def _formula(show: Node, metrics: list[Shown]) -> plan.MetricFormula:
    """A formula over the query's metrics; operands of its own become hidden ones after them."""
    if show.get("id").value is not None:
        raise show.get("id").fail("saved formulas are not kept by the embedded engine")
    definition, operands = show.get("definition").text(), show.get("referencedMetrics").items()
    if operands:
        places = {letter(place): letter(len(metrics) + place) for place in range(len(operands))}
        definition = re.sub(r"[A-Z]+", lambda found: places.get(found[0], found[0]), definition)
        metrics += [replace(_metric(operand), hidden=True) for operand in operands]
    return plan.MetricFormula(definition, show.get("name").label())


def _comparison(compared: Node) -> plan.Comparison | None:
    if not compared.value:
        return None
    kind: Any = compared.get("type").choice("relative", "absolute-start", "absolute-end")
    if kind == "relative":
        compared.get("value").choice("day", "week", "month", "quarter", "year")
    else:
        compared.get("value").day()
    return plan.Comparison(kind, compared.get("value").text())


Shown = plan.Metric | plan.CohortMetric | plan.BehaviorMetric

COUNTS = (
    "total",
    "multi_attribution",
    "unique",
    "cumulative_unique",
    "dau",
    "wau",
    "mau",
    "unique_values",
    "general",
    "sessions",
)
AGGREGATES = ("average", "median", "min", "max", "p25", "p75", "p90", "p99", "custom_percentile")
DISTRIBUTIONS = ("histogram", "first_value", "most_frequent", "numeric_summary")
"""What answers more than a number."""


def _shown(root: Node, sections: Node, show: Node, total: bool) -> Shown:
    """A metric of events or of a cohort, or a number of a funnel or a retention (semantics I-29)."""
    kind, measurement = show.get("behavior").get("type").value, show.get("measurement")
    if kind not in ("funnel", "retention") or show.get("behavior").get("id").value is not None:
        metric = _metric(show)
        if total or not isinstance(metric, plan.Metric):
            return metric
        own = metric.selection
        return replace(metric, selection=replace(own, conditions=by_interval(own.conditions)))
    of: plan.FunnelPlan | plan.RetentionPlan
    if kind == "funnel":
        of = replace(_funnel(root, sections, show), trends=not total)
        at, most = measurement.get("stepIndex"), len(of.steps)
    else:
        of = replace(_retention(root, sections, show), whole_range=total)
        at, most = measurement.get("retentionBucketIndex"), 3_650
    math = str(measurement.get("math").value)
    return plan.BehaviorMetric(
        replace(of, comparison=None),
        math.startswith("conversion_rate") or math == "retention_rate",
        at.whole(0, most) if at.value is not None else None,
        show.get("name").label(),
        bool(show.get("isHidden").value),
    )


def _metric(show: Node) -> plan.Metric | plan.CohortMetric:
    behavior, measurement = show.get("behavior"), show.get("measurement")
    if behavior.get("type").value == "cohort":
        size = plan.CohortMetric(cohort_reference(behavior), behavior.get("name").text())
        return replace(size, hidden=bool(show.get("isHidden").value))
    kind = behavior.get("type").choice("event", "simple", "custom-event")
    if show.get("id").value is not None or (kind != "custom-event" and behavior.get("id").value is not None):
        raise show.fail("saved metrics and behaviors are not kept by the embedded engine")
    per_user = measurement.get("perUserAggregation")
    if per_user.value is not None:
        per_user.choice("total", "average", "min", "max", "unique_values")
    name, resource, custom = measured_property(measurement.get("property"))
    math = measurement.get("math").choice(*COUNTS, *AGGREGATES, *DISTRIBUTIONS)
    method = measurement.get("segmentMethod")
    counted: Any = "all" if method.value is None else method.choice("all", "first", "last")
    return plan.Metric(
        selection_of(behavior),
        math,
        name,
        measurement.get("percentile").number() if measurement.get("percentile").value is not None else None,
        resource,
        custom,
        per_user.value,
        bool(show.get("isHidden").value),
        counted,
        _attribution(measurement.get("attribution")) if math == "multi_attribution" else None,
    )


def _attribution(told: Node) -> plan.Attribution:
    """Model and lookback of an attribution; last touch of the last 30 days where nothing is told."""
    if not told.value:
        return plan.Attribution()
    model, lookback = told.get("model"), told.get("lookbackDays")
    ends = [end.number() for end in told.get("weights").items()] or [0.4, 0.4]
    if len(ends) != 2 or min(ends) < 0 or sum(ends) > 1:
        raise told.get("weights").fail("should hold the shares of the first and the last touch")
    return plan.Attribution(
        model.choice(*ATTRIBUTION_MODELS) if model.value is not None else "last_touch",
        lookback.whole(0, 3_650) if lookback.value is not None else 30,
        (ends[0], ends[1]),
    )


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
LONGEST_RETENTION = 61
"""Units, where no brackets are told: buckets 0 to 60 (semantics R-27)."""
ATTRIBUTION_MODELS = (
    *("first_touch", "last_touch", "linear", "participation", "time_decay"),
    *("u_shaped", "j_shaped", "inverse_j_shaped", "custom"),
)


def _funnel(root: Node, sections: Node, show: Node) -> plan.FunnelPlan:
    behavior, measurement = show.get("behavior"), show.get("measurement")
    math = measurement.get("math").choice(*FUNNEL_COUNTS, *FUNNEL_AGGREGATES)
    measured = _measured(measurement.get("property"))
    aggregated = math in FUNNEL_AGGREGATES or measured is not None
    unit = behavior.get("conversionWindowUnit").choice(*plan.UNIT_MS, "session")
    length = behavior.get("conversionWindowDuration").whole(1, LONGEST_WINDOW)
    by_session = math.endswith("session")
    if by_session and (unit != "session" or length != 1):
        raise behavior.get("conversionWindowUnit").fail("counting sessions needs a window of 1 session")
    steps = tuple(selection_of(step) for step in behavior.get("behaviors").items())
    if not 2 <= len(steps) <= 62:
        raise behavior.get("behaviors").fail(f"a funnel has 2 to 62 steps, not {len(steps)}")
    chart = root.get("displayOptions").get("chartType").value
    breakdowns = breakdowns_of(sections.get("group"))
    if unit == "session" and any(isinstance(level, plan.FrequencyBreakdown) for level in breakdowns):
        raise sections.get("group").fail(
            "how often something was done needs a window of time, not of sessions"
        )
    return plan.FunnelPlan(
        steps=steps,
        window_ms=length * plan.UNIT_MS[unit] if unit != "session" else FOREVER_MS,
        range=range_of(sections.get("time")),
        counting=_counting(math, aggregated),
        where=conditions_of(sections.get("filter")),
        breakdowns=breakdowns,
        trends=chart in ("line", "funnel-trend"),
        exclusions=tuple(_exclusion(item, len(steps)) for item in behavior.get("exclusions").items()),
        held=tuple(held_property(item) for item in behavior.get("aggregateBy").items()),
        floating=_floating(behavior),
        reentry=_reentry(behavior.get("funnelReentryMode")),
        measure=plan.FunnelMeasure(math, measured) if aggregated else None,
        sessions=length if unit == "session" else 0,
        attribution=_attributed(behavior.get("propertyAttribution"), len(steps)),
        comparison=_comparison(root.get("displayOptions").get("timeComparison")),
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


def _measured(measured: Node) -> plan.Breakdown | None:
    """The property whose values are summed up."""
    if not measured.value:
        return None
    name, resource, custom = measured_property(measured)
    return plan.Breakdown(name or "", resource, custom=custom)


def _exclusion(item: Node, steps: int) -> plan.Exclusion:
    """Wire positions are 1-based and inclusive; in force from the first of them until the last is done."""
    reach = item.get("steps")
    if not reach.value:
        return plan.Exclusion(item.get("event").text(), 1, steps)
    return plan.Exclusion(item.get("event").text(), reach.get("from").whole(), reach.get("to").whole())


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


def _retention(root: Node, sections: Node, show: Node) -> plan.RetentionPlan:
    behavior, measurement = show.get("behavior"), show.get("measurement")
    events = behavior.get("behaviors").items()
    if len(events) != 2:
        raise behavior.get("behaviors").fail(f"retention has two events, not {len(events)}")
    sizes = [size.whole(1, 3_650) for size in behavior.get("retentionCustomBucketSizes").items()]
    math = measurement.get("math").choice("retention_rate", "unique", "total", "average")
    unit = behavior.get("retentionUnit").choice("day", "week", "month")
    alignment = behavior.get("retentionAlignmentType").choice("birth", "interval_start")
    # What is counted along with births is so as long as returns are (semantics R-32).
    reach = (sum(sizes) or LONGEST_RETENTION) * plan.UNIT_MS[unit]
    return plan.RetentionPlan(
        born=selection_of(events[0]),
        back=selection_of(events[1]),
        unit=unit,  # type: ignore[arg-type]  # one of the choices above
        alignment=alignment,  # type: ignore[arg-type]  # one of the choices above
        range=range_of(sections.get("time")),
        where=conditions_of(sections.get("filter")),
        breakdowns=tuple(
            replace(level, after_ms=reach) if isinstance(level, plan.FrequencyBreakdown) else level
            for level in breakdowns_of(sections.get("group"))
        ),
        edges=tuple(accumulate(sizes)),
        math=math,  # type: ignore[arg-type]  # one of the choices above
        criterion=_criterion(behavior.get("retentionUnboundedMode"), measurement, math),
        whole_range=root.get("displayOptions").get("chartType").value == "retention-trend-metric",
        measured=_measured(measurement.get("property")) if math in ("total", "average") else None,
        comparison=_comparison(root.get("displayOptions").get("timeComparison")),
    )


def _criterion(mode: Node, measurement: Node, math: str) -> Any:
    """What counts as retained; cumulative is *at least once up to the bucket* (semantics R-12)."""
    chosen = "none"
    if mode.value is not None:
        chosen = mode.choice("none", "carry_back", "carry_forward", "consecutive_forward")
    if measurement.get("retentionCumulative").value:
        if chosen not in ("none", "carry_forward"):
            raise mode.fail("says something else than cumulative retention")
        chosen = "carry_forward"
    if chosen == "consecutive_forward" and math in ("total", "average"):
        raise mode.fail("a streak is of users, not of records")
    return chosen


def breakdowns_of(groups: Node) -> tuple[plan.Grouping, ...]:
    """The levels of a breakdown."""
    return tuple(breakdown_of(group) for group in groups.items())
