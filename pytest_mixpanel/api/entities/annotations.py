"""Annotations: notes on the days of the project's charts, with tags."""

from __future__ import annotations

from pydantic import Field

from pytest_mixpanel.api.model import Entity, Params


class AnnotationUser(Entity):
    id: int
    first_name: str
    last_name: str


class AnnotationTag(Entity):
    id: int
    name: str
    project_id: int | None = None
    has_annotations: bool | None = None


class Annotation(Entity):
    """A note; ``date`` is written as ``2026-03-01 00:00:00``."""

    id: int
    project_id: int
    date: str
    description: str
    user: AnnotationUser | None = None
    tags: list[AnnotationTag] = Field(default_factory=list)


class CreateAnnotationParams(Params):
    """``date`` is ``2026-03-01`` or ``2026-03-01 14:00:00``; ``tags`` are ids."""

    date: str
    description: str = Field(max_length=512)
    tags: list[int] | None = None
    user_id: int | None = None


class UpdateAnnotationParams(Params):
    """The date of an annotation cannot be changed."""

    description: str | None = Field(default=None, max_length=512)
    tags: list[int] | None = None


class CreateAnnotationTagParams(Params):
    name: str
