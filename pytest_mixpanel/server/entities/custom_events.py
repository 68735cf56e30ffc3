"""Custom events: entries of the Lexicon that name other events."""

from __future__ import annotations

import json

from pytest_mixpanel.api.surfaces.custom_events import CustomEvents
from pytest_mixpanel.server.entities import lexicon
from pytest_mixpanel.server.entities.asked import Asked, Routes
from pytest_mixpanel.server.entities.store import Row
from pytest_mixpanel.server.messages import BadRequest


def create(asked: Asked) -> Row:
    name, alternatives = asked.body.get("name"), _alternatives(asked.body.get("alternatives"))
    if not isinstance(name, str) or not name:
        raise BadRequest("name: missing")
    known = {row["name"] for row in lexicon.entries(asked)}
    if name in known:
        raise BadRequest(f"name: there is an event {name!r} already")
    for one in alternatives:
        if one["event"] not in known:
            raise BadRequest(f"alternatives: there is no event {one['event']!r}")
    number = asked.entities.number("custom_events")
    row = {"entityType": "custom_event", "name": name, "metadata": {}, "customEventId": number}
    lexicon.ENTRY.add(asked, {**row, "alternatives": alternatives})
    return {"custom_event": {"id": number, "name": name, "alternatives": alternatives}}


def _alternatives(text: object) -> list[dict[str, str]]:
    """The events that a form's field names as JSON."""
    try:
        found = json.loads(text) if isinstance(text, str) else text
    except ValueError as error:
        raise BadRequest("alternatives: should be JSON") from error
    if (
        not isinstance(found, list)
        or not found
        or not all(isinstance(one, dict) and one.get("event") for one in found)
    ):
        raise BadRequest('alternatives: should be a list like [{"event": "Purchase"}]')
    return [{"event": str(one["event"])} for one in found]


ROUTES: Routes = {CustomEvents.create_custom_event: create}
