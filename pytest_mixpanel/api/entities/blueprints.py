"""Blueprints: dashboards made from a template, and dashboards that look for the cause of a change."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from pytest_mixpanel.api.entities.dashboards import Dashboard as Dashboard
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
