"""Experiments: a hypothesis, its variants and metrics, and what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_mixpanel.api.declare import Surface, delete, get, patch, post, put

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.experiments import (
        CreateExperimentParams,
        DuplicateExperimentParams,
        Experiment,
        ExperimentConcludeParams,
        ExperimentDecideParams,
        UpdateExperimentParams,
    )


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
