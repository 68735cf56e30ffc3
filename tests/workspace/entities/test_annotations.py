"""The life of an annotation."""

from __future__ import annotations

import pytest

from pytest_mixpanel import QueryError, Workspace
from pytest_mixpanel.api.entities.annotations import (
    CreateAnnotationParams,
    CreateAnnotationTagParams,
    UpdateAnnotationParams,
)


def test_an_annotation_is_made_found_changed_and_deleted(ws: Workspace) -> None:
    tag = ws.create_annotation_tag(CreateAnnotationTagParams(name="release"))
    made = ws.create_annotation(
        CreateAnnotationParams(date="2026-03-02", description="4.2 is out", tags=[tag.id])
    )
    assert (made.date, [one.name for one in made.tags]) == ("2026-03-02 00:00:00", ["release"])
    assert ws.get_annotation(made.id) == made
    assert ws.list_annotations() == [made]
    assert [one.has_annotations for one in ws.list_annotation_tags()] == [True]

    changed = ws.update_annotation(made.id, UpdateAnnotationParams(description="4.2 is back", tags=[]))
    assert (changed.id, changed.description, changed.tags) == (made.id, "4.2 is back", [])
    assert changed.date == made.date

    ws.delete_annotation(made.id)
    assert ws.list_annotations() == []
    with pytest.raises(QueryError, match="there is no annotation 1") as gone:
        ws.get_annotation(made.id)
    assert gone.value.status_code == 404


def test_annotations_are_found_by_day_and_tag(ws: Workspace) -> None:
    tags = [ws.create_annotation_tag(CreateAnnotationTagParams(name=name)).id for name in ("a", "b")]
    for day, tag in (("2026-03-03", tags[0]), ("2026-03-01 23:59:59", tags[1])):
        ws.create_annotation(CreateAnnotationParams(date=day, description=day, tags=[tag]))

    def found(**wanted: object) -> list[str]:
        return [one.description for one in ws.list_annotations(**wanted)]  # type: ignore[arg-type]  # any of its arguments

    assert found() == ["2026-03-01 23:59:59", "2026-03-03"]
    assert found(from_date="2026-03-02") == ["2026-03-03"]
    assert found(to_date="2026-03-01") == ["2026-03-01 23:59:59"]
    assert found(tags=tags[:1]) == ["2026-03-03"]
    assert found(tags=tags) == found()


def test_what_does_not_fit_is_refused(ws: Workspace) -> None:
    with pytest.raises(QueryError, match="date: should be like"):
        ws.create_annotation(CreateAnnotationParams(date="March", description="x"))
    with pytest.raises(QueryError, match="no annotation tag 9"):
        ws.create_annotation(CreateAnnotationParams(date="2026-03-01", description="x", tags=[9]))
    ws.create_annotation_tag(CreateAnnotationTagParams(name="release"))
    with pytest.raises(QueryError, match="'release' already"):
        ws.create_annotation_tag(CreateAnnotationTagParams(name="release"))
    assert ws.list_annotations() == []
