"""Cohorts: saved groups of users, by what they did and who they are."""

from __future__ import annotations

from typing import Any

from pydantic import Field

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
