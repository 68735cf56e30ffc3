"""Saved cohorts. A definition is kept as its keys, as it travels; queries refer to it by the cohort's id."""

from __future__ import annotations

from typing import Any

from pytest_mixpanel.api.entities.cohorts import BulkUpdateCohortEntry, CreateCohortParams, UpdateCohortParams
from pytest_mixpanel.api.model import Params
from pytest_mixpanel.api.surfaces.cohorts import Cohorts
from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.selection.cohorts import members
from pytest_mixpanel.query.parse.node import Node
from pytest_mixpanel.query.parse.parts import cohort_reference
from pytest_mixpanel.server.entities.asked import USER, Asked, Kind, Routes
from pytest_mixpanel.server.entities.cards import BOOKMARK
from pytest_mixpanel.server.entities.saved import COHORTS, saved_in
from pytest_mixpanel.server.entities.store import Row

COHORT = Kind(COHORTS, "cohort", modified="last_edited")
DEFINITION = ("selector", "behaviors", "groups")
NEW = {
    "is_visible": True,
    "is_locked": False,
    "verified": False,
    "active_integrations": [],
    "created_by": USER,
}


def listed(asked: Asked) -> list[Row]:
    group = asked.query.get("data_group_id")
    rows = [row for row in COHORT.found(asked, asked.ids("ids")) if not row.get("deleted")]
    return [_shown(asked, row) for row in rows if group in (None, row.get("data_group_id"))]


def get(asked: Asked) -> Row:
    return _shown(asked, COHORT.one(asked, asked.path["cohort_id"]))


def create(asked: Asked) -> Row:
    made = COHORT.add(asked, {**NEW, **_given(asked, CreateCohortParams, asked.body)})
    return _counted(asked, made)


def update(asked: Asked) -> Row:
    return _change(asked, asked.path["cohort_id"], _given(asked, UpdateCohortParams, asked.body))


def delete(asked: Asked) -> None:
    COHORT.remove(asked, asked.path["cohort_id"])


def delete_all(asked: Asked) -> Row:
    for id in asked.listed_ids("cohort_ids", COHORT):
        COHORT.remove(asked, id)
    return {}


def update_all(asked: Asked) -> Row:
    for entry in asked.objects("cohorts"):
        changes = _given(asked, BulkUpdateCohortEntry, entry)
        _change(asked, changes.pop("id"), changes)
    return {}


def size(asked: Asked, id: int) -> int | None:
    """How many users a cohort has now, ``None`` where the engine cannot read its definition."""
    try:
        cohort = cohort_reference(Node({"id": id}, "cohort", saved_in(asked.entities)))
        return int(members(asked.events, cohort, asked.now).sum())
    except ParamValidationError:
        return None


def _given(asked: Asked, params: type[Params], body: Row) -> Row:
    definition = {name: body[name] for name in DEFINITION if name in body}
    return {**asked.fields(params, body), **definition}


def _change(asked: Asked, id: str | int, changes: Row) -> Row:
    return _counted(asked, COHORT.change(asked, id, changes))


def _counted(asked: Asked, row: Row) -> Row:
    counted = {**row, "count": size(asked, row["id"])}
    asked.entities.collection(COHORTS).rows[str(row["id"])] = counted
    return _shown(asked, counted)


def _shown(asked: Asked, row: Row) -> Row:
    """A cohort with the reports that refer to it."""
    using = [report["id"] for report in BOOKMARK.all(asked) if _mentions(report.get("params"), row["id"])]
    return {**row, "referenced_by": using, "referenced_directly_by": using}


def _mentions(params: Any, cohort: int) -> bool:
    """Whether params name a cohort by its id, anywhere in them."""
    if isinstance(params, dict):
        named = params.get("cohort")
        here = isinstance(named, dict) and named.get("id") == cohort
        return here or any(_mentions(one, cohort) for one in params.values())
    return isinstance(params, list) and any(_mentions(one, cohort) for one in params)


ROUTES: Routes = {
    Cohorts.list_cohorts_full: listed,
    Cohorts.get_cohort: get,
    Cohorts.create_cohort: create,
    Cohorts.update_cohort: update,
    Cohorts.delete_cohort: delete,
    Cohorts.bulk_delete_cohorts: delete_all,
    Cohorts.bulk_update_cohorts: update_all,
}
