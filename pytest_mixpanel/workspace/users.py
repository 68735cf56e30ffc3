"""User profiles: which, in what order, or an aggregate of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.query.build import users
from pytest_mixpanel.workspace.asking import asking, building
from pytest_mixpanel.workspace.connection import Connection
from pytest_mixpanel.workspace.pages import pages_in_turn, pages_side_by_side

if TYPE_CHECKING:
    from pytest_mixpanel.query.results.users import UserQueryResult

MOST_WORKERS = 5


def _users(self: Users, params: Mapping[str, Any], given: Mapping[str, Any]) -> UserQueryResult:
    return self.run_user_params(
        params,
        limit=given.get("limit", 1),
        parallel=given.get("parallel", False),
        workers=given.get("workers", MOST_WORKERS),
    )


class Users:
    """``query_user`` asks, ``build_user_params`` shows what would be sent, ``run_user_params`` sends it."""

    _connection: Connection

    build_user_params = building(users.build_user_params, "The params of a user query, not sent.")
    query_user = asking(
        users.build_user_params,
        _users,
        "query_user",
        "Who are they: profiles, or an aggregate of them; ``limit=None`` fetches all.",
        "UserQueryResult",
    )

    def run_user_params(
        self,
        params: Mapping[str, Any],
        *,
        limit: int | None = 1,
        parallel: bool = False,
        workers: int = MOST_WORKERS,
    ) -> UserQueryResult:
        """Send the params of a user query as they are; pages come in order, ``parallel`` or not.

        A page that fails side by side is named in ``meta["failed_pages"]``; credentials that are refused,
        a budget that is used up, and a query or a server that fails end the whole.
        """
        from pytest_mixpanel.query.results.users import UserQueryResult

        where = {"project_id": self._connection.project_id}
        body = {**where, **params}
        if "action" in params:
            if "where" in body:
                body["selector"] = body.pop("where")
            return UserQueryResult.parse(
                self._connection.ask(endpoints.ENGAGE_STATS, shape=dict, query=where, body=body), params
            )

        def ask(page: int, session: str | None) -> dict[str, Any]:
            turn = {"page": page} if session is None else {"page": page, "session_id": session}
            told = {} if limit is None else {"limit": limit}
            answer: dict[str, Any] = self._connection.ask(
                endpoints.ENGAGE, shape=dict, query=where, body={**body, **turn, **told}
            )
            return answer

        if parallel and limit != 1:
            answer = pages_side_by_side(ask, limit, max(1, min(workers, MOST_WORKERS)))
        else:
            answer = pages_in_turn(ask, limit)
        return UserQueryResult.parse(answer, params)
