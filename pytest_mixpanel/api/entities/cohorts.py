"""Cohorts: saved groups of users, by what they did and who they are."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from pytest_mixpanel.api.declare import Surface, delete, get, patch, post
from pytest_mixpanel.api.model import DefinitionParams, Entity


class CohortCreator(Entity):
    id: int | None = None
    name: str | None = None
    email: str | None = None


class Cohort(Entity):
    """A saved cohort; ``count`` is its size when it was last computed."""

    id: int
    name: str
    description: str | None = None
    count: int | None = None
    is_visible: bool | None = None
    is_locked: bool | None = None
    data_group_id: str | None = None
    last_edited: str | None = None
    created_by: CohortCreator | None = None
    referenced_by: list[int] | None = None
    verified: bool = False
    last_queried: str | None = None
    referenced_directly_by: list[int] = Field(default_factory=list)
    active_integrations: list[int] = Field(default_factory=list)


class CreateCohortParams(DefinitionParams):
    """``definition`` is ``CohortDefinition(...).to_dict()``, or an older one's ``{"groups": […]}``."""

    name: str
    definition: dict[str, Any] | None = None
    description: str | None = None
    data_group_id: str | None = None
    is_locked: bool | None = None
    is_visible: bool | None = None
    deleted: bool | None = None


class UpdateCohortParams(DefinitionParams):
    """``deleted=True`` hides the cohort without deleting it."""

    definition: dict[str, Any] | None = None
    name: str | None = None
    description: str | None = None
    data_group_id: str | None = None
    is_locked: bool | None = None
    is_visible: bool | None = None
    deleted: bool | None = None


class BulkUpdateCohortEntry(DefinitionParams):
    id: int
    definition: dict[str, Any] | None = None
    name: str | None = None
    description: str | None = None


class Cohorts(Surface):
    @get("{S}/cohorts")
    def list_cohorts_full(
        self, *, data_group_id: str | None = None, ids: list[int] | None = None
    ) -> list[Cohort]:
        """The saved cohorts, of one data group, or those of the ids."""

    @get("{S}/cohorts/{cohort_id}")
    def get_cohort(self, cohort_id: int) -> Cohort:
        """One saved cohort."""

    @post("{S}/cohorts")
    def create_cohort(self, params: CreateCohortParams) -> Cohort:
        """Save a cohort."""

    @patch("{S}/cohorts/{cohort_id}")
    def update_cohort(self, cohort_id: int, params: UpdateCohortParams) -> Cohort:
        """Change a cohort."""

    @delete("{S}/cohorts/{cohort_id}")
    def delete_cohort(self, cohort_id: int) -> None:
        """Delete a cohort."""

    @post("{S}/cohorts/bulk-delete", names={"ids": "cohort_ids"})
    def bulk_delete_cohorts(self, ids: list[int]) -> None:
        """Delete the cohorts of these ids."""

    @post("{S}/cohorts/bulk-update", names={"entries": "cohorts"})
    def bulk_update_cohorts(self, entries: list[BulkUpdateCohortEntry]) -> None:
        """Change several cohorts, each by its id."""
