"""Requests for entities: each declared method, and what serves it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.api.declare import Call, Declaration, declaration_of
from pytest_mixpanel.api.endpoint import Endpoint
from pytest_mixpanel.server.entities.alerts import ROUTES as ALERTS
from pytest_mixpanel.server.entities.annotations import ROUTES as ANNOTATIONS
from pytest_mixpanel.server.entities.asked import Asked, Handler, Routes
from pytest_mixpanel.server.entities.audits import ROUTES as AUDITS
from pytest_mixpanel.server.entities.blueprints import ROUTES as BLUEPRINTS
from pytest_mixpanel.server.entities.bookmarks import ROUTES as BOOKMARKS
from pytest_mixpanel.server.entities.business_context import ROUTES as BUSINESS_CONTEXT
from pytest_mixpanel.server.entities.cohorts import ROUTES as COHORTS
from pytest_mixpanel.server.entities.custom_events import ROUTES as CUSTOM_EVENTS
from pytest_mixpanel.server.entities.custom_properties import ROUTES as CUSTOM_PROPERTIES
from pytest_mixpanel.server.entities.dashboards import ROUTES as DASHBOARDS
from pytest_mixpanel.server.entities.definitions import ROUTES as DEFINITIONS
from pytest_mixpanel.server.entities.deletions import ROUTES as DELETIONS
from pytest_mixpanel.server.entities.drop_filters import ROUTES as DROP_FILTERS
from pytest_mixpanel.server.entities.experiments import ROUTES as EXPERIMENTS
from pytest_mixpanel.server.entities.feature_flags import ROUTES as FEATURE_FLAGS
from pytest_mixpanel.server.entities.lexicon_tags import ROUTES as LEXICON_TAGS
from pytest_mixpanel.server.entities.lookup_tables import ROUTES as LOOKUP_TABLES
from pytest_mixpanel.server.entities.schema_enforcement import ROUTES as SCHEMA_ENFORCEMENT
from pytest_mixpanel.server.entities.schemas import ROUTES as SCHEMAS
from pytest_mixpanel.server.entities.store import EntityStore
from pytest_mixpanel.server.entities.webhooks import ROUTES as WEBHOOKS
from pytest_mixpanel.server.members import WORKSPACE_ID
from pytest_mixpanel.server.messages import BadRequest, Request, Response
from pytest_mixpanel.server.served import Served

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_mixpanel.engine.store.store import Store

PARTS: tuple[Routes, ...] = (
    ALERTS,
    ANNOTATIONS,
    AUDITS,
    BLUEPRINTS,
    BOOKMARKS,
    COHORTS,
    BUSINESS_CONTEXT,
    CUSTOM_EVENTS,
    CUSTOM_PROPERTIES,
    DASHBOARDS,
    DEFINITIONS,
    DELETIONS,
    DROP_FILTERS,
    EXPERIMENTS,
    FEATURE_FLAGS,
    LEXICON_TAGS,
    LOOKUP_TABLES,
    SCHEMAS,
    SCHEMA_ENFORCEMENT,
    WEBHOOKS,
)
"""What each module serves: declared methods and their handlers."""


def handle(served: Served, request: Request) -> Response | None:
    """Answer a request for an entity; ``None`` where it is for something else."""
    for declaration, handler in routes():
        path = declaration.endpoint.match(request.verb, request.path)
        if path is None:
            continue
        if path.get("workspace_id", str(WORKSPACE_ID)) != str(WORKSPACE_ID):
            raise BadRequest(f"there is no workspace {path['workspace_id']}", 404)
        asked = Asked(request, path, served.entities, served.store, served.now)
        with served.entities.transaction(writes=declaration.writes):
            return _response(handler(asked))
    return None


def perform(call: Call, entities: EntityStore, events: Store, now: datetime) -> None:
    """Do what a call asks for, at a moment; raises ``BadRequest`` where it is refused."""
    declaration = call.declaration
    handler = dict(routes())[declaration]
    request = Request(declaration.endpoint.verb, "", {}, call.body)
    handler(Asked(request, {name: str(value) for name, value in call.path.items()}, entities, events, now))


@cache
def routes() -> tuple[tuple[Declaration, Handler], ...]:
    """Every declaration with its handler; fewer parameters first (``tags/`` before an id)."""
    served: Routes = {}
    for part in PARTS:
        served.update(part)
    found = [(declaration_of(method), handler) for method, handler in served.items()]
    return tuple(sorted(found, key=lambda one: _openness(one[0].endpoint)))


def _openness(endpoint: Endpoint) -> int:
    return len(endpoint.parameters)


def _response(answered: Any) -> Response:
    if isinstance(answered, Response):
        return answered
    if answered is None:
        return Response(204, b"")
    return Response.json({"status": "ok", "results": answered})
