"""User profiles: which, in what order, or an aggregate of them."""

from __future__ import annotations

from typing import Any

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.query.build.users import build_user_params
from pytest_mixpanel.query.results.users import UserQueryResult
from pytest_mixpanel.workspace.connection import Connection


class Users:
    """``query_user`` asks, ``build_user_params`` shows what would be sent."""

    _connection: Connection

    def build_user_params(self, **choice: Any) -> dict[str, Any]:
        """The params of one user query; arguments as for ``query_user``."""
        return build_user_params(**{"today": self._connection.today, **choice})

    def query_user(
        self, *, limit: int | None = 1, parallel: bool = False, workers: int = 5, **choice: Any
    ) -> UserQueryResult:
        """Who are they? Arguments as for ``build_user_params``; ``limit=None`` fetches all profiles.

        Pages come one after the other: ``parallel`` and ``workers`` change neither result nor order.
        """
        params = self.build_user_params(limit=limit, **choice)
        answer = self._stats(params) if "action" in params else self._all_pages(params, limit)
        return UserQueryResult.parse(answer, params)

    def _stats(self, params: dict[str, Any]) -> Any:
        body = {"project_id": self._connection.project_id, **params}
        if "where" in body:
            body["selector"] = body.pop("where")
        return self._connection.ask(endpoints.ENGAGE_STATS, shape=dict, body=body)

    def _all_pages(self, params: dict[str, Any], limit: int | None) -> dict[str, Any]:
        """Pages in turn, until one says there are no more or ``limit`` profiles are there."""
        body = {"project_id": self._connection.project_id, **params}
        if limit is not None:
            body["limit"] = limit
        found: list[Any] = []
        session, page = None, 0
        while True:
            paging = {"page": page} if session is None else {"page": page, "session_id": session}
            answer = self._connection.ask(endpoints.ENGAGE, shape=dict, body={**body, **paging})
            rows, session = answer.get("results") or [], answer.get("session_id")
            found += rows
            page += 1
            if not rows or session is None or (limit is not None and len(found) >= limit):
                break
        meta = {"session_id": session, "pages_fetched": page, "parallel": False}
        return {**answer, "results": found[:limit], "meta": meta}
