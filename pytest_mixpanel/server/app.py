"""The Mixpanel HTTP API over one project: a function from request to response."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from pytest_mixpanel.api import endpoints, members
from pytest_mixpanel.api.endpoint import Endpoint
from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine import discovery
from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.engine.export import export_events
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.users import answer_users
from pytest_mixpanel.server import entities, members as people
from pytest_mixpanel.server.entities.lookup_tables import receive
from pytest_mixpanel.server.entities.saved import saved_in
from pytest_mixpanel.server.entities.store import EntityStore
from pytest_mixpanel.server.governed import Governed
from pytest_mixpanel.server.messages import BadRequest, Request, Response

Handler = Callable[["Server", Request, dict[str, str]], Response]
BLOCK_BYTES = 1 << 16


class Server:
    """Answers requests from a store, as seen at ``now``.

    ``entities`` are what was made in the project, ``name`` is what it is called.
    """

    def __init__(
        self, store: Store, now: datetime, entities: EntityStore | None = None, name: str = "local"
    ) -> None:
        self.name = name
        self.now = now
        self.entities = entities or EntityStore()
        self._governed = Governed(store, self.entities)

    @property
    def store(self) -> Store:
        """The events as queries see them."""
        return self._governed.store

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
        answered = receive(self.entities, request) or entities.handle(self, request)
        return answered or Response.error(f"Not found: {request.verb} {request.path}", 404)


def _query(server: Server, request: Request, _: dict[str, str]) -> Response:
    body = request.body if isinstance(request.body, dict) else {}
    params = body.get("bookmark")
    if not isinstance(params, dict):
        raise BadRequest("bookmark: the body should hold the query's params")
    return Response.json(answer(params, server.store, server.now, saved_in(server.entities)))


def _users(server: Server, request: Request, _: dict[str, str]) -> Response:
    if not isinstance(request.body, dict):
        raise BadRequest("the body should hold the query's params")
    saved = saved_in(server.entities)
    return Response.json(answer_users(request.body, server.store, server.now, saved))


def _event_names(server: Server, request: Request, _: dict[str, str]) -> Response:
    return Response.json(discovery.event_names(server.store, _limit(request, 5_000)))


def _top_events(server: Server, request: Request, _: dict[str, str]) -> Response:
    kind = request.query.get("type", "general")
    found = discovery.top_events(server.store, server.now, kind, _limit(request, 100))
    return Response.json({"events": found, "type": kind})


def _top_properties(server: Server, request: Request, _: dict[str, str]) -> Response:
    event = _required(request, "event")
    counts = discovery.property_counts(server.store, event)
    if counts is None:
        raise BadRequest(f"event: there is no event {event!r}")
    return Response.json(counts)


def _property_values(server: Server, request: Request, _: dict[str, str]) -> Response:
    name = _required(request, "name")
    event = request.query.get("event")
    return Response.json(discovery.property_values(server.store, name, event, _limit(request, 255)))


def _me(server: Server, _: Request, __: dict[str, str]) -> Response:
    return Response.json({"status": "ok", "results": people.me(server.name, server.store.time_zone)})


def _workspaces(_: Server, __: Request, parameters: dict[str, str]) -> Response:
    if parameters["project_id"] != str(people.PROJECT_ID):
        raise BadRequest(f"there is no project {parameters['project_id']}", 404)
    return Response.json({"status": "ok", "results": [people.workspace()]})


def _index(server: Server, _: Request, __: dict[str, str]) -> Response:
    return Response.json({"status": "ok", "results": people.index(server.name)})


def _export(server: Server, request: Request, _: dict[str, str]) -> Response:
    named = request.query.get("event")
    limit = request.query.get("limit")
    rows = export_events(
        server.store,
        _day(request, "from_date"),
        _day(request, "to_date"),
        server.now,
        _names(named) if named is not None else None,
        int(limit) if limit else None,
    )
    in_ms = request.query.get("time_in_ms") == "true"
    lines = (json.dumps(row if in_ms else _in_seconds(row)).encode() + b"\n" for row in rows)
    return Response.streamed(_blocks(lines), "text/plain")


def _blocks(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Lines joined to blocks of a size worth sending."""
    block, size = [], 0
    for line in lines:
        block.append(line)
        size += len(line)
        if size >= BLOCK_BYTES:
            yield b"".join(block)
            block, size = [], 0
    if block:
        yield b"".join(block)


def _in_seconds(row: dict[str, Any]) -> dict[str, Any]:
    row["properties"]["time"] //= 1000
    return row


def _names(text: str) -> list[str]:
    try:
        names = json.loads(text)
    except ValueError as error:
        raise BadRequest(f"event: should be a JSON list of names: {error}") from error
    if not isinstance(names, list):
        raise BadRequest("event: should be a JSON list of names")
    return [str(name) for name in names]


def _required(request: Request, name: str) -> str:
    if name not in request.query:
        raise BadRequest(f"{name}: missing")
    return request.query[name]


def _day(request: Request, name: str) -> date:
    try:
        return date.fromisoformat(_required(request, name))
    except ValueError as error:
        raise BadRequest(f"{name}: should be a day like 2026-03-01") from error


def _limit(request: Request, default: int) -> int:
    text = request.query.get("limit")
    if text is None:
        return default
    if not text.isdecimal():
        raise BadRequest(f"limit: should be a whole number, not {text!r}")
    return int(text)


ROUTES: dict[Endpoint, Handler] = {
    endpoints.INSIGHTS: _query,
    endpoints.FLOWS: _query,
    endpoints.ENGAGE: _users,
    endpoints.ENGAGE_STATS: _users,
    endpoints.EVENT_NAMES: _event_names,
    endpoints.TOP_EVENTS: _top_events,
    endpoints.TOP_PROPERTIES: _top_properties,
    endpoints.PROPERTY_VALUES: _property_values,
    endpoints.WORKSPACES: _workspaces,
    endpoints.METADATA: _index,
    members.ME: _me,
    endpoints.EXPORT: _export,
}
