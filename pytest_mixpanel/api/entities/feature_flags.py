"""Feature flags: variants of the product and who sees which; their paths always name a workspace."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field

from pytest_mixpanel.api.model import Authored, Entity, Params


class FeatureFlagStatus(StrEnum):
    ENABLED = "enabled"
    DISABLED = "disabled"
    ARCHIVED = "archived"


class ServingMethod(StrEnum):
    CLIENT = "client"
    SERVER = "server"
    REMOTE_OR_LOCAL = "remote_or_local"
    REMOTE_ONLY = "remote_only"


class FlagContractStatus(StrEnum):
    ACTIVE = "active"
    GRACE_PERIOD = "grace_period"
    EXPIRED = "expired"


class FeatureFlag(Authored):
    """A flag; ``ruleset`` holds its ``variants`` and its ``rollout``."""

    id: str
    project_id: int
    name: str
    key: str
    description: str | None = None
    status: FeatureFlagStatus = FeatureFlagStatus.DISABLED
    tags: list[str] = Field(default_factory=list)
    experiment_id: str | None = None
    context: str = ""
    data_group_id: str | None = None
    serving_method: ServingMethod = ServingMethod.CLIENT
    ruleset: dict[str, Any] = Field(default_factory=dict)
    hash_salt: str | None = None
    workspace_id: int | None = None
    content_type: str | None = None
    created: str = ""
    modified: str = ""
    enabled_at: str | None = None
    deleted: str | None = None
    is_favorited: bool | None = None
    pinned_date: str | None = None
    can_edit: bool = False


def on_and_off() -> dict[str, Any]:
    """The ruleset of a new flag: on for everybody it is rolled out to, and it is rolled out to nobody."""
    on = {"key": "On", "value": True, "is_control": False, "split": 1.0, "is_sticky": False}
    off = {"key": "Off", "value": False, "is_control": True, "split": 0.0, "is_sticky": False}
    return {"variants": [on, off], "rollout": []}


class CreateFeatureFlagParams(Params):
    name: str
    key: str
    description: str | None = None
    status: FeatureFlagStatus | None = None
    tags: list[str] = Field(default_factory=list)
    context: str = "distinct_id"
    serving_method: ServingMethod = ServingMethod.CLIENT
    ruleset: dict[str, Any] = Field(default_factory=on_and_off)


class UpdateFeatureFlagParams(Params):
    """Replaces the flag: what is not given here is set to its default."""

    name: str
    key: str
    status: FeatureFlagStatus
    ruleset: dict[str, Any]
    description: str | None = None
    tags: list[str] = Field(default_factory=list)
    context: str = "distinct_id"
    serving_method: ServingMethod = ServingMethod.CLIENT


class SetTestUsersParams(Params):
    """Which variant each test user sees, by distinct id; ``{}`` for none."""

    users: dict[str, str]


class FlagHistoryResponse(Entity):
    """A page of what happened to a flag; each event is a list."""

    events: list[list[Any]]
    count: int


class FlagLimitsResponse(Entity):
    limit: int
    is_trial: bool
    current_usage: int
    contract_status: FlagContractStatus
