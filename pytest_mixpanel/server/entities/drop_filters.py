"""Drop filters. A local project takes no new events in, so that they discard nothing."""

from __future__ import annotations

from typing import Any

from pytest_mixpanel.api.entities.drop_filters import CreateDropFilterParams, UpdateDropFilterParams
from pytest_mixpanel.api.surfaces.drop_filters import DropFilters
from pytest_mixpanel.server.entities.asked import Asked, Kind, Routes
from pytest_mixpanel.server.entities.store import Row
from pytest_mixpanel.server.messages import BadRequest

FILTER = Kind("drop_filters", "drop filter", modified=None)
MOST = 15


def listed(asked: Asked) -> list[Row]:
    return FILTER.all(asked)


def create(asked: Asked) -> list[Row]:
    given = asked.read(CreateDropFilterParams)
    if len(FILTER.all(asked)) >= MOST:
        raise BadRequest(f"a project has at most {MOST} drop filters")
    row = {"eventName": given["event_name"], "filters": _filters(given["filters"]), "active": True}
    FILTER.add(asked, row)
    return FILTER.all(asked)


def update(asked: Asked) -> list[Row]:
    given = asked.read(UpdateDropFilterParams)
    changes = {"eventName": given.get("event_name"), "active": given.get("active")}
    if given.get("filters") is not None:
        changes["filters"] = _filters(given["filters"])
    FILTER.change(asked, given["id"], {name: value for name, value in changes.items() if value is not None})
    return FILTER.all(asked)


def delete(asked: Asked) -> list[Row]:
    FILTER.remove(asked, asked.body.get("id", ""))
    return FILTER.all(asked)


def limits(_: Asked) -> Row:
    return {"filterLimit": MOST}


def _filters(given: Any) -> list[Any]:
    found = given if isinstance(given, list) else [given]
    if not found or not all(isinstance(one, dict) and one for one in found):
        raise BadRequest("filters: a drop filter needs a condition on a property")
    return found


ROUTES: Routes = {
    DropFilters.list_drop_filters: listed,
    DropFilters.create_drop_filter: create,
    DropFilters.update_drop_filter: update,
    DropFilters.delete_drop_filter: delete,
    DropFilters.get_drop_filter_limits: limits,
}
