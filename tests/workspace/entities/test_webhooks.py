"""The life of a webhook."""

from __future__ import annotations

import pytest

from pytest_mixpanel import QueryError, Workspace
from pytest_mixpanel.api.entities.webhooks import CreateWebhookParams, UpdateWebhookParams, WebhookTestParams

SECRET = "canary-51c0ff"


def test_a_webhook_is_made_found_changed_and_deleted(ws: Workspace) -> None:
    made = ws.create_webhook(CreateWebhookParams(name="ops", url="https://ops.example/hook"))
    other = ws.create_webhook(CreateWebhookParams(name="ops", url="https://ops.example/other"))
    assert made.id != other.id
    listed = ws.list_webhooks()
    assert [(one.id, one.url, one.is_enabled) for one in listed] == [
        (made.id, "https://ops.example/hook", True),
        (other.id, "https://ops.example/other", True),
    ]
    ws.update_webhook(made.id, UpdateWebhookParams(name="on call", is_enabled=False))
    assert [(one.name, one.is_enabled) for one in ws.list_webhooks()] == [("on call", False), ("ops", True)]
    ws.delete_webhook(made.id)
    assert [one.id for one in ws.list_webhooks()] == [other.id]
    with pytest.raises(QueryError, match="there is no webhook"):
        ws.delete_webhook(made.id)


def test_a_password_is_written_and_never_read(ws: Workspace) -> None:
    params = CreateWebhookParams(name="ops", url="https://ops.example/", username="svc", password=SECRET)
    assert SECRET not in repr(params)
    ws.create_webhook(params)
    assert SECRET not in ws.list_webhooks()[0].model_dump_json()


def test_an_address_that_is_none_fails_its_test_and_is_refused(ws: Workspace) -> None:
    assert ws.test_webhook(WebhookTestParams(url="https://ops.example/")).success
    assert not ws.test_webhook(WebhookTestParams(url="ops")).success
    with pytest.raises(QueryError, match="url: should be an http"):
        ws.create_webhook(CreateWebhookParams(name="ops", url="ops"))
