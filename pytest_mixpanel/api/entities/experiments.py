"""Experiments: a hypothesis, its variants and metrics, and what was decided."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pytest_mixpanel.api.declare import Surface, delete, get, patch, post, put
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


class Experiments(Surface):
    @get("{S}/experiments/")
    def list_experiments(self, *, include_archived: bool = False) -> list[Experiment]:
        """The project's experiments, without archived ones unless they are asked for."""

    @post("{S}/experiments/")
    def create_experiment(self, params: CreateExperimentParams) -> Experiment:
        """Draft an experiment."""

    @get("{S}/experiments/{experiment_id}")
    def get_experiment(self, experiment_id: str) -> Experiment:
        """One experiment."""

    @patch("{S}/experiments/{experiment_id}")
    def update_experiment(self, experiment_id: str, params: UpdateExperimentParams) -> Experiment:
        """Change an experiment."""

    @delete("{S}/experiments/{experiment_id}")
    def delete_experiment(self, experiment_id: str) -> None:
        """Delete an experiment."""

    @put("{S}/experiments/{experiment_id}/launch")
    def launch_experiment(self, experiment_id: str) -> Experiment:
        """Start a drafted experiment; a started one is left as it is."""

    @put("{S}/experiments/{experiment_id}/force_conclude")
    def conclude_experiment(
        self, experiment_id: str, *, params: ExperimentConcludeParams | None = None
    ) -> Experiment:
        """End an active experiment; a draft is left as it is."""

    @patch("{S}/experiments/{experiment_id}/decide")
    def decide_experiment(self, experiment_id: str, params: ExperimentDecideParams) -> Experiment:
        """Say whether a concluded experiment was a success."""

    @post("{S}/experiments/{experiment_id}/archive")
    def archive_experiment(self, experiment_id: str) -> None:
        """Archive an experiment: it leaves the list."""

    @delete("{S}/experiments/{experiment_id}/archive")
    def restore_experiment(self, experiment_id: str) -> Experiment:
        """Bring an archived experiment back."""

    @post("{S}/experiments/{experiment_id}/duplicate")
    def duplicate_experiment(self, experiment_id: str, params: DuplicateExperimentParams) -> Experiment:
        """Copy an experiment as a draft under another name."""

    @get("{S}/experiments/erf/")
    def list_erf_experiments(self) -> list[dict[str, Any]]:
        """The experiments with their results, as the service tells them."""
