"""Audits and monitoring: data that are not as the schemas say, volumes that are not as expected."""

from __future__ import annotations

from typing import Any

from pytest_mixpanel.api.model import CamelEntity, CamelParams, Entity


class AuditViolation(CamelEntity):
    """Events or properties that are not as their schema says.

    ``violation`` is ``Unexpected Event``, ``Unexpected Property``, ``Missing Property``,
    ``Unexpected Type for Property`` or ``Property Length Too Long``.
    """

    violation: str
    name: str
    count: int
    platform: str | None = None
    version: str | None = None
    event: str | None = None
    sensitive: bool | None = None
    property_type_error: str | None = None


class AuditResponse(Entity):
    """The violations, and when they were found."""

    violations: list[AuditViolation]
    computed_at: str


class DataVolumeAnomaly(CamelEntity):
    """A count outside of the expected range; ``percent_variance`` is text, as the service writes it."""

    id: int
    actual_count: int
    predicted_upper: int
    predicted_lower: int
    percent_variance: str
    status: str
    project: int
    anomaly_class: str
    timestamp: str | None = None
    event: int | None = None
    event_name: str | None = None
    property: int | None = None
    property_name: str | None = None
    metric: int | None = None
    metric_name: str | None = None
    metric_type: str | None = None
    primary_type: str | None = None
    drift_types: dict[str, Any] | None = None


class UpdateAnomalyParams(CamelParams):
    """An anomaly's new ``status``: ``open`` or ``dismissed``."""

    id: int
    status: str
    anomaly_class: str


class BulkAnomalyEntry(CamelParams):
    """One of several anomalies."""

    id: int
    anomaly_class: str


class BulkUpdateAnomalyParams(CamelParams):
    """The new ``status`` of several anomalies."""

    anomalies: list[BulkAnomalyEntry]
    status: str
