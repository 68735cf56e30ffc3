"""Discovery: events, properties, values, saved funnels and cohorts."""

from __future__ import annotations

from typing import Any

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.engine.discovery import names as discovery
from pytest_mixpanel.engine.legacy.counts import COUNTINGS
from pytest_mixpanel.server.entities.saved import COHORTS
from pytest_mixpanel.server.members import PROJECT_ID
from pytest_mixpanel.server.messages import BadRequest, Request, Response
from pytest_mixpanel.server.reading import choice, required, whole
from pytest_mixpanel.server.routing import Routes
from pytest_mixpanel.server.served import Served

MOST_NAMES = 5_000


def _event_names(served: Served, request: Request, _: dict[str, str]) -> Response:
    return Response.json(discovery.event_names(served.store, whole(request, "limit", MOST_NAMES, MOST_NAMES)))


def _top_events(served: Served, request: Request, _: dict[str, str]) -> Response:
    kind = choice(request, "type", COUNTINGS, "general")
    found = discovery.top_events(served.store, served.now, kind, whole(request, "limit", 100))
    return Response.json({"events": found, "type": kind})


def _top_properties(served: Served, request: Request, _: dict[str, str]) -> Response:
    event = required(request, "event")
    counts = discovery.property_counts(served.store, event)
    if counts is None:
        raise BadRequest(f"event: there is no event {event!r}")
    return Response.json(counts)


def _property_values(served: Served, request: Request, _: dict[str, str]) -> Response:
    name, event = required(request, "name"), request.query.get("event")
    return Response.json(discovery.property_values(served.store, name, event, whole(request, "limit", 255)))


def _funnels(served: Served, request: Request, _: dict[str, str]) -> Response:
    return Response.json(
        [
            {"funnel_id": row["id"], "name": row["name"]}
            for row in served.saved("bookmarks")
            if row.get("type") == "funnels"
        ]
    )


def _cohorts(served: Served, request: Request, _: dict[str, str]) -> Response:
    return Response.json([_cohort(row) for row in served.saved(COHORTS)])


def _cohort(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": row["name"],
        "count": row.get("count") or 0,
        "description": row.get("description") or "",
        "created": row.get("created") or "",
        "is_visible": int(row.get("is_visible") is not False),
        "project_id": PROJECT_ID,
    }


ROUTES: Routes = {
    endpoints.EVENT_NAMES: _event_names,
    endpoints.TOP_EVENTS: _top_events,
    endpoints.TOP_PROPERTIES: _top_properties,
    endpoints.PROPERTY_VALUES: _property_values,
    endpoints.FUNNELS: _funnels,
    endpoints.COHORTS: _cohorts,
}
