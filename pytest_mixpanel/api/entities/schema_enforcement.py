"""Schema enforcement: what becomes of events that are not as their schema says."""

from __future__ import annotations

from typing import Any

from pytest_mixpanel.api.model import CamelEntity, CamelParams


class SchemaEnforcementConfig(CamelEntity):
    """The rule (``Warn and Accept``, ``Warn and Hide``, ``Warn and Drop``) and what it is for."""

    id: int | None = None
    last_modified: str | None = None
    last_modified_by: dict[str, Any] | None = None
    rule_event: str | None = None
    notification_emails: list[str] | None = None
    events: list[dict[str, Any]] | None = None
    common_properties: list[dict[str, Any]] | None = None
    user_properties: list[dict[str, Any]] | None = None
    initialized_by: dict[str, Any] | None = None
    initialized_from: str | None = None
    initialized_to: str | None = None
    state: str | None = None


class InitSchemaEnforcementParams(CamelParams):
    """The rule to begin with."""

    rule_event: str


class UpdateSchemaEnforcementParams(CamelParams):
    """What to change; ``properties`` are the names of an event's properties."""

    notification_emails: list[str] | None = None
    rule_event: str | None = None
    events: list[str] | None = None
    properties: dict[str, list[str]] | None = None


class ReplaceSchemaEnforcementParams(CamelParams):
    """The whole configuration."""

    common_properties: list[dict[str, Any]]
    user_properties: list[dict[str, Any]]
    events: list[dict[str, Any]]
    rule_event: str
    notification_emails: list[str]
    schema_id: int | None = None
