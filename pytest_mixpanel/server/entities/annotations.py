"""Annotations and their tags."""

from __future__ import annotations

from datetime import datetime

from pytest_mixpanel.api.entities.annotations import (
    CreateAnnotationParams,
    CreateAnnotationTagParams,
    UpdateAnnotationParams,
)
from pytest_mixpanel.api.surfaces.annotations import Annotations
from pytest_mixpanel.server.entities.asked import USER, Asked, Kind, Routes
from pytest_mixpanel.server.entities.store import Row
from pytest_mixpanel.server.members import PROJECT_ID
from pytest_mixpanel.server.messages import BadRequest

ANNOTATION = Kind("annotations", "annotation", created=None, modified=None)
TAG = Kind("annotation_tags", "annotation tag", created=None, modified=None)


def listed(asked: Asked) -> list[Row]:
    first, last = asked.query.get("fromDate", ""), asked.query.get("toDate", "9")
    wanted = asked.ids("tags")
    rows = [row for row in ANNOTATION.all(asked) if first <= row["date"][:10] <= last]
    if wanted is not None:
        rows = [row for row in rows if {tag["id"] for tag in row["tags"]} & set(wanted)]
    return sorted(rows, key=lambda row: (row["date"], row["id"]))


def create(asked: Asked) -> Row:
    given = asked.read(CreateAnnotationParams)
    given.pop("user_id", None)
    row = {**given, "date": _date(given["date"]), "tags": _tags(asked, given.get("tags"))}
    user = {"id": USER["id"], "first_name": "Local", "last_name": "User"}
    return ANNOTATION.add(asked, {"project_id": PROJECT_ID, "user": user, **row})


def get(asked: Asked) -> Row:
    return ANNOTATION.one(asked, asked.path["annotation_id"])


def update(asked: Asked) -> Row:
    changes = asked.read(UpdateAnnotationParams)
    if "tags" in changes:
        changes["tags"] = _tags(asked, changes["tags"])
    return ANNOTATION.change(asked, asked.path["annotation_id"], changes)


def delete(asked: Asked) -> None:
    ANNOTATION.remove(asked, asked.path["annotation_id"])


def tags(asked: Asked) -> list[Row]:
    used = {tag["id"] for row in ANNOTATION.all(asked) for tag in row["tags"]}
    return [{**tag, "has_annotations": tag["id"] in used} for tag in TAG.all(asked)]


def create_tag(asked: Asked) -> Row:
    name = asked.read(CreateAnnotationTagParams)["name"]
    if any(tag["name"] == name for tag in TAG.all(asked)):
        raise BadRequest(f"name: there is an annotation tag {name!r} already")
    return TAG.add(asked, {"name": name, "project_id": PROJECT_ID})


def _tags(asked: Asked, ids: list[int] | None) -> list[Row]:
    return [{name: TAG.one(asked, id)[name] for name in ("id", "name")} for id in ids or []]


def _date(text: str) -> str:
    try:
        return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M:%S")
    except ValueError as error:
        raise BadRequest(f"date: should be like 2026-03-01 14:00:00, not {text!r}") from error


ROUTES: Routes = {
    Annotations.list_annotations: listed,
    Annotations.create_annotation: create,
    Annotations.get_annotation: get,
    Annotations.update_annotation: update,
    Annotations.delete_annotation: delete,
    Annotations.list_annotation_tags: tags,
    Annotations.create_annotation_tag: create_tag,
}
