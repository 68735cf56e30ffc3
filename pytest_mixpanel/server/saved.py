"""Saved reports, run: by the routes of their kind, in the shapes of these routes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.engine.legacy.funnels import saved_funnel
from pytest_mixpanel.query.parse.params import parse
from pytest_mixpanel.query.plan.funnels import FunnelPlan
from pytest_mixpanel.query.plan.times import Range
from pytest_mixpanel.server import legacy
from pytest_mixpanel.server.entities.saved import saved_in
from pytest_mixpanel.server.messages import BadRequest, Request, Response
from pytest_mixpanel.server.reading import choice, day, required
from pytest_mixpanel.server.routing import Routes
from pytest_mixpanel.server.served import Served


def _report(served: Served, request: Request, _: dict[str, str]) -> Response:
    return Response.json(_answered(served, request))


def _retention(served: Served, request: Request, _: dict[str, str]) -> Response:
    if "bookmark_id" not in request.query:
        return legacy.retention(served, request)
    answered = _answered(served, request)
    block: dict[str, Any] = next(iter(answered["series"].values()), {})
    cohorts = block.get("$overall", block)
    return Response.json(
        {
            label[:10]: {"first": cohort["first"], "counts": cohort["counts"]}
            for label, cohort in cohorts.items()
            if not label.startswith("$")
        }
    )


def _funnels(served: Served, request: Request, _: dict[str, str]) -> Response:
    """A saved funnel on other days, by day, week or month."""
    plan = parse(_params(served, request, "funnel_id"), saved_in(served.entities))
    if not isinstance(plan, FunnelPlan):
        raise BadRequest(f"funnel_id: report {request.query['funnel_id']} is no funnel")
    unit: Any = choice(request, "unit", ("day", "week", "month"), "day")
    first, last = day(request, "from_date"), day(request, "to_date")
    if last < first:
        raise BadRequest(f"to_date: {last} is before from_date, {first}")
    dated = replace(plan, range=Range(unit, first, last), trends=True)
    return Response.json(saved_funnel(dated, request.query.get("on"), served.store, served.now))


def _answered(served: Served, request: Request) -> dict[str, Any]:
    params = _params(served, request, "bookmark_id")
    return answer(params, served.store, served.now, saved_in(served.entities))


def _params(served: Served, request: Request, name: str) -> dict[str, Any]:
    number = required(request, name)
    row = served.one_saved("bookmarks", number)
    if row is None:
        raise BadRequest(f"{name}: there is no report {number}", 404)
    params: dict[str, Any] = row.get("params") or {}
    return params


ROUTES: Routes = {
    endpoints.SAVED_REPORT: _report,
    endpoints.SAVED_FLOWS: _report,
    endpoints.RETENTION: _retention,
    endpoints.FUNNEL: _funnels,
}
