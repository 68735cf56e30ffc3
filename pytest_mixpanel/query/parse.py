"""Params JSON → a logical plan, whoever wrote the params.

What cannot be read is an error that names its place in the JSON; nothing is passed over in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import accumulate
from typing import Any

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.query import plan


class PlanError(ParamValidationError):
    """Params that cannot be read; ``path`` is the place in the JSON."""

    default_code = "PLAN_ERROR"

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}", details={"path": path})
        self.path = path


class Node:
    """A place in the params, which knows its own path."""

    def __init__(self, value: Any, path: str = "$") -> None:
        self.value = value
        self.path = path

    def fail(self, problem: str) -> PlanError:
        return PlanError(self.path, problem)

    def get(self, key: str) -> Node:
        """A key that may be absent (its value is then ``None``)."""
        if not isinstance(self.value, Mapping):
            raise self.fail("is not an object")
        return Node(self.value.get(key), f"{self.path}.{key}")

    def items(self) -> list[Node]:
        """The items of a list; none where it is absent."""
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            raise self.fail("is not a list")
        return [Node(item, f"{self.path}[{position}]") for position, item in enumerate(self.value)]

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self.fail(f"should be a text, not {self.value!r}")
        return self.value

    def whole(self) -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.fail(f"should be a whole number, not {self.value!r}")
        return self.value

    def number(self) -> float:
        if not isinstance(self.value, int | float) or isinstance(self.value, bool):
            raise self.fail(f"should be a number, not {self.value!r}")
        return self.value

    def choice(self, *allowed: str) -> str:
        if self.value not in allowed:
            raise self.fail(f"should be one of {', '.join(allowed)}, not {self.value!r}")
        return str(self.value)

    def day(self) -> date:
        try:
            return date.fromisoformat(self.text()[:10])
        except ValueError:
            raise self.fail(f"should be a day like 2026-03-01, not {self.value!r}") from None

    def refuse(self, key: str, what: str) -> None:
        """Say so where something is asked that this engine does not compute."""
        if self.get(key).value:
            raise self.get(key).fail(f"{what} is not computed by the embedded engine yet")


def parse(params: Mapping[str, Any]) -> plan.Plan:
    """The plan of insights, funnel or retention params; raises ``PlanError``."""
    root = Node(params)
    sections = root.get("sections")
    shows = sections.get("show").items()
    if not shows:
        raise sections.get("show").fail("a query needs something to show")
    kind = shows[0].get("behavior").get("type").value if shows[0].get("type").value != "formula" else "event"
    if kind == "funnel":
        return _funnel(root, sections, shows[0])
    if kind == "retention":
        return _retention(root, sections, shows[0])
    return _insights(root, sections, shows)


def _insights(root: Node, sections: Node, shows: list[Node]) -> plan.InsightsPlan:
    display = root.get("displayOptions")
    display.refuse("timeComparison", "a time comparison")
    if display.get("analysis").value not in (None, "linear"):
        raise display.get("analysis").fail("only linear analysis is computed by the embedded engine yet")
    return plan.InsightsPlan(
        metrics=tuple(_metric(show) for show in shows),
        range=_range(sections.get("time")),
        where=_conditions(sections.get("filter")),
        breakdowns=tuple(_breakdown(group) for group in sections.get("group").items()),
        total=display.get("chartType").value in ("bar", "pie", "metric", "insights-metric", "table"),
    )


COUNTS = ("total", "unique", "dau", "wau", "mau", "unique_values", "general")
AGGREGATES = ("average", "median", "min", "max", "p25", "p75", "p90", "p99", "custom_percentile")


def _metric(show: Node) -> plan.Metric:
    if show.get("type").value == "formula":
        raise show.fail("formulas are not computed by the embedded engine yet")
    behavior, measurement = show.get("behavior"), show.get("measurement")
    behavior.get("type").choice("event", "simple")
    measurement.refuse("perUserAggregation", "an aggregation per user")
    measured = measurement.get("property")
    return plan.Metric(
        _selection(behavior),
        measurement.get("math").choice(*COUNTS, *AGGREGATES),
        measured.get("name").text() if measured.value else None,
        measurement.get("percentile").number() if measurement.get("percentile").value is not None else None,
    )


def _funnel(root: Node, sections: Node, show: Node) -> plan.FunnelPlan:
    behavior, measurement = show.get("behavior"), show.get("measurement")
    root.get("displayOptions").refuse("timeComparison", "a time comparison")
    behavior.refuse("exclusions", "an exclusion")
    behavior.refuse("aggregateBy", "holding a property constant")
    behavior.get("funnelOrder").choice("loose")
    if behavior.get("funnelReentryMode").value not in (None, "default"):
        raise behavior.get("funnelReentryMode").fail("only the default re-entry is computed yet")
    measurement.refuse("property", "a property's aggregate along a funnel")
    math = measurement.get("math").choice(
        "conversion_rate_unique", "conversion_rate_total", "unique", "total"
    )
    unit = behavior.get("conversionWindowUnit").choice(*plan.UNIT_MS)
    steps = tuple(_selection(step) for step in behavior.get("behaviors").items())
    if not 2 <= len(steps) <= 62:
        raise behavior.get("behaviors").fail(f"a funnel has 2 to 62 steps, not {len(steps)}")
    chart = root.get("displayOptions").get("chartType").value
    return plan.FunnelPlan(
        steps=steps,
        window_ms=behavior.get("conversionWindowDuration").whole() * plan.UNIT_MS[unit],
        range=_range(sections.get("time")),
        counting="total" if math.endswith("total") else "unique",
        where=_conditions(sections.get("filter")),
        breakdown=_single_breakdown(sections.get("group")),
        trends=chart in ("line", "funnel-trend"),
    )


def _retention(root: Node, sections: Node, show: Node) -> plan.RetentionPlan:
    behavior, measurement = show.get("behavior"), show.get("measurement")
    root.get("displayOptions").refuse("timeComparison", "a time comparison")
    measurement.refuse("retentionCumulative", "cumulative retention")
    if behavior.get("retentionUnboundedMode").value not in (None, "none"):
        raise behavior.get("retentionUnboundedMode").fail("unbounded retention is not computed yet")
    events = behavior.get("behaviors").items()
    if len(events) != 2:
        raise behavior.get("behaviors").fail(f"retention has two events, not {len(events)}")
    sizes = [size.whole() for size in behavior.get("retentionCustomBucketSizes").items()]
    math = measurement.get("math").choice("retention_rate", "unique", "total")
    unit = behavior.get("retentionUnit").choice("day", "week", "month")
    alignment = behavior.get("retentionAlignmentType").choice("birth", "interval_start")
    return plan.RetentionPlan(
        born=_selection(events[0]),
        back=_selection(events[1]),
        unit=unit,  # type: ignore[arg-type]  # one of the choices above
        alignment=alignment,  # type: ignore[arg-type]  # one of the choices above
        range=_range(sections.get("time")),
        where=_conditions(sections.get("filter")),
        breakdown=_single_breakdown(sections.get("group")),
        edges=tuple(accumulate(sizes)),
        math=math,  # type: ignore[arg-type]  # one of the choices above
    )


def _selection(behavior: Node) -> plan.Selection:
    return plan.Selection(
        behavior.get("name").text(),
        _conditions(behavior.get("filters")),
        "any" if behavior.get("filtersDeterminer").value == "any" else "all",
        behavior.get("renamed").value,
    )


def _conditions(filters: Node) -> tuple[plan.Condition, ...]:
    return tuple(_condition(entry) for entry in filters.items())


def _condition(entry: Node) -> plan.Condition:
    for key in ("customProperty", "customPropertyId", "listItemFilters"):
        entry.refuse(key, "this kind of filter")
    if entry.get("value").value == "$cohorts":
        raise entry.fail("a cohort filter is not computed by the embedded engine yet")
    return plan.Condition(
        entry.get("value").text(),
        entry.get("filterOperator").text(),
        entry.get("filterValue").value,
        entry.get("filterType").value or "string",
        _resource(entry),
        entry.get("filterDateUnit").value,
    )


def _resource(entry: Node) -> Any:
    named = entry.get("resourceType").value
    return "people" if named in ("people", "user") else "events"


def _breakdown(group: Node) -> plan.Breakdown:
    for key in ("customProperty", "customPropertyId", "cohorts", "listItemGroup", "behavior"):
        group.refuse(key, "this kind of breakdown")
    buckets = group.get("customBucket")
    return plan.Breakdown(
        group.get("value").text(),
        _resource(group),
        plan.Buckets(
            buckets.get("bucketSize").number(), buckets.get("min").number(), buckets.get("max").number()
        )
        if buckets.value
        else None,
    )


def _single_breakdown(groups: Node) -> plan.Breakdown | None:
    listed = groups.items()
    if len(listed) > 1:
        raise listed[1].fail("one breakdown is computed by the embedded engine yet")
    return _breakdown(listed[0]) if listed else None


def _range(times: Node) -> plan.Range:
    listed = times.items()
    if len(listed) != 1:
        raise times.fail(f"should hold one range, not {len(listed)}")
    time = listed[0]
    unit: Any = time.get("unit").choice("hour", "day", "week", "month", "quarter")
    kind = time.get("dateRangeType").value or ("between" if time.get("value").value else "in the last")
    if kind == "between":
        ends = time.get("value").items()
        if len(ends) != 2:
            raise time.get("value").fail("should hold the first and the last day")
        return plan.Range(unit, ends[0].day(), ends[1].day())
    if kind == "since":
        return plan.Range(unit, time.get("value").day())
    if kind == "in the last":
        window = time.get("window")
        window.get("unit").choice("day")
        return plan.Range(unit, last=window.get("value").whole())
    raise time.get("dateRangeType").fail(f"{kind!r} is not a range the embedded engine reads")
