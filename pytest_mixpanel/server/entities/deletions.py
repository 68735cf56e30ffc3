"""Deletion requests: what they name is gone from queries at once, and back when they are cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pytest_mixpanel.api.entities.deletions import CreateDeletionRequestParams, PreviewDeletionFiltersParams
from pytest_mixpanel.api.surfaces.deletions import DeletionRequests
from pytest_mixpanel.engine.store.without import Deletion, deleted
from pytest_mixpanel.server.entities.asked import USER, Asked, Kind, Routes
from pytest_mixpanel.server.entities.store import EntityStore, Row
from pytest_mixpanel.server.messages import BadRequest

REQUEST = Kind("deletion_requests", "deletion request", modified=None)
LONGEST_DAYS = 180
MOST_A_MONTH = 10


def pending(entities: EntityStore) -> tuple[Deletion, ...]:
    """What queries must not see."""
    rows = entities.collection(REQUEST.collection).rows.values()
    return tuple(_deletion(row) for row in rows)


def listed(asked: Asked) -> list[Row]:
    return REQUEST.all(asked)


def create(asked: Asked) -> list[Row]:
    given = asked.read(CreateDeletionRequestParams)
    count = _count(asked, given)
    if not count:
        raise BadRequest("no event matches the request")
    month = asked.moment[:7]
    if sum(row["created"][:7] == month for row in REQUEST.all(asked)) >= MOST_A_MONTH:
        raise BadRequest(f"a project may make {MOST_A_MONTH} deletion requests a month")
    told = {"status": "Submitted", "deletedEventsCount": count, "requestingUser": USER}
    REQUEST.add(asked, {**given, "displayName": given["eventName"], **told})
    return REQUEST.all(asked)


def cancel(asked: Asked) -> list[Row]:
    number = asked.body.get("id")
    if not any(row["id"] == number for row in REQUEST.all(asked)):
        raise BadRequest(f"there is no deletion request {number}")
    REQUEST.remove(asked, str(number))
    return REQUEST.all(asked)


def preview(asked: Asked) -> list[Row]:
    given = asked.read(PreviewDeletionFiltersParams)
    return [{**given, "count": _count(asked, given)}]


def _count(asked: Asked, given: Mapping[str, Any]) -> int:
    """How many events a request names; refuses ranges that the service refuses, and filters."""
    if given.get("filters"):
        raise BadRequest("filters: a local project deletes whole events only")
    try:
        wanted = _deletion(given)
    except ValueError as error:
        raise BadRequest("fromDate, toDate: should be days like 2026-03-01") from error
    today = asked.now.astimezone(ZoneInfo(asked.events.time_zone)).date()
    if wanted.first >= wanted.last:
        raise BadRequest("fromDate: should lie before toDate")
    if wanted.first < today - timedelta(days=LONGEST_DAYS) or wanted.last > today:
        raise BadRequest(f"the range should lie within the last {LONGEST_DAYS} days")
    return int(deleted(asked.events, (wanted,)).sum())


def _deletion(row: Mapping[str, Any]) -> Deletion:
    first, last = (date.fromisoformat(str(row[name])[:10]) for name in ("fromDate", "toDate"))
    return Deletion(row["eventName"], first, last)


ROUTES: Routes = {
    DeletionRequests.list_deletion_requests: listed,
    DeletionRequests.create_deletion_request: create,
    DeletionRequests.cancel_deletion_request: cancel,
    DeletionRequests.preview_deletion_filters: preview,
}
