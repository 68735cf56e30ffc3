"""How a declaration becomes a request, and an answer a value."""

from __future__ import annotations

import inspect
import json
from contextlib import suppress
from typing import Any

import httpx
import pytest

from pytest_mixpanel import MixpanelHeadlessError, ParamValidationError, ResponseValidationError, Workspace
from pytest_mixpanel.api.declare import Surface, declaration_of, declarations, delete, get, patch, post
from pytest_mixpanel.api.entities.annotations import Annotation, CreateAnnotationParams
from pytest_mixpanel.api.model import DefinitionParams, Entity, Params
from pytest_mixpanel.core.errors import WritesRefusedError
from pytest_mixpanel.server.entities.serving import routes
from pytest_mixpanel.workspace.transport.guard import changes
from tests.api.examples import arguments
from tests.api.recording import recorded


class Shelf(Entity):
    id: int


class ShelfParams(Params):
    name: str
    note: str | None = None


class CutParams(DefinitionParams):
    name: str
    definition: dict[str, Any] | None = None


class Shelves(Surface):
    @get("{S}/shelves/{shelf_id}/", names={"names": "name[]", "from_day": "fromDay"}, query={"v": "2"})
    def look(
        self,
        shelf_id: str,
        *,
        names: list[str] | None = None,
        ids: list[int] | None = None,
        from_day: str | None = None,
        all: bool = False,
        mine: bool | None = None,
    ) -> Shelf:
        """Look at a shelf."""

    @patch("{P}/shelves/", body={"v": 2})
    def change(self, params: ShelfParams, *, loud: bool = False) -> Shelf:
        """Change a shelf."""

    @delete("{S}/shelves/", sends="body", names={"shelf_id": "shelfId"})
    def clear(self, shelf_id: int) -> None:
        """Clear a shelf."""

    @post("{S}/shelves/cut")
    def cut(self, params: CutParams) -> Shelf:
        """Cut a shelf."""

    @post("{S}/shelves/raw", whole="document")
    def raw(self, document: dict[str, Any]) -> dict[str, Any]:
        """Send a document."""

    @post("{S}/shelves/form", encoding="form")
    def form(self, name: str, parts: list[str]) -> Shelf:
        """Send a form."""


class Shop(Workspace, Shelves):
    pass


def shop(answer: Any = None, **session: Any) -> tuple[Shop, list[httpx.Request]]:
    workspace, requests = recorded({"results": {"id": 1}} if answer is None else answer, **session)
    workspace.__class__ = Shop
    assert isinstance(workspace, Shop)
    return workspace, requests


def test_arguments_fill_path_and_query() -> None:
    ws, requests = shop()
    ws.look("a/b c", names=["x", "y"], ids=[1, 2], from_day="2026-03-01", mine=False)
    assert requests[0].url.raw_path.decode() == (
        "/api/app/projects/4242/shelves/a%2Fb%20c/?v=2&name%5B%5D=x&name%5B%5D=y&ids=1%2C2"
        "&fromDay=2026-03-01&mine=false"
    )
    ws.look("a", all=True)
    assert dict(requests[1].url.params) == {"v": "2", "all": "true"}


def test_params_are_the_body_without_what_was_not_given() -> None:
    ws, requests = shop()
    ws.change(ShelfParams(name="low"))
    ws.change(ShelfParams(name="low", note="n"), loud=True)
    assert [json.loads(one.content) for one in requests] == [
        {"name": "low", "v": 2},
        {"name": "low", "note": "n", "loud": True, "v": 2},
    ]


def test_a_delete_can_have_a_body() -> None:
    ws, requests = shop()
    ws.clear(3)
    assert (requests[0].method, json.loads(requests[0].content)) == ("DELETE", {"shelfId": 3})


def test_a_definition_travels_as_its_keys() -> None:
    ws, requests = shop()
    ws.cut(CutParams(name="n", definition={"selector": None, "name": "wins"}))
    assert json.loads(requests[0].content) == {"name": "wins", "selector": None}


def test_a_body_can_be_sent_as_it_is_or_as_a_form() -> None:
    ws, requests = shop({"status": "ok"})
    assert ws.raw({"a": None}) == {"status": "ok"}
    assert json.loads(requests[0].content) == {"a": None}
    with pytest.raises(ResponseValidationError):
        ws.form("n", ["p"])
    assert requests[1].content == b"name=n&parts=%5B%22p%22%5D"


