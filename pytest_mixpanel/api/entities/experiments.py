"""Experiments: a hypothesis, its variants and metrics, and what was decided."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pytest_mixpanel.api.model import Entity, Params


class ExperimentStatus(StrEnum):
    """``draft`` → ``active`` → ``concluded`` → ``success`` or ``fail``."""

    DRAFT = "draft"
    ACTIVE = "active"
    CONCLUDED = "concluded"
    SUCCESS = "success"
    FAIL = "fail"


class ExperimentCreator(Entity):
    id: int | None = None
    first_name: str | None = None
    last_name: str | None = None


class Experiment(Entity):
    id: str
    name: str
    description: str | None = None
    hypothesis: str | None = None
    status: ExperimentStatus | None = None
    variants: list[Any] | dict[str, Any] | None = None
    metrics: list[Any] | dict[str, Any] | None = None
    settings: dict[str, Any] | None = None
    exposures_cache: dict[str, Any] | None = None
    results_cache: dict[str, Any] | None = None
    start_date: str | None = None
    end_date: str | None = None
    created: str | None = None
    updated: str | None = None
    creator: ExperimentCreator | None = None
    feature_flag: dict[str, Any] | None = None
    is_favorited: bool | None = None
    pinned_date: str | None = None
    tags: list[str] | None = None
    can_edit: bool | None = None
    last_modified_by_id: int | None = None
    last_modified_by_name: str | None = None
    last_modified_by_email: str | None = None


class CreateExperimentParams(Params):
    name: str
    description: str | None = None
    hypothesis: str | None = None
    settings: dict[str, Any] | None = None
    access_type: str | None = None
    can_edit: bool | None = None


class UpdateExperimentParams(Params):
    name: str | None = None
    description: str | None = None
    hypothesis: str | None = None
    variants: list[Any] | dict[str, Any] | None = None
    metrics: list[Any] | dict[str, Any] | None = None
    settings: dict[str, Any] | None = None
    start_date: str | None = None
    end_date: str | None = None
    tags: list[str] | None = None
    exposures_cache: dict[str, Any] | None = None
    results_cache: dict[str, Any] | None = None
    status: ExperimentStatus | None = None
    global_access_type: str | None = None


class ExperimentConcludeParams(Params):
    """``end_date`` defaults to now."""

    end_date: str | None = None


class ExperimentDecideParams(Params):
    """``variant`` is the key of the one that is shipped."""

    success: bool
    variant: str | None = None
    message: str | None = None


class DuplicateExperimentParams(Params):
    name: str
