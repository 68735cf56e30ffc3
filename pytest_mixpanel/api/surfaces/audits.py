"""Audits and monitoring: data that are not as the schemas say, volumes that are not as expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.api.declare import Surface, get, patch, results

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.audits import (
        AuditResponse,
        BulkUpdateAnomalyParams,
        DataVolumeAnomaly,
        UpdateAnomalyParams,
    )


def audit(document: Any) -> Any:
    """An audit from its two parts, the violations and what is said of them."""
    found = results(document)
    if not isinstance(found, list):
        return found
    violations, told = (*found, [], {})[:2] if found else ([], {})
    computed = told.get("computed_at", "") if isinstance(told, Mapping) else ""
    return {"violations": violations, "computed_at": computed}


def anomalies(document: Any) -> Any:
    """The list of anomalies, which lies one deeper than others do."""
    found = results(document)
    return found.get("anomalies") if isinstance(found, Mapping) else found


class Audits(Surface):
    """Audits against the schemas, and the monitoring of volumes."""

    @get("{S}/data-definitions/audit/", read=audit)
    def run_audit(self) -> AuditResponse:
        """Compare what arrives with the schemas: events and properties."""

    @get("{S}/data-definitions/audit-events-only/", read=audit)
    def run_audit_events_only(self) -> AuditResponse:
        """Compare the names of events with the schemas."""

    @get("{S}/data-definitions/data-volume-anomalies/", read=anomalies)
    def list_data_volume_anomalies(
        self, *, query_params: dict[str, str] | None = None
    ) -> list[DataVolumeAnomaly]:
        """Unexpected volumes; ``query_params`` are sent as they are: ``status``, ``limit``, ``event_id`` …"""

    @patch("{S}/data-definitions/data-volume-anomalies/")
    def update_anomaly(self, params: UpdateAnomalyParams) -> dict[str, Any]:
        """Dismiss an anomaly, or open it again."""

    @patch("{S}/data-definitions/data-volume-anomalies/bulk/")
    def bulk_update_anomalies(self, params: BulkUpdateAnomalyParams) -> dict[str, Any]:
        """Dismiss several anomalies, or open them again."""