def test_arguments_that_a_method_does_not_have_are_a_type_error() -> None:
    ws, requests = shop()
    with pytest.raises(TypeError, match="unexpected keyword argument 'depth'"):
        ws.look("a", depth=3)  # type: ignore[call-arg]  # what it takes no
    assert requests == []


def test_an_answer_may_come_in_an_envelope_or_bare() -> None:
    for answer in ({"status": "ok", "results": {"id": 1, "wood": "oak"}}, {"id": 1, "wood": "oak"}):
        shelf = shop(answer)[0].look("a")
        assert (shelf.id, shelf.model_extra) == (1, {"wood": "oak"})


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"results": {"wood": "oak"}}, "look: the answer is no Shelf: id: Field required"),
        ({"results": {"id": "oak"}}, "id: Input should be a valid integer"),
        ({"results": None}, "the answer: Input should be a valid dictionary"),
        ({"results": []}, "the answer: Input should be a valid dictionary"),
        ({"status": "ok"}, "only acknowledged"),
        (lambda _: httpx.Response(204), "only acknowledged"),
    ],
)
def test_an_answer_that_is_something_else_is_a_typed_error(answer: Any, told: str) -> None:
    with pytest.raises(ResponseValidationError, match="no Shelf") as error:
        shop(answer)[0].look("a")
    assert told in str(error.value)
    assert error.value.details["model"] == "Shelf"


def test_a_method_without_a_result_ignores_what_is_answered() -> None:
    for answer in ({"status": "ok", "results": [1]}, lambda _: httpx.Response(204)):
        assert shop(answer)[0].clear(1) is None  # type: ignore[func-returns-value]  # that it is nothing


def test_a_session_that_only_reads_refuses_writes_before_any_request() -> None:
    ws, requests = shop(allow_writes=False)
    ws.look("a")
    with pytest.raises(WritesRefusedError, match="clear changes project 4242") as error:
        ws.clear(1)
    assert "Workspace(allow_writes=True) or --mixpanel-allow-writes" in str(error.value)
    assert [one.method for one in requests] == ["GET"]


def test_live_projects_are_read_only_and_local_ones_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MP_USERNAME", "svc")
    monkeypatch.setenv("MP_SECRET", "s")
    with Workspace(project=4242) as live, Workspace(project=4242, allow_writes=True) as writing:
        assert (live._connection.allow_writes, writing._connection.allow_writes) == (False, True)
    with Workspace(project="demo") as local, Workspace(project="demo", allow_writes=False) as reading:
        assert (local._connection.allow_writes, reading._connection.allow_writes) == (True, False)


def test_params_say_what_is_wrong_with_them() -> None:
    with pytest.raises(ParamValidationError, match=r"description.*did you mean 'description'") as error:
        CreateAnnotationParams(date="2026-03-01", descripton="x")  # type: ignore[call-arg]  # a slip, told at the call
    assert [one["field"] for one in error.value.details["errors"]] == ["description", "descripton"]
    with pytest.raises(ParamValidationError, match="512"):
        CreateAnnotationParams(date="2026-03-01", description="x" * 513)


def test_a_declared_method_keeps_its_signature_and_docstring() -> None:
    assert list(inspect.signature(Workspace.list_annotations).parameters) == [
        "self", "from_date", "to_date", "tags",
    ]  # fmt: skip
    assert declaration_of(Workspace.get_annotation).summary == "One annotation."
    assert declaration_of(Workspace.get_annotation).returns is Annotation


def test_every_declaration_is_served_and_documented() -> None:
    declared = declarations(Workspace)
    served = {declaration.endpoint for declaration, _ in routes()}
    assert [name for name, one in declared.items() if one.endpoint not in served] == []
    assert [name for name, one in declared.items() if not one.summary] == []


def test_what_a_declaration_calls_a_write_is_one_on_the_wire() -> None:
    disagreeing = []
    for name, declaration in declarations(Workspace).items():
        workspace, requests = recorded({"status": "ok"})
        with suppress(MixpanelHeadlessError):
            getattr(workspace, name)(**arguments(getattr(Workspace, name), full=False))
        if requests and requests[0].method != "GET" and changes(requests[0]) != declaration.writes:
            disagreeing.append(name)
    assert disagreeing == []
