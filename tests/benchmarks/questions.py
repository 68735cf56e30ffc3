"""The questions: params as the client builds them, and the numbers to read out of our answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pytest_mixpanel.query.build.flow import build_flow_params
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.build.retention import build_retention_params
from pytest_mixpanel.query.inputs.cohorts import CohortCriteria, CohortDefinition
from pytest_mixpanel.query.inputs.events import Exclusion, FunnelStep
from pytest_mixpanel.query.inputs.filters import Filter
from tests.benchmarks.data import FIRST, LAST

Rows = list[tuple[Any, ...]]
RANGE: dict[str, Any] = {"from_date": FIRST.isoformat(), "to_date": LAST.isoformat(), "today": LAST}
THREE = ("View Item", "Add to Cart", "Purchase")
FIVE = ("App Open", "Search", *THREE)


@dataclass(frozen=True, slots=True)
class Question:
    """``params`` as our client sends them, ``read`` the comparable rows of an answer.

    ``goals``: how many times faster than chDB and DuckDB it shall be.
    """

    name: str
    params: Callable[[], dict[str, Any]]
    read: Callable[[dict[str, Any]], Rows]
    goals: tuple[float, float] = (10, 5)


def series(answer: dict[str, Any]) -> Any:
    (block,) = answer["series"].values()
    return block


def funnel_rows(answer: dict[str, Any]) -> Rows:
    return [(count,) for step in series(answer)["count"].values() for count in step.values()]


def retention_rows(answer: dict[str, Any]) -> Rows:
    """Day of birth, bucket, users; bucket −1 is the cohort's size."""
    rows: Rows = []
    for day, cohort in series(answer).items():
        if day != "$average":
            rows.append((day[:10], -1, cohort["first"]))
            rows += [(day[:10], k, n) for k, n in enumerate(cohort["counts"][:31]) if n]
    return rows


def by_day(answer: dict[str, Any]) -> Rows:
    return [(day[:10], value) for day, value in series(answer).items() if value]


def by_day_and_segment(answer: dict[str, Any]) -> Rows:
    block = series(answer)
    return [
        (day[:10], name, value)
        for name, days in block.items()
        if name != "$overall"
        for day, value in days.items()
        if value
    ]


def edges(answer: dict[str, Any]) -> Rows:
    """Column, event, next event, how many."""
    rows: Rows = []
    for column, step in enumerate(answer["steps"]):
        for node in step["nodes"]:
            for edge in node["edges"]:
                if edge["type"] not in ("DROPOFF", "PRUNED"):
                    rows.append((column + 1, node["event"], edge["event"], int(edge["totalCount"])))
    return rows


def funnel(*steps: Any, **more: Any) -> Callable[[], dict[str, Any]]:
    return lambda: build_funnel_params(list(steps), **RANGE, **more)


def insights(event: Any, **more: Any) -> Callable[[], dict[str, Any]]:
    return lambda: build_params(event, **RANGE, **more)


def cohort() -> dict[str, Any]:
    active = CohortCriteria.did_event("Purchase", at_least=5, within_days=30)
    content = CohortCriteria.did_not_do_event("Refund", within_days=30)
    fans = Filter.in_cohort(CohortDefinition.all_of(active, content), "fans")
    return build_params("Purchase", math="unique", where=fans, **RANGE, mode="total")


SOME = [
    FunnelStep("View Item", filters=[Filter.equals("plan", "pro")]),
    FunnelStep("Add to Cart", filters=[Filter.contains("item", "shoe")]),
    FunnelStep("Purchase", filters=[Filter.greater_than("amount", 20)]),
]

QUESTIONS = (
    Question("funnel of 3 steps", funnel(*THREE), funnel_rows),
    Question("funnel of 5 steps", funnel(*FIVE), funnel_rows),
    Question("funnel of 3 steps, filtered", funnel(*SOME), funnel_rows),
    Question("funnel, best attempt", funnel(*THREE, reentry_mode="aggressive"), funnel_rows),
    Question("funnel with exclusion", funnel(*THREE, exclusions=[Exclusion("Refund")]), funnel_rows),
    Question("funnel, platform held", funnel(*THREE, holding_constant="platform"), funnel_rows),
    Question(
        "retention, days 0–30",
        lambda: build_retention_params("App Open", "Page View", retention_unit="day", **RANGE),
        retention_rows,
    ),
    Question(
        "flows, 3 steps",
        lambda: build_flow_params("Add to Cart", forward=3, count_type="total", cardinality=50, **RANGE),
        edges,
    ),
    Question("rolling 30-day distinct", insights("$all_events", math="mau"), by_day),
    Question("cohort", cohort, lambda answer: [(series(answer)["all"],)]),
    Question("sessions by day", insights("$session_start", math="total"), by_day),
    Question(
        "count by day and country",
        insights("Page View", group_by="country"),
        by_day_and_segment,
        (2, 1),
    ),
    Question(
        "distinct users by day and country",
        insights("Page View", math="unique", group_by="country"),
        by_day_and_segment,
        (2, 1),
    ),
    Question("sum by day", insights("Purchase", math="total", math_property="amount"), by_day, (1, 1)),
    Question(
        "90th percentile by day", insights("Purchase", math="p90", math_property="amount"), by_day, (1, 1)
    ),
)
