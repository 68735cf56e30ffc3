"""Cohorts: saved groups of users, by what they did and who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_mixpanel.api.declare import Surface, delete, get, patch, post

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.cohorts import (
        BulkUpdateCohortEntry,
        Cohort,
        CreateCohortParams,
        UpdateCohortParams,
    )


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
