"""Params JSON → a logical plan, whoever wrote the params.

What cannot be read is an error that names its place in the JSON; nothing is passed over in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_mixpanel.query.parse.charts import check_written
from pytest_mixpanel.query.parse.flows import parse_flow
from pytest_mixpanel.query.parse.funnels import funnel_of
from pytest_mixpanel.query.parse.insights import insights_of
from pytest_mixpanel.query.parse.misspelt import misspelt
from pytest_mixpanel.query.parse.node import Node, PlanError, Saved
from pytest_mixpanel.query.parse.retention import retention_of
from pytest_mixpanel.query.parse.times import range_of
from pytest_mixpanel.query.parse.users import parse_users
from pytest_mixpanel.query.plan.flows import FlowPlan
from pytest_mixpanel.query.plan.funnels import FunnelPlan
from pytest_mixpanel.query.plan.insights import InsightsPlan
from pytest_mixpanel.query.plan.retention import RetentionPlan
from pytest_mixpanel.query.plan.users import UsersPlan

__all__ = ["Plan", "PlanError", "Saved", "parse"]

Plan = InsightsPlan | FunnelPlan | RetentionPlan | FlowPlan | UsersPlan


def parse(params: Mapping[str, Any], saved: Saved | None = None) -> Plan:
    """The plan of params of any engine, whoever wrote them; raises ``PlanError`` naming the place.

    Flows have ``steps``, user queries have neither those nor ``sections``; what is shown tells the others.
    """
    root = Node(params, saved=saved)
    if not isinstance(params, Mapping):
        raise root.fail("params are an object")
    try:
        plan = _plan(root, params, saved)
    except PlanError as error:
        raise misspelt(root) or error from None
    wrong = misspelt(root)
    if wrong is not None:
        raise wrong
    return plan


def _plan(root: Node, params: Mapping[str, Any], saved: Saved | None) -> Plan:
    if "steps" in params:
        return parse_flow(root)
    if "sections" not in params and "displayOptions" not in params:
        return parse_users(params, saved)
    if not root.get("sections").get("show").items():
        raise root.get("sections").get("show").fail("a query needs something to show")
    root.period = range_of(root.get("sections").get("time"))
    sections = root.get("sections")
    shows = sections.get("show").items()
    if shows[0].get("type").value != "formula":
        check_written(shows[0])
    kind = shows[0].get("behavior").get("type").value if shows[0].get("type").value != "formula" else "event"
    if len(shows) > 1 or root.get("displayOptions").get("analysis").value is not None:
        return insights_of(root, sections, shows)  # a funnel or retention there is one of its numbers
    if kind == "funnel":
        return funnel_of(root, sections, shows[0])
    if kind == "retention":
        return retention_of(root, sections, shows[0])
    return insights_of(root, sections, shows)
