"""Params become plans, and what cannot be read is named by its place."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pytest_mixpanel import (
    BehaviorRef,
    CustomEventRef,
    Formula,
    Metric,
    MetricRef,
)
from pytest_mixpanel.query.build.flow import build_flow_params
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.build.retention import build_retention_params
from pytest_mixpanel.query.build.users import build_user_params
from pytest_mixpanel.query.inputs.events import FunnelStep
from pytest_mixpanel.query.inputs.filters import Filter
from pytest_mixpanel.query.parse.params import PlanError, Saved, parse
from pytest_mixpanel.query.plan.flows import FlowPlan
from pytest_mixpanel.query.plan.funnels import FunnelPlan
from pytest_mixpanel.query.plan.insights import InsightsPlan, Metric as PlannedMetric, MetricFormula
from pytest_mixpanel.query.plan.retention import RetentionPlan
from pytest_mixpanel.query.plan.segments import Breakdown
from pytest_mixpanel.query.plan.selecting import Condition
from pytest_mixpanel.query.plan.times import DAY_MS
from pytest_mixpanel.query.plan.users import UsersPlan

TODAY = date(2026, 4, 1)


def test_a_funnel_keeps_its_steps_window_and_filters() -> None:
    paid = FunnelStep("Purchase", label="Paid", filters=[Filter.greater_than("order_total", 0)])
    plan = parse(
        build_funnel_params(["View Item", paid], conversion_window=7, group_by="platform", today=TODAY)
    )
    assert isinstance(plan, FunnelPlan)
    assert plan.window_ms == 7 * DAY_MS
    assert [step.name for step in plan.steps] == ["View Item", "Paid"]
    assert plan.steps[1].conditions == (Condition("order_total", "is greater than", 0, "number"),)
    assert plan.breakdowns == (Breakdown("platform"),)


def test_the_last_days_include_today() -> None:
    plan = parse(build_params("Login", last=7, today=TODAY))
    assert isinstance(plan, InsightsPlan)
    assert plan.range.days(TODAY) == (date(2026, 3, 26), TODAY)


def test_bracket_widths_become_edges() -> None:
    plan = parse(build_retention_params("A", "B", bucket_sizes=[1, 3, 4], today=TODAY))
    assert isinstance(plan, RetentionPlan)
    assert plan.edges == (1, 4, 8)


@pytest.mark.parametrize(
    ("params", "kind"),
    [
        (build_params("A", today=TODAY), InsightsPlan),
        (build_funnel_params(["A", "B"], today=TODAY), FunnelPlan),
        (build_retention_params("A", "B", today=TODAY), RetentionPlan),
        (build_flow_params("A", today=TODAY), FlowPlan),
        (build_user_params(today=TODAY), UsersPlan),
    ],
)
def test_one_function_reads_the_params_of_every_engine(params: dict[str, Any], kind: type) -> None:
    assert isinstance(parse(params), kind)


def test_a_formula_with_operands_of_its_own_hides_them() -> None:
    share = Formula("A / B", "share", metrics=[Metric("X"), Metric("Y", math="unique")])
    plan = parse(build_params(["Q", share], today=TODAY))
    assert isinstance(plan, InsightsPlan)
    assert plan.formulas == (MetricFormula("B / C", "share"),)
    assert [metric.hidden for metric in plan.metrics] == [False, True, True]


@pytest.mark.parametrize(
    ("measure", "place"),
    [
        (MetricRef(5), "$.sections.show[0]"),
        (Metric(BehaviorRef(3, "simple")), "$.sections.show[0]"),
        (Metric(CustomEventRef(3)), "$.sections.show[0].behavior.name"),
    ],
)
def test_what_this_engine_does_not_keep_is_refused_by_its_place(measure: Any, place: str) -> None:
    with pytest.raises(PlanError) as error:
        parse(build_params(measure, today=TODAY))
    assert error.value.path == place


@pytest.mark.parametrize("params", [3, [], {"steps": 3}, {"sections": {}}, {"unknown": 1}, {"where": 3}])
def test_what_are_no_params_is_refused(params: Any) -> None:
    with pytest.raises(PlanError):
        parse(params)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda p: p["sections"].update(show=[]), "$.sections.show"),
        (lambda p: p["sections"]["time"].clear(), "$.sections.time"),
        (
            lambda p: p["sections"]["show"][0]["behavior"].update(funnelOrder="sideways"),
            "$.sections.show[0].behavior.funnelOrder",
        ),
        (
            lambda p: p["sections"]["show"][0]["behavior"].update(conversionWindowDuration="7"),
            "$.sections.show[0].behavior.conversionWindowDuration",
        ),
        (lambda p: p.update(sections=3), "$.sections"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_place(change: object, place: str) -> None:
    params = build_funnel_params(["A", "B"], today=TODAY)
    change(params)  # type: ignore[operator]  # the parametrised changes are callables
    with pytest.raises(PlanError) as error:
        parse(params)
    assert error.value.path == place


@pytest.mark.parametrize(("steps", "exclusions"), [(65, 0), (63, 2), (64, 1)])
def test_more_steps_and_exclusions_than_can_be_told_apart_are_refused(steps: int, exclusions: int) -> None:
    apart = [f"Not {number}" for number in range(exclusions)]
    params = build_funnel_params([f"Step {n}" for n in range(steps)], exclusions=apart, today=TODAY)
    with pytest.raises(PlanError, match=f"at most 64; this one has {steps}, and {exclusions} exclusions"):
        parse(params)


@pytest.mark.parametrize(("anchors", "told"), [(0, "needs an anchor"), (65, "at most 64 anchors, not 65")])
def test_a_flow_has_an_anchor_and_no_more_than_can_be_told_apart(anchors: int, told: str) -> None:
    params = build_flow_params("A", today=TODAY)
    params["steps"] = params["steps"] * anchors
    with pytest.raises(PlanError, match=told):
        parse(params)


CUSTOM = Saved(custom_events={7: {"name": "Any activity", "alternatives": [{"event": "A"}, {"event": "B"}]}})


def test_a_custom_event_becomes_its_events_with_the_conditions_asked_for() -> None:
    step = FunnelStep("Any activity", filters=[Filter.equals("plan", "pro")])
    plan = parse(build_funnel_params([step, "$custom_event:7"], today=TODAY), CUSTOM)
    assert isinstance(plan, FunnelPlan)
    first, second = plan.steps
    assert [one.event for one in (first, *first.others)] == ["A", "B"]
    wanted = (Condition("plan", "equals", ["pro"], "string"),)
    assert all(one.conditions == wanted for one in (first, *first.others))
    assert [first.name, second.name] == ["Any activity", "Any activity"]


@pytest.mark.parametrize("name", ["$custom_event:8", "$custom_event:x"])
def test_a_custom_event_that_is_not_there_is_named_by_its_place(name: str) -> None:
    with pytest.raises(PlanError) as error:
        parse(build_funnel_params(["A", name], today=TODAY), CUSTOM)
    assert error.value.path == "$.sections.show[0].behavior.behaviors[1].name"


def test_the_first_time_of_a_custom_event_is_of_any_of_its_events() -> None:
    params = build_params("Any activity", today=TODAY)
    params["sections"]["show"][0]["behavior"]["firstTime"] = True
    plan = parse(params, CUSTOM)
    assert isinstance(plan, InsightsPlan)
    (metric,) = plan.metrics
    assert isinstance(metric, PlannedMetric)
    each = [metric.selection, *metric.selection.others]
    assert [one.first_of for one in each] == [("A", "B")] * 2
    assert all(one.first_time for one in each)
