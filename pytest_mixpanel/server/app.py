"""The Mixpanel HTTP API over one project: a function from request to response."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.server import members as people
from pytest_mixpanel.server.messages import BadRequest, Request, Response
from pytest_mixpanel.server.routing import Routes
from pytest_mixpanel.server.served import Served


class Server(Served):
    """Answers requests from a project."""

    def handle(self, request: Request) -> Response:
        """Answer a request; an error of the caller's is a 4xx with the service's wording."""
        try:
            return self._route(request)
        except BadRequest as error:
            return Response.error(str(error), error.status)
        except ParamValidationError as error:
            return Response.error(str(error))

    def _route(self, request: Request) -> Response:
        for routes in _rooms():
            for endpoint, handler in routes.items():
                parameters = endpoint.match(request.verb, request.path)
                if parameters is not None:
                    return handler(self, request, parameters)
        from pytest_mixpanel.server.entities import serving
        from pytest_mixpanel.server.entities.lookup_tables import receive

        answered = receive(self.entities, request) or serving.handle(self, request)
        return answered or Response.error(f"Not found: {request.verb} {request.path}", 404)


def _query(served: Served, request: Request, _: dict[str, str]) -> Response:
    body = request.body if isinstance(request.body, dict) else {}
    params = body.get("bookmark")
    if not isinstance(params, dict):
        raise BadRequest("bookmark: the body should hold the query's params")
    return Response.json(answer(params, served.store, served.now, served.known()))


def _users(served: Served, request: Request, _: dict[str, str]) -> Response:
    if not isinstance(request.body, dict):
        raise BadRequest("the body should hold the query's params")
    from pytest_mixpanel.engine.users import answer_users  # which loads the language of formulas

    return Response.json(answer_users(request.body, served.store, served.now, served.known()))


def _me(served: Served, _: Request, __: dict[str, str]) -> Response:
    return Response.json({"status": "ok", "results": people.me(served.name, served.store.time_zone)})


def _workspaces(_: Served, __: Request, parameters: dict[str, str]) -> Response:
    if parameters["project_id"] != str(people.PROJECT_ID):
        raise BadRequest(f"there is no project {parameters['project_id']}", 404)
    return Response.json({"status": "ok", "results": [people.workspace()]})


def _index(served: Served, _: Request, __: dict[str, str]) -> Response:
    return Response.json({"status": "ok", "results": people.index(served.name)})


ROUTES: Routes = {
    endpoints.INSIGHTS: _query,
    endpoints.FLOWS: _query,
    endpoints.ENGAGE: _users,
    endpoints.ENGAGE_OLD: _users,
    endpoints.ENGAGE_STATS: _users,
    endpoints.WORKSPACES: _workspaces,
    endpoints.METADATA: _index,
    endpoints.ME: _me,
}


def _rooms() -> Iterator[Routes]:
    """Who answers what; a room is loaded when none before it serves a request, so that no query waits for it.

    After these come the entities, which load their models.
    """
    yield ROUTES
    from pytest_mixpanel.server import discovery

    yield discovery.ROUTES
    from pytest_mixpanel.server import export, legacy, saved

    yield from (legacy.ROUTES, saved.ROUTES, export.ROUTES)
