"""Webhooks. A test message is not sent: nothing of a local project leaves the machine."""

from __future__ import annotations

from urllib.parse import urlsplit

from pytest_mixpanel.api.entities.webhooks import CreateWebhookParams, UpdateWebhookParams, WebhookTestParams
from pytest_mixpanel.api.surfaces.webhooks import Webhooks
from pytest_mixpanel.server.entities.asked import USER, Asked, Kind, Routes
from pytest_mixpanel.server.entities.store import Row
from pytest_mixpanel.server.messages import BadRequest

WEBHOOK = Kind("webhooks", "webhook", ids="uuid")
SECRET = ("username", "password")


def listed(asked: Asked) -> list[Row]:
    return [_shown(row) for row in WEBHOOK.all(asked)]


def create(asked: Asked) -> Row:
    given = asked.read(CreateWebhookParams)
    _check_address(given["url"])
    made_by = {"creator_id": USER["id"], "creator_name": USER["name"]}
    return _named(WEBHOOK.add(asked, {"is_enabled": True, **made_by, **_shown(given)}))


def update(asked: Asked) -> Row:
    changes = asked.read(UpdateWebhookParams)
    if "url" in changes:
        _check_address(changes["url"])
    return _named(WEBHOOK.change(asked, asked.path["webhook_id"], _shown(changes)))


def delete(asked: Asked) -> None:
    WEBHOOK.remove(asked, asked.path["webhook_id"])


def test(asked: Asked) -> Row:
    url = asked.read(WebhookTestParams)["url"]
    if _is_address(url):
        return {"success": True, "status_code": 200, "message": "not sent: the project is local"}
    return {"success": False, "status_code": 0, "message": f"no http(s) address: {url!r}"}


def _shown(row: Row) -> Row:
    """A row without what can only be written; a local project does not keep it."""
    return {name: value for name, value in row.items() if name not in SECRET}


def _named(row: Row) -> Row:
    return {"id": row["id"], "name": row["name"]}


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _check_address(url: str) -> None:
    if not _is_address(url):
        raise BadRequest(f"url: should be an http(s) address, not {url!r}")


ROUTES: Routes = {
    Webhooks.list_webhooks: listed,
    Webhooks.create_webhook: create,
    Webhooks.update_webhook: update,
    Webhooks.delete_webhook: delete,
    Webhooks.test_webhook: test,
}
