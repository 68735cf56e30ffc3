"""The older query calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.engine.calendar import local_moment
from pytest_mixpanel.engine.legacy import activity, counts, numbers, returns
from pytest_mixpanel.engine.legacy.span import Span
from pytest_mixpanel.server.messages import BadRequest, Request, Response
from pytest_mixpanel.server.reading import choice, day, day_of, names, names_of, required, whole
from pytest_mixpanel.server.routing import Routes
from pytest_mixpanel.server.served import Served

UNITS = ("hour", "day", "week", "month")
MOST_SEGMENTS = 10_000
MOST_INTERVALS = 90
LOOK_BACK = timedelta(days=30)
"""Of an activity feed that names no first day."""


def _span(served: Served, request: Request, units: Sequence[str] = UNITS) -> Span:
    unit: Any = choice(request, "unit", units, "day")
    return Span(served.store, day(request, "from_date"), day(request, "to_date"), unit, served.now)


def _segmentation(served: Served, request: Request, _: dict[str, str]) -> Response:
    counting = choice(request, "type", counts.COUNTINGS, "general")
    limit = whole(request, "limit", 60, MOST_SEGMENTS)
    on, where = request.query.get("on"), request.query.get("where")
    span = _span(served, request)
    return Response.json(counts.segmentation(span, required(request, "event"), counting, on, where, limit))


def _numeric(served: Served, request: Request, _: dict[str, str]) -> Response:
    counting = choice(request, "type", counts.COUNTINGS, "general")
    span = _span(served, request, ("hour", "day"))
    event, on = required(request, "event"), required(request, "on")
    return Response.json(counts.numeric_buckets(span, event, on, counting, request.query.get("where")))


def _sum(served: Served, request: Request, _: dict[str, str]) -> Response:
    span = _span(served, request, ("hour", "day"))
    event, on = required(request, "event"), required(request, "on")
    found = numbers.sums(span, event, on, request.query.get("where"))
    return Response.json({"status": "ok", "computed_at": served.now.isoformat(), "results": found})


def _average(served: Served, request: Request, _: dict[str, str]) -> Response:
    span = _span(served, request, ("hour", "day"))
    event, on = required(request, "event"), required(request, "on")
    found = numbers.averages(span, event, on, request.query.get("where"))
    return Response.json({"status": "ok", "results": found})


def _event_counts(served: Served, request: Request, _: dict[str, str]) -> Response:
    counting = choice(request, "type", counts.COUNTINGS, "general")
    return Response.json(counts.event_counts(_span(served, request), names(request, "event"), counting))


def _property_counts(served: Served, request: Request, _: dict[str, str]) -> Response:
    counting = choice(request, "type", counts.COUNTINGS, "general")
    event, name = required(request, "event"), required(request, "name")
    wanted = names(request, "values") if "values" in request.query else None
    limit = whole(request, "limit", 255, MOST_SEGMENTS)
    found = counts.property_counts(_span(served, request), event, name, counting, wanted, limit)
    return Response.json(found)


def retention(served: Served, request: Request) -> Response:
    """Retention of two events; a saved report is asked for by its ``bookmark_id`` instead."""
    if "on" in request.query:
        raise BadRequest("on: retention by segment is served at /insights only")
    days = whole(request, "interval", 1)
    if not 1 <= days <= MOST_INTERVALS:
        raise BadRequest(f"interval: should be 1 to {MOST_INTERVALS} days")
    span = _span(served, request, ("day", "week", "month"))
    columns = whole(request, "interval_count", 1, MOST_INTERVALS) + 1  # the 0th follows the birth at once
    asked = returns.Retention(
        born=request.query.get("born_event") or returns.ANY_EVENT,
        back=request.query.get("event") or returns.ANY_EVENT,
        born_where=request.query.get("born_where"),
        back_where=request.query.get("where"),
        first_time=choice(request, "retention_type", ("birth", "compounded"), "birth") == "birth",
        columns=columns,
        days=days if "interval" in request.query and days > 1 else None,
        unbounded=request.query.get("unbounded_retention") == "true",
    )
    return Response.json(returns.retention(asked, span))


def _frequency(served: Served, request: Request, _: dict[str, str]) -> Response:
    inner = choice(request, "addiction_unit", ("hour", "day"), "hour")
    span = _span(served, request, ("day", "week", "month"))
    found = returns.frequency(span, inner, request.query.get("event"), request.query.get("where"))
    return Response.json({"data": found})


def _activity(served: Served, request: Request, _: dict[str, str]) -> Response:
    """The public form: days and ids in the query."""
    ids = names(request, "distinct_ids")
    return _feed(served, ids, day(request, "from_date"), day(request, "to_date"), {})


def _activity_of_range(served: Served, request: Request, _: dict[str, str]) -> Response:
    """The form of reports: a date range like theirs, in the body."""
    body = request.body
    if not isinstance(body, dict):
        raise BadRequest("the body should be an object")
    ids = body.get("distinct_ids")
    if isinstance(ids, str):
        ids = names_of(ids, "distinct_ids")
    if not isinstance(ids, list):
        raise BadRequest("distinct_ids: should be a list of ids")
    bookmark = body.get("bookmark")
    span = bookmark.get("dateRange") if isinstance(bookmark, dict) else None
    first, last = _range(span or {}, local_moment(served.now, served.store.time_zone).date())
    return _feed(served, list(map(str, ids)), first, last, {"sentinel_event": None})


def _range(span: dict[str, Any], today: date) -> tuple[date, date]:
    kind = span.get("type", "relative_after")
    if kind == "between":
        return day_of(span.get("from"), "from"), day_of(span.get("to"), "to")
    if kind == "since":
        return day_of(span.get("from"), "from"), today
    window = span.get("window") or {}
    if kind != "relative_after" or window.get("unit", "day") != "day":
        raise BadRequest(f"dateRange: {span} is no range that is served here")
    value = window.get("value", LOOK_BACK.days)
    if not isinstance(value, int) or not 0 <= value <= 36_600:
        raise BadRequest("dateRange.window.value: should be a number of days")
    return today - timedelta(days=value), today


def _feed(served: Served, ids: list[str], first: date, last: date, more: dict[str, Any]) -> Response:
    events = activity.activity(served.store, ids, first, last, served.now)
    return Response.json({"status": "ok", "results": {"events": events, **more}})


ROUTES: Routes = {
    endpoints.SEGMENTATION: _segmentation,
    endpoints.SEGMENTATION_NUMERIC: _numeric,
    endpoints.SEGMENTATION_SUM: _sum,
    endpoints.SEGMENTATION_AVERAGE: _average,
    endpoints.EVENT_COUNTS: _event_counts,
    endpoints.PROPERTY_COUNTS: _property_counts,
    endpoints.FREQUENCY: _frequency,
    endpoints.ACTIVITY: _activity_of_range,
    endpoints.ACTIVITY_BY_DATES: _activity,
}
