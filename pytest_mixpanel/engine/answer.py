"""The engine's one interface: params in, answer out, in the shape Mixpanel answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pytest_mixpanel.engine.grouped import as_asked
from pytest_mixpanel.engine.segments.ranges import with_ranges
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.parse.params import PlanError, Saved, parse
from pytest_mixpanel.query.plan.flows import FlowPlan
from pytest_mixpanel.query.plan.funnels import FunnelPlan
from pytest_mixpanel.query.plan.insights import InsightsPlan
from pytest_mixpanel.query.plan.retention import RetentionPlan
from pytest_mixpanel.query.plan.users import UsersPlan


def answer(
    params: Mapping[str, Any], store: Store, now: datetime, saved: Saved | None = None
) -> dict[str, Any]:
    """Answer one query at the moment ``now``; the same inputs give the same bytes.

    ``saved``: the cohorts and custom properties that params may name by id.

    Raises ``PlanError`` with the place in the params that cannot be read.
    """
    plan = parse(params, saved)
    store = as_asked(store, params)
    if not isinstance(plan, UsersPlan):
        plan = with_ranges(plan, store, now)
    # A report is loaded when it is asked for: none needs another one's walks but insights, which measure all.
    if isinstance(plan, FlowPlan):
        from pytest_mixpanel.engine.flows.report import answer_flow

        return answer_flow(plan, store, now)
    if isinstance(plan, FunnelPlan):
        from pytest_mixpanel.engine.funnels.report import answer_funnel

        return answer_funnel(plan, store, now)
    if isinstance(plan, RetentionPlan):
        from pytest_mixpanel.engine.retention.report import answer_retention

        return answer_retention(plan, store, now)
    if isinstance(plan, InsightsPlan):
        from pytest_mixpanel.engine.insights.report import answer_insights

        return answer_insights(plan, store, now)
    raise PlanError("$", "these are the params of a user query; profiles have an endpoint of their own")
