"""Blueprints: dashboards made from a template, and dashboards that look for the cause of a change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.api.declare import Surface, get, post, put, results

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.blueprints import (
        BlueprintConfig,
        BlueprintFinishParams,
        BlueprintTemplate,
        CreateRcaDashboardParams,
        Dashboard,
    )


def _templates(document: Any) -> Any:
    """The rows of the templates: a list, or a map whose keys are their names."""
    found = results(document)
    found = found["templates"] if isinstance(found, Mapping) and "templates" in found else found
    if not isinstance(found, Mapping):
        return found
    return [{"name": name, **row} if isinstance(row, Mapping) else row for name, row in found.items()]


class Blueprints(Surface):
    @get("{S}/dashboards/blueprints-all", read=_templates)
    def list_blueprint_templates(self, *, include_reports: bool = False) -> list[BlueprintTemplate]:
        """The templates of dashboards, with their reports where ``include_reports``."""

    @post("{S}/dashboards/blueprints")
    def create_blueprint(self, template_type: str) -> Dashboard:
        """Begin a dashboard from a template; ``finalize_blueprint`` ends it."""

    @get("{S}/dashboards/{dashboard_id}/blueprint-config")
    def get_blueprint_config(self, dashboard_id: int) -> BlueprintConfig:
        """What the template's placeholders stand for in this project."""

    @put("{S}/dashboards/blueprints/cohorts")
    def update_blueprint_cohorts(self, cohorts: list[dict[str, Any]]) -> None:
        """Set the cohorts that blueprints compare."""

    @post("{S}/dashboards/blueprints/finish")
    def finalize_blueprint(self, params: BlueprintFinishParams) -> Dashboard:
        """Give a blueprint its cards."""

    @post("{S}/dashboards/rca")
    def create_rca_dashboard(self, params: CreateRcaDashboardParams) -> Dashboard:
        """Make a dashboard that looks for the cause of a change."""
