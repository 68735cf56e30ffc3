"""Webhooks: addresses that are told of the project's cohorts and alerts."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from pytest_mixpanel.api.model import Entity, Params


class WebhookAuthType(StrEnum):
    BASIC = "basic"


class ProjectWebhook(Entity):
    """An address; its password can be written but never read."""

    id: str
    name: str
    url: str
    is_enabled: bool
    auth_type: WebhookAuthType | None = None
    created: str | None = None
    modified: str | None = None
    creator_id: int | None = None
    creator_name: str | None = None


class WebhookMutationResult(Entity):
    id: str
    name: str


class WebhookTestResult(Entity):
    """What the address answered; a target that fails is ``success=False``, no error."""

    success: bool
    status_code: int
    message: str


class CreateWebhookParams(Params):
    name: str
    url: str
    auth_type: WebhookAuthType | None = None
    username: str | None = None
    password: str | None = Field(default=None, repr=False)


class UpdateWebhookParams(Params):
    name: str | None = None
    url: str | None = None
    auth_type: WebhookAuthType | None = None
    username: str | None = None
    password: str | None = Field(default=None, repr=False)
    is_enabled: bool | None = None


class WebhookTestParams(Params):
    url: str
    name: str | None = None
    auth_type: WebhookAuthType | None = None
    username: str | None = None
    password: str | None = Field(default=None, repr=False)
