"""Webhooks: addresses that are told of the project's cohorts and alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_mixpanel.api.declare import Surface, delete, get, patch, post

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.webhooks import (
        CreateWebhookParams,
        ProjectWebhook,
        UpdateWebhookParams,
        WebhookMutationResult,
        WebhookTestParams,
        WebhookTestResult,
    )


class Webhooks(Surface):
    @get("{S}/webhooks/")
    def list_webhooks(self) -> list[ProjectWebhook]:
        """The project's webhooks."""

    @post("{S}/webhooks/")
    def create_webhook(self, params: CreateWebhookParams) -> WebhookMutationResult:
        """Add a webhook; the answer is its id and name."""

    @patch("{S}/webhooks/{webhook_id}/")
    def update_webhook(self, webhook_id: str, params: UpdateWebhookParams) -> WebhookMutationResult:
        """Change a webhook; the answer is its id and name."""

    @delete("{S}/webhooks/{webhook_id}/")
    def delete_webhook(self, webhook_id: str) -> None:
        """Delete a webhook."""

    @post("{S}/webhooks/test/")
    def test_webhook(self, params: WebhookTestParams) -> WebhookTestResult:
        """Send a test message to an address."""
