"""Business context at both levels, and what it costs in requests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from pytest_mixpanel import (
    BUSINESS_CONTEXT_MAX_CHARS,
    BusinessContextValidationError,
    MixpanelHeadlessError,
    ParamValidationError,
    QueryError,
    Workspace,
    WorkspaceScopeError,
    WritesRefusedError,
)
from tests.api.recording import PROJECT, recorded

TEXT = "# About the shop\n\nIt sells things."


@pytest.fixture
def ws() -> Iterator[Workspace]:
    with Workspace(project="demo") as workspace:
        workspace.clear_business_context()
        workspace.clear_business_context(level="organization")
        yield workspace


def test_a_context_is_empty_written_replaced_and_cleared(ws: Workspace) -> None:
    assert ws.get_business_context().is_empty
    written = ws.set_business_context(TEXT)
    assert ws.get_business_context() == written
    assert (written.level, written.content, written.organization_id) == ("project", TEXT, None)
    assert written.project_id == ws.project.id
    assert written.model_dump()["character_count"] == len(TEXT)
    assert ws.set_business_context("short").content == "short"
    assert ws.clear_business_context().is_empty
    assert ws.get_business_context().content == ""


def test_both_levels_are_apart_and_come_together_in_the_chain(ws: Workspace) -> None:
    ws.set_business_context("of the project")
    organization = ws.set_business_context("of the organization", level="organization")
    assert organization.organization_id is not None
    assert organization.project_id is None
    assert ws.get_business_context(level="organization") == organization
    chain = ws.get_business_context_chain()
    assert chain.organization == organization
    assert (chain.project.content, chain.project.project_id) == ("of the project", ws.project.id)
    with pytest.raises(QueryError, match="no organization 42"):
        ws.get_business_context(level="organization", organization_id=42)


def test_a_text_that_is_too_long_costs_no_request() -> None:
    workspace, requests = recorded({"content": ""})
    with pytest.raises(BusinessContextValidationError, match="50,001 characters") as error:
        workspace.set_business_context("x" * (BUSINESS_CONTEXT_MAX_CHARS + 1))
    assert error.value.details == {"length": 50_001, "max": 50_000}
    with pytest.raises(BusinessContextValidationError):
        workspace.set_business_context("ü" * 50_001, level="organization")
    assert requests == []


def test_the_longest_text_is_kept(ws: Workspace) -> None:
    assert ws.set_business_context("ü" * BUSINESS_CONTEXT_MAX_CHARS).character_count == 50_000


def test_another_level_costs_no_request() -> None:
    workspace, requests = recorded({"content": ""})
    with pytest.raises(ParamValidationError, match="'team'") as error:
        workspace.get_business_context(level="team")  # type: ignore[arg-type]  # no level
    assert error.value.code == "WS2_INVALID_LEVEL"
    assert isinstance(error.value, ValueError)
    assert requests == []


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an account's answer to ``me`` is kept."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))


def me(projects: dict[str, Any], organizations: dict[str, Any]) -> Any:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/app/me":
            return httpx.Response(
                200, json={"results": {"projects": projects, "organizations": organizations}}
            )
        return httpx.Response(
            200, json={"results": {"content": "x", "org_context": "o", "project_context": "p"}}
        )

    return answer


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("projects", "organizations"),
    [
        ({str(PROJECT): {"name": "Shop", "organization_id": 88}}, {}),
        ({}, {"88": {"id": 88, "name": "Shop"}}),
    ],
    ids=["the project's", "the only one"],
)
def test_the_organization_is_found_in_what_the_user_may_see(projects: Any, organizations: Any) -> None:
    workspace, requests = recorded(me(projects, organizations))
    assert workspace.get_business_context(level="organization").organization_id == 88
    assert workspace.get_business_context(level="organization").organization_id == 88
    assert [one.url.path for one in requests].count("/api/app/me") == 1


@pytest.mark.usefixtures("home")
def test_an_organization_that_is_not_known_is_told() -> None:
    organizations = {"88": {"id": 88, "name": "Shop"}, "89": {"id": 89, "name": "Other"}}
    workspace, _ = recorded(me({}, organizations))
    with pytest.raises(WorkspaceScopeError, match="give organization_id") as error:
        workspace.get_business_context(level="organization")
    assert error.value.code == "ORGANIZATION_AMBIGUOUS"
    assert error.value.details["available_organizations"] == [88, 89]
    assert workspace.get_business_context(level="organization", organization_id=89).organization_id == 89


@pytest.mark.usefixtures("home")
def test_the_chain_is_one_request_and_asks_for_nobody() -> None:
    workspace, requests = recorded(me({}, {"88": {"id": 88, "name": "Shop"}}))
    assert workspace.get_business_context_chain().organization.organization_id is None
    assert len(requests) == 1
    workspace.me()
    assert workspace.get_business_context_chain().organization.organization_id == 88


def test_an_answer_without_a_text_is_an_error() -> None:
    with pytest.raises(MixpanelHeadlessError, match="content: Field required"):
        recorded({"results": {}})[0].get_business_context()
    with pytest.raises(MixpanelHeadlessError, match="org_context"):
        recorded({"results": {"project_context": ""}})[0].get_business_context_chain()


def test_a_refused_write_names_the_public_method() -> None:
    workspace, requests = recorded({"content": ""}, allow_writes=False)
    with pytest.raises(WritesRefusedError, match=r"^set_business_context changes project"):
        workspace.set_business_context("x")
    assert requests == []
