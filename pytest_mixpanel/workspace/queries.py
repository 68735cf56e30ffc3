"""The query engines: typed questions in, typed results out."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.build.retention import build_retention_params
from pytest_mixpanel.query.results.funnel import FunnelQueryResult
from pytest_mixpanel.query.results.insights import QueryResult
from pytest_mixpanel.query.results.retention import RetentionQueryResult
from pytest_mixpanel.workspace.connection import Connection

P = ParamSpec("P")
R = TypeVar("R")
RESULTS: dict[str, Any] = {
    "insights": QueryResult,
    "funnels": FunnelQueryResult,
    "retention": RetentionQueryResult,
}
LIMIT = 3_000


def _today(build: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """A builder as a method: it takes its day from the workspace's clock."""

    def method(self: Queries, /, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return build(*args, **{"today": self._connection.today, **kwargs})

    method.__doc__ = build.__doc__
    method.__wrapped__ = build  # type: ignore[attr-defined]
    method.__signature__ = _without_today(build, "dict[str, Any]")  # type: ignore[attr-defined]
    return method


def asking(build: Callable[..., Any]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Tell readers of a method's signature that it takes what a builder takes."""

    def told(method: Callable[P, R]) -> Callable[P, R]:
        answer = method.__annotations__["return"]
        method.__signature__ = _without_today(build, answer)  # type: ignore[attr-defined]
        method.__wrapped__ = build  # type: ignore[attr-defined]
        return method

    return told


def _without_today(build: Callable[..., Any], answer: str) -> inspect.Signature:
    """A builder's signature as a workspace's method has it: the workspace knows the day."""
    called = inspect.signature(build)
    given = [parameter for name, parameter in called.parameters.items() if name not in ("self", "today")]
    owner = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return inspect.Signature([owner, *given], return_annotation=answer)


class Queries:
    """``query*`` ask, ``build_*`` show what would be sent."""

    _connection: Connection

    build_params = _today(build_params)
    build_funnel_params = _today(build_funnel_params)
    build_retention_params = _today(build_retention_params)

    @asking(build_params)
    def query(self, *args: Any, **kwargs: Any) -> QueryResult:
        """How much, how many, over time, by segment; arguments as for ``build_params``."""
        result: QueryResult = self.run_params("insights", self.build_params(*args, **kwargs))
        return result

    @asking(build_funnel_params)
    def query_funnel(self, *args: Any, **kwargs: Any) -> FunnelQueryResult:
        """Do users convert through a sequence? Arguments as for ``build_funnel_params``."""
        result: FunnelQueryResult = self.run_params("funnels", self.build_funnel_params(*args, **kwargs))
        return result

    @asking(build_retention_params)
    def query_retention(self, *args: Any, **kwargs: Any) -> RetentionQueryResult:
        """Do users come back? Arguments as for ``build_retention_params``."""
        result: RetentionQueryResult = self.run_params(
            "retention", self.build_retention_params(*args, **kwargs)
        )
        return result

    def run_params(self, engine: str, params: Mapping[str, Any]) -> Any:
        """Send params as they are; the result can ask follow-ups of this workspace.

        ``engine`` is ``insights``, ``funnels`` or ``retention``; raises ``ValueError`` for another.
        """
        if engine not in RESULTS:
            raise ValueError(f"no engine {engine!r}; there are {', '.join(RESULTS)}")
        body = {
            "bookmark": params,
            "project_id": int(self._connection.project_id),
            "queryLimits": {"limit": LIMIT},
        }
        answer = self._connection.ask(endpoints.INSIGHTS, shape=dict, body=body)
        return RESULTS[engine].parse(answer, params, self.run_params)
