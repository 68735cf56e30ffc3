"""The Mixpanel HTTP API over one project: a function from request to response."""

from __future__ import annotations

from datetime import datetime

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.users import answer_users
from pytest_mixpanel.query.parse.node import Saved
from pytest_mixpanel.server import discovery, export, legacy, members as people, saved
from pytest_mixpanel.server.entities.saved import saved_in
from pytest_mixpanel.server.entities.store import EntityStore, Row
from pytest_mixpanel.server.governed import Governed
from pytest_mixpanel.server.messages import BadRequest, Request, Response
from pytest_mixpanel.server.routing import Routes


class Server:
    """Answers requests from a store, as seen at ``now``.

    ``entities`` are what was made in the project, ``name`` is what it is called, ``beside`` the cohorts and
    custom properties that lie beside its events.
    """

    def __init__(
        self,
        store: Store,
        now: datetime,
        entities: EntityStore | None = None,
        name: str = "local",
        beside: Saved | None = None,
    ) -> None:
        self.name = name
        self.now = now
        self.entities = entities or EntityStore()
        self.beside = beside or Saved()
        self._governed = Governed(store, self.entities)

    @property
    def store(self) -> Store:
        """The events as queries see them."""
        return self._governed.store

    def known(self) -> Saved:
        """What params may name by id: what lies beside the events, and what was made in the project."""
        return self.beside | saved_in(self.entities)

    def saved(self, collection: str) -> list[Row]:
        """What was saved of a kind and not deleted, in the order it was made."""
        return [row for row in self.entities.rows(collection) if not row.get("deleted")]

    def one_saved(self, collection: str, number: str) -> Row | None:
        """One of them by its id."""
        row = self.entities.row(collection, number)
        return None if row is None or row.get("deleted") else row

    def handle(self, request: Request) -> Response:
        """Answer a request; an error of the caller's is a 4xx with the service's wording."""
        try:
            return self._route(request)
        except BadRequest as error:
            return Response.error(str(error), error.status)
        except ParamValidationError as error:
            return Response.error(str(error))

    def _route(self, request: Request) -> Response:
        for endpoint, handler in ROUTES.items():
            parameters = endpoint.match(request.verb, request.path)
            if parameters is not None:
                return handler(self, request, parameters)
        # What serves entities loads their models, which no query needs.
        from pytest_mixpanel.server.entities import serving
        from pytest_mixpanel.server.entities.lookup_tables import receive

        answered = receive(self.entities, request) or serving.handle(self, request)
        return answered or Response.error(f"Not found: {request.verb} {request.path}", 404)


def _query(server: Server, request: Request, _: dict[str, str]) -> Response:
    body = request.body if isinstance(request.body, dict) else {}
    params = body.get("bookmark")
    if not isinstance(params, dict):
        raise BadRequest("bookmark: the body should hold the query's params")
    return Response.json(answer(params, server.store, server.now, server.known()))


def _users(server: Server, request: Request, _: dict[str, str]) -> Response:
    if not isinstance(request.body, dict):
        raise BadRequest("the body should hold the query's params")
    return Response.json(answer_users(request.body, server.store, server.now, server.known()))


def _me(server: Server, _: Request, __: dict[str, str]) -> Response:
    return Response.json({"status": "ok", "results": people.me(server.name, server.store.time_zone)})


def _workspaces(_: Server, __: Request, parameters: dict[str, str]) -> Response:
    if parameters["project_id"] != str(people.PROJECT_ID):
        raise BadRequest(f"there is no project {parameters['project_id']}", 404)
    return Response.json({"status": "ok", "results": [people.workspace()]})


def _index(server: Server, _: Request, __: dict[str, str]) -> Response:
    return Response.json({"status": "ok", "results": people.index(server.name)})


ROUTES: Routes = {
    endpoints.INSIGHTS: _query,
    endpoints.FLOWS: _query,
    endpoints.ENGAGE: _users,
    endpoints.ENGAGE_OLD: _users,
    endpoints.ENGAGE_STATS: _users,
    endpoints.WORKSPACES: _workspaces,
    endpoints.METADATA: _index,
    endpoints.ME: _me,
    **discovery.ROUTES,
    **legacy.ROUTES,
    **saved.ROUTES,
    **export.ROUTES,
}
