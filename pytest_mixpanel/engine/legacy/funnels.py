"""A funnel by date, in the shape of the older call: steps and their ratios for every date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pytest_mixpanel.engine.formulas import syntax
from pytest_mixpanel.engine.formulas.syntax import FormulaError, parse_formula
from pytest_mixpanel.engine.funnels.report import ALL, OVERALL, answer_funnel
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.funnels import FunnelPlan
from pytest_mixpanel.query.plan.segments import Breakdown

MEASURES = ("count", "step_conv_ratio", "overall_conv_ratio", "avg_time", "avg_time_from_start")


def saved_funnel(plan: FunnelPlan, on: str | None, store: Store, now: datetime) -> dict[str, Any]:
    """Every date of the plan's range with its steps; by segment, and ``$overall``, where ``on`` is given.

    ``on`` is ``properties["x"]``, ``user["x"]`` or the bare name of a property of events.
    """
    plan = replace(plan, breakdowns=(_breakdown(on),) if on else ())
    block = next(iter(answer_funnel(plan, store, now)["series"].values()))
    data: dict[str, Any] = {}
    for label, measures in block.items():
        parts = {name: _steps(plan, measures, name) for name in _segments(measures)}
        data[label[:10]] = (
            {OVERALL: parts.pop(ALL), **parts}
            if plan.breakdowns
            else {"steps": parts[ALL], "analysis": _analysis(parts[ALL])}
        )
    return {"meta": {"dates": list(data)}, "data": data}


def _breakdown(on: str) -> Breakdown:
    match parse_formula(on):
        case syntax.Name(name) | syntax.Index(
            syntax.Name("properties" | "event"), syntax.Constant(str() as name)
        ):
            return Breakdown(name)
        case syntax.Index(syntax.Name("user"), syntax.Constant(str() as name)):
            return Breakdown(name, "people")
    raise FormulaError(f'on: write properties["name"] or user["name"], not {on}')


def _segments(measures: Mapping[str, Any]) -> list[str]:
    return list(next(iter(measures["count"].values())))


def _steps(plan: FunnelPlan, measures: Mapping[str, Any], segment: str) -> list[dict[str, Any]]:
    return [
        {
            **{name: measures[name][label][segment] for name in MEASURES},
            "event": selection.event,
            "goal": selection.name,
        }
        for label, selection in zip(measures["count"], plan.steps, strict=True)
    ]


def _analysis(steps: list[dict[str, Any]]) -> dict[str, Any]:
    """How many began and finished, and the step that loses the largest part."""
    ratios = [step["step_conv_ratio"] for step in steps[1:]]
    return {
        "completion": steps[-1]["count"],
        "starting_amount": steps[0]["count"],
        "steps": len(steps),
        "worst": ratios.index(min(ratios)) + 1 if ratios else 0,
    }
