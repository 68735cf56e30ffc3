"""Annotations: notes on the days of the project's charts, with tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_mixpanel.api.declare import Surface, delete, get, patch, post

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.annotations import (
        Annotation,
        AnnotationTag,
        CreateAnnotationParams,
        CreateAnnotationTagParams,
        UpdateAnnotationParams,
    )


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
