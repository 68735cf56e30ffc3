"""What a session may see: ``me`` and its day on disk, projects, workspaces, and the one that is meant."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from pytest_mixpanel import (
    AuthenticationError,
    ConfigError,
    Project,
    ServerError,
    Workspace,
    WorkspaceScopeError,
)
from pytest_mixpanel.api.members import PublicWorkspace
from pytest_mixpanel.core.errors import ResponseValidationError
from tests.workspace.sessions.conftest import CANARY
from tests.workspace.sessions.live import answered_by

ME: dict[str, Any] = {
    "user_id": 5,
    "user_email": "ana@shop.test",
    "organizations": {"88": {"id": 88, "name": "Shop", "role": "admin", "plan": "growth"}},
    "projects": {
        "5": {"name": "shop prod", "organization_id": 88, "timezone": "Europe/Madrid"},
        "6": {"name": "Attic", "organization_id": 88, "type": 1},
    },
    "workspaces": {
        "51": {"id": 51, "name": "Team", "project_id": 5, "is_default": True, "member_list": [1, 2, 3]},
        "52": {"id": 52, "name": "All Project Data", "project_id": 5},
        "61": {"id": 61, "name": "All Project Data", "project_id": 6, "is_global": True},
    },
    "beta": {"x": 1},
}


def tells_me(request: httpx.Request) -> httpx.Response:
    assert request.url.path == "/api/app/me"
    return httpx.Response(200, json={"status": "ok", "results": ME})


def test_projects_and_workspaces_are_told_by_one_request_a_day(
    config_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws, sent = answered_by(tells_me)
    assert [str(project) for project in ws.projects()] == ["Attic", "shop prod"]
    assert ws.project in ws.projects()
    assert [(ref.id, ref.name) for ref in ws.workspaces()] == [(52, "All Project Data"), (51, "Team")]
    assert [ref.id for ref in ws.workspaces(project_id="6")] == [61]
    assert len(sent) == 1
    again, sent = answered_by(tells_me)
    assert again.me().organizations["88"].extra == {"plan": "growth"}
    assert sent == []
    again.me(force_refresh=True)
    assert len(sent) == 1
    monkeypatch.setattr("pytest_mixpanel.workspace.seen.time.time", lambda: 4_000_000_000.0)
    tomorrow, sent = answered_by(tells_me)
    tomorrow.me()
    assert len(sent) == 1


def test_the_answer_on_disk_is_the_owners_and_slim(config_file: Path, home: Path) -> None:
    ws, _ = answered_by(tells_me)
    ws.me()
    file = home / ".mp" / "accounts" / "shop" / "me.json"
    kept = json.loads(file.read_text())
    assert file.stat().st_mode & 0o777 == 0o600
    assert kept["cached_region"] == "eu"
    assert kept["beta"] == {"x": 1}
    assert "member_list" not in kept["workspaces"]["51"]
    assert CANARY not in file.read_text()


@pytest.mark.parametrize(
    "damage", ["[]", "{", '{"cached_at": 1, "projects": {"1": {}}}', '{"cached_at": "now"}']
)
def test_a_damaged_answer_on_disk_is_asked_anew(config_file: Path, home: Path, damage: str) -> None:
    file = home / ".mp" / "accounts" / "shop" / "me.json"
    file.parent.mkdir(parents=True)
    file.write_text(damage)
    file.chmod(0o600)
    ws, sent = answered_by(tells_me)
    assert ws.me().user_id == 5
    assert len(sent) == 1


def test_accounts_of_the_environment_do_not_see_each_others_answers(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"SECRET": CANARY, "PROJECT_ID": "5", "REGION": "eu"}.items():
        monkeypatch.setenv(f"MP_{name}", value)
    for user, asked in (("ana", 1), ("ana", 0), ("bob", 1)):
        monkeypatch.setenv("MP_USERNAME", user)
        ws, sent = answered_by(tells_me)
        ws.me()
        assert len(sent) == asked


@pytest.mark.parametrize(
    ("status", "message"),
    [(401, "did not accept its credentials"), (403, "needs the user-details scope")],
)
def test_a_service_that_does_not_tell_is_a_configuration_error(
    config_file: Path, status: int, message: str
) -> None:
    ws, _ = answered_by(lambda _: httpx.Response(status, json={"error": "no"}))
    with pytest.raises(ConfigError, match=rf"account 'shop' \(from .*\[active\]\): .*{message}") as error:
        ws.me()
    assert error.value.details == {"status_code": status, "account_name": "shop"}


def test_refused_credentials_name_the_account_and_where_it_was_said(config_file: Path) -> None:
    ws, _ = answered_by(lambda _: httpx.Response(401, json={"error": "no"}))
    with pytest.raises(AuthenticationError, match=r"\(account 'shop', from .*config.toml, \[active\]\)"):
        ws.events()


def row(id: int, **more: Any) -> dict[str, Any]:
    return {"id": id, "name": f"w{id}", "project_id": 5, "is_default": False, **more}


@pytest.mark.parametrize(
    ("rows", "meant"),
    [
        ([row(1), row(2, is_global=True), row(3, name="All Project Data")], 2),
        ([row(1, is_default=True), row(3, name="All Project Data")], 3),
        ([row(1), row(2, is_default=True)], 2),
        ([row(1, is_visible=False), row(2)], 2),
        ([row(1, is_visible=False)], 1),
    ],
)
def test_the_workspace_that_is_meant_is_the_one_that_holds_most(
    config_file: Path, rows: list[dict[str, Any]], meant: int
) -> None:
    ws, sent = answered_by(lambda _: httpx.Response(200, json={"status": "ok", "results": rows}), project="6")
    assert [ws.resolve_workspace_id(), ws.resolve_workspace_id()] == [meant, meant]
    assert [request.url.path for request in sent] == ["/api/app/projects/6/workspaces/public"]
    assert ws.workspace is None


def by_path(answers: dict[str, httpx.Response]) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: answers[request.url.path]


def test_sources_that_do_not_know_are_passed_over(config_file: Path) -> None:
    index = {"results": {"6": {"workspaces": {"9": {"id": 9, "name": "w"}}}}}
    answers = {
        "/api/app/projects/6/workspaces/public": httpx.Response(403, json={"error": "no"}),
        "/api/app/projects/metadata/index": httpx.Response(200, json=index),
    }
    ws, _ = answered_by(by_path(answers), project="6")
    assert ws.resolve_workspace_id() == 9
    answers["/api/app/projects/metadata/index"] = httpx.Response(404, json={})
    with pytest.raises(WorkspaceScopeError, match="project 6 has no workspace that account 'shop'") as error:
        answered_by(by_path(answers), project="6")[0].resolve_workspace_id()
    assert (error.value.code, error.value.details) == ("NO_WORKSPACES", {"project_id": "6"})
    answers["/api/app/projects/6/workspaces/public"] = httpx.Response(500, json={})
    with pytest.raises(ServerError):
        answered_by(by_path(answers), project="6")[0].resolve_workspace_id()


def test_what_me_told_before_spares_the_question(config_file: Path) -> None:
    answered_by(tells_me)[0].me()
    ws, sent = answered_by(tells_me, project="6")
    assert ws.resolve_workspace_id() == 61
    assert sent == []
    assert ws.use(workspace=7).resolve_workspace_id() == 7


def test_public_workspaces_are_listed_or_refused_by_what_they_lack(config_file: Path) -> None:
    ws, _ = answered_by(
        lambda _: httpx.Response(200, json={"results": [row(1, created_iso="2026-01-01", x=1)]})
    )
    (listed,) = ws.list_workspaces()
    assert listed == PublicWorkspace(1, "w1", 5, False, created_iso="2026-01-01", extra={"x": 1})
    ws, _ = answered_by(lambda _: httpx.Response(200, json={"results": [{"id": 1}]}))
    with pytest.raises(ResponseValidationError, match="PublicWorkspace of the answer lacks name, project_id"):
        ws.list_workspaces()


def test_a_local_project_has_one_organization_project_and_workspace() -> None:
    with Workspace(project="demo") as ws:
        assert ws.projects() == [Project("10")]
        assert str(ws.projects()[0]) == str(ws.project) == "demo"
        (organization,) = ws.me().organizations.values()
        assert ws.project.organization_id == organization.id
        (ref,) = ws.workspaces()
        (public,) = ws.list_workspaces()
        assert ref.id == public.id == ws.resolve_workspace_id() == 100
        assert ws.workspace is None


def test_days_are_those_of_the_projects_time_zone_once_it_is_known(config_file: Path) -> None:
    ws, sent = answered_by(tells_me)
    assert ws.timezone == "UTC"
    assert ws.learn_time_zone()
    assert ws.timezone == "Europe/Madrid"
    assert ws.learn_time_zone()
    assert len(sent) == 1
    later, sent = answered_by(tells_me)
    assert later.timezone == "Europe/Madrid"
    assert sent == []


def test_an_account_that_is_not_told_the_time_zone_counts_days_of_utc(config_file: Path) -> None:
    ws, _ = answered_by(lambda _: httpx.Response(403, json={"error": "no"}))
    assert not ws.learn_time_zone()
    assert ws.timezone == "UTC"
