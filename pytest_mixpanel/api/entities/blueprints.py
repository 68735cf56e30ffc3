"""Blueprints: dashboards made from a template, and dashboards that look for the cause of a change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from pytest_mixpanel.api.declare import Surface, get, post, put, results
from pytest_mixpanel.api.entities.dashboards import Dashboard
from pytest_mixpanel.api.model import Entity, OpenParams, Params


class BlueprintTemplate(Entity):
    """A template; its name is the ``template_type`` of ``create_blueprint``."""

    title_key: str
    description_key: str
    name: str | None = None
    alternative_description_key: str | None = None
    number_of_reports: int | None = None


class BlueprintConfig(Entity):
    """Which event or property stands for each of the template's placeholders."""

    variables: dict[str, str]


class BlueprintCard(OpenParams):
    """``card_type`` is ``report`` or ``text``."""

    card_type: str = Field(validation_alias="type", serialization_alias="type")
    text_card_id: int | None = None
    bookmark_id: int | None = None
    markdown: str | None = None
    name: str | None = None
    params: dict[str, Any] | None = None


class BlueprintFinishParams(Params):
    dashboard_id: int
    cards: list[BlueprintCard]


class RcaSourceData(OpenParams):
    """What changed: ``source_type`` is ``anomaly`` or ``metric``."""

    source_type: str = Field(validation_alias="type", serialization_alias="type")
    date: str | None = None
    metric_source: bool | None = None


class CreateRcaDashboardParams(Params):
    rca_source_id: int
    rca_source_data: RcaSourceData


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
