"""No request for an entity is a crash: what cannot be read is a 4xx, and changes nothing."""

from __future__ import annotations

import copy
from contextlib import suppress
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from pytest_mixpanel import Workspace
from pytest_mixpanel.api.declare import Declaration, declarations
from pytest_mixpanel.core.identity import nth_uuid
from pytest_mixpanel.demo.entities import deeds
from pytest_mixpanel.server.app import Server
from pytest_mixpanel.server.entities.serving import perform, routes
from pytest_mixpanel.server.entities.store import EntityStore
from pytest_mixpanel.server.members import PROJECT_ID, WORKSPACE_ID
from pytest_mixpanel.server.messages import BadRequest, Request
from tests.api.examples import arguments
from tests.api.test_answers import changed, places
from tests.engine.events import event, project

STORE = project([event("Login", "ana", "2025-03-01T10:00"), event("Purchase", "ana", "2025-03-01T11:00")])
SERVED = [declaration for declaration, _ in routes()]
METHODS = {declaration: getattr(Workspace, name) for name, declaration in declarations(Workspace).items()}
UUIDS = {"flag_id": "feature_flags", "experiment_id": "experiments", "webhook_id": "webhooks"}
KEYS = ("ids", "page", "page_size", "cursor", "tags", "fromDate", "type", "limit", "name", "entity_type")
ODD: list[Any] = [
    None, "", "text", -1, 0, 1, 2**70, 0.5, True, [], {}, {"a": 1}, ["x"], [[]], [{}], [None], {"id": None},
]  # fmt: skip
CARD = {"action": "create", "content_type": "report", "content_params": {"source_bookmark_id": 1}}
CELL = {"id": "c", "width": 12, "content_id": 1, "content_type": "text"}
LAYOUT = {"rows_order": ["r"], "rows": [{"id": "r", "height": 0, "cells": [CELL]}]}


@pytest.fixture(scope="module")
def server() -> Server:
    """A project in which the shop's people have been at work, as far as its few events allow."""

    def begin(entities: EntityStore) -> None:
        for moment, call in deeds():
            with suppress(BadRequest):  # a word on a property that these events do not have
                perform(call, entities, STORE, moment)

    return Server(STORE, datetime(2025, 3, 31, tzinfo=UTC), EntityStore(begin=begin))


def request_for(declaration: Declaration, body: Any, query: dict[str, str]) -> Request:
    path: dict[str, str | int] = dict.fromkeys(declaration.endpoint.parameters, 1)
    path |= {name: nth_uuid(kind, 1) for name, kind in UUIDS.items() if name in path}
    path |= {"project_id": PROJECT_ID, "workspace_id": WORKSPACE_ID}
    return Request(declaration.endpoint.verb, declaration.endpoint.url(path), query, body)


def usual(declaration: Declaration) -> Any:
    """A body that the method sends, with the parts that its params leave open."""
    body = declaration.bind(None, **arguments(METHODS[declaration], full=True)).body
    return {**body, "content": CARD, "layout": LAYOUT} if declaration.name == "update_dashboard" else body


def damaged(body: Any, random: Random) -> Any:
    where = list(places(body))
    odd = copy.deepcopy(random.choice(ODD))
    return (
        changed(body, random.choice(where), lambda holder, key: holder.__setitem__(key, odd))
        if where
        else odd
    )


@pytest.mark.parametrize("declaration", SERVED, ids=lambda one: f"{one.name}-{one.endpoint.verb}")
def test_a_damaged_request_is_refused_or_answered(server: Server, declaration: Declaration) -> None:
    random = Random(declaration.name)
    for _ in range(6):
        body = usual(declaration)
        for _ in range(random.randint(0, 2)):
            body = damaged(body, random)
        query = {random.choice(KEYS): random.choice(["", "1", "-1", "x", "1,2", "9" * 30])}
        before = copy.deepcopy(server.entities.collections)
        answered = server.handle(request_for(declaration, body, query))
        assert answered.status < 500
        after = {name: one for name, one in server.entities.collections.items() if name in before or one.rows}
        assert answered.status < 400 or not declaration.writes or after == before
        server.entities._collections = before


def test_a_damaged_action_on_cards_loses_none(server: Server) -> None:
    random = Random(7)
    found = {declaration.name: declaration for declaration in SERVED}
    before = copy.deepcopy(server.entities.collections)
    for _ in range(200):
        content: Any = {
            "action": random.choice(["create", "delete", "update", "move", "duplicate", "undelete"]),
            "content_type": random.choice(["text", "report"]),
            "content_id": random.choice([1, 2, 5]),
            "content_params": random.choice(
                [{"markdown": "x"}, {"source_bookmark_id": 1}, {"bookmark": 7}, 7]
            ),
        }
        content = damaged(content, random) if random.random() < 0.3 else content
        server.handle(request_for(found["update_dashboard"], {"content": content}, {}))
        board = server.entities.rows("dashboards")[0]
        cells = [cell for row in board["layout"]["rows"].values() for cell in row["cells"]]
        placed = sorted((cell["content_type"], str(cell["content_id"])) for cell in cells)
        assert placed == sorted((kind, id) for kind, held in board["contents"].items() for id in held)
        assert {sum(cell["width"] for cell in row["cells"]) for row in board["layout"]["rows"].values()} <= {
            12
        }
    server.entities._collections = before
