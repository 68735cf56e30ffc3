"""The query engines: typed questions in, typed results out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.query.build import flow, funnel, insights, retention
from pytest_mixpanel.workspace.asking import asking, building
from pytest_mixpanel.workspace.connection import Connection

if TYPE_CHECKING:  # a method loads the type of its answer when it is called
    from pytest_mixpanel.query.results.flow import FlowQueryResult
    from pytest_mixpanel.query.results.funnel import FunnelQueryResult
    from pytest_mixpanel.query.results.insights import QueryResult
    from pytest_mixpanel.query.results.retention import RetentionQueryResult

MOST_SEGMENTS = 3_000
"""Segments in an answer, where the call does not say another limit."""
FLOW_TYPES = {"graph": "flows_sankey", "list": "flows_top_paths", "tree": "flows"}
FLOW_SHAPES = {"sankey": "graph", "paths": "list", "tree": "tree"}


Given = Mapping[str, Any]


def _insights(self: Queries, params: Given, given: Given) -> QueryResult:
    return self.run_params(params, limit=given.get("limit"))


def _funnel(self: Queries, params: Given, given: Given) -> FunnelQueryResult:
    return self.run_funnel_params(params, limit=given.get("limit"))


def _retention(self: Queries, params: Given, given: Given) -> RetentionQueryResult:
    return self.run_retention_params(params, limit=given.get("limit"))


def _flow(self: Queries, params: Given, given: Given) -> FlowQueryResult:
    return self.run_flow_params(params)


class Queries:
    """``query*`` ask, ``build_*`` show what would be sent, ``run_*`` send params that are there already."""

    _connection: Connection

    build_params = building(insights.build_params, "The params of an insights query, not sent.")
    build_funnel_params = building(funnel.build_funnel_params, "The params of a funnel, not sent.")
    build_retention_params = building(
        retention.build_retention_params, "The params of a retention query, not sent."
    )
    build_flow_params = building(flow.build_flow_params, "The params of a flow, not sent.")

    query = asking(
        insights.build_params, _insights, "query", "How much, how many, over time, by segment.", "QueryResult"
    )
    query_funnel = asking(
        funnel.build_funnel_params,
        _funnel,
        "query_funnel",
        "Do users convert through a sequence?",
        "FunnelQueryResult",
    )
    query_retention = asking(
        retention.build_retention_params,
        _retention,
        "query_retention",
        "Do users come back?",
        "RetentionQueryResult",
    )
    query_flow = asking(
        flow.build_flow_params, _flow, "query_flow", "What do users do before and after?", "FlowQueryResult"
    )

    def run_params(self, params: Mapping[str, Any], *, limit: int | None = None) -> QueryResult:
        """Send insights params as they are, with at most ``limit`` segments in the answer."""
        from pytest_mixpanel.query.results.insights import QueryResult

        return QueryResult.parse(self._answer(params, limit), params, self.run_query)

    def run_funnel_params(self, params: Mapping[str, Any], *, limit: int | None = None) -> FunnelQueryResult:
        """Send the params of a funnel as they are."""
        from pytest_mixpanel.query.results.funnel import FunnelQueryResult

        return FunnelQueryResult.parse(self._answer(params, limit), params, self.run_query)

    def run_retention_params(
        self, params: Mapping[str, Any], *, limit: int | None = None
    ) -> RetentionQueryResult:
        """Send the params of a retention query as they are."""
        from pytest_mixpanel.query.results.retention import RetentionQueryResult

        return RetentionQueryResult.parse(self._answer(params, limit), params, self.run_query)

    def run_flow_params(
        self, params: Mapping[str, Any], *, mode: Literal["sankey", "paths", "tree"] | None = None
    ) -> FlowQueryResult:
        """Send the params of a flow as they are, or in another ``mode`` than theirs."""
        from pytest_mixpanel.query.results.flow import FlowQueryResult

        if mode is not None:
            params = {**params, "flows_merge_type": FLOW_SHAPES[mode]}
        shape = str(params.get("flows_merge_type", "graph"))
        body = {
            "bookmark": params,
            "project_id": int(self._connection.project_id),
            "query_type": FLOW_TYPES.get(shape, "flows_sankey"),
        }
        answer = self._connection.ask(endpoints.FLOWS, shape=dict, body=body)
        return FlowQueryResult.parse(answer, params, self.run_query)

    def run_query(self, engine: str, params: Mapping[str, Any]) -> Any:
        """Send params to the engine of this name; the result can ask follow-ups of this workspace.

        ``engine`` is ``insights``, ``funnels``, ``retention`` or ``flows``; raises ``ValueError`` for others.
        """
        runs: dict[str, Callable[[Mapping[str, Any]], Any]] = {
            "insights": self.run_params,
            "funnels": self.run_funnel_params,
            "retention": self.run_retention_params,
            "flows": self.run_flow_params,
        }
        if engine not in runs:
            raise ValueError(f"no engine {engine!r}; there are {', '.join(runs)}")
        return runs[engine](params)

    def _answer(self, params: Mapping[str, Any], limit: int | None) -> Any:
        body = {
            "bookmark": params,
            "project_id": int(self._connection.project_id),
            "queryLimits": {"limit": limit or MOST_SEGMENTS},
        }
        return self._connection.ask(endpoints.INSIGHTS, shape=dict, body=body)
