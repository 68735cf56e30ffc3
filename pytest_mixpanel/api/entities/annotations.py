"""Annotations: notes on the days of the project's charts, with tags."""

from __future__ import annotations

from pydantic import Field

from pytest_mixpanel.api.declare import Surface, delete, get, patch, post
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


class Annotations(Surface):
    @get("{S}/annotations/", names={"from_date": "fromDate", "to_date": "toDate"})
    def list_annotations(
        self, *, from_date: str | None = None, to_date: str | None = None, tags: list[int] | None = None
    ) -> list[Annotation]:
        """The annotations of a range of days, all where none is given, with any of the tags (ids)."""

    @post("{S}/annotations/")
    def create_annotation(self, params: CreateAnnotationParams) -> Annotation:
        """Write a note on a day."""

    @get("{S}/annotations/{annotation_id}/")
    def get_annotation(self, annotation_id: int) -> Annotation:
        """One annotation."""

    @patch("{S}/annotations/{annotation_id}/")
    def update_annotation(self, annotation_id: int, params: UpdateAnnotationParams) -> Annotation:
        """Change an annotation's text or tags."""

    @delete("{S}/annotations/{annotation_id}/")
    def delete_annotation(self, annotation_id: int) -> None:
        """Delete an annotation."""

    @get("{S}/annotations/tags/")
    def list_annotation_tags(self) -> list[AnnotationTag]:
        """The tags that annotations can carry."""

    @post("{S}/annotations/tags/")
    def create_annotation_tag(self, params: CreateAnnotationTagParams) -> AnnotationTag:
        """Add a tag."""
