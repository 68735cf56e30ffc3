"""Switching a session, for this workspace or for good."""

from __future__ import annotations

import base64
from pathlib import Path

import httpx
import pytest

from pytest_mixpanel import ConfigError, ParamValidationError, ProjectNotFoundError, Workspace
from tests.workspace.sessions.conftest import CANARY, CONFIG
from tests.workspace.sessions.live import answered_by


def axes(workspace: Workspace) -> tuple[str, str, int | None]:
    return workspace.account.name, workspace.project.id, workspace.session.workspace_id


def basic(username: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{secret}".encode()).decode()


def test_a_project_unpins_the_workspace_and_a_workspace_pins_one(config_file: Path) -> None:
    ws = Workspace()
    assert axes(ws) == ("shop", "5", 50)
    assert axes(ws.use(project="9")) == ("shop", "9", None)
    assert axes(ws.use(workspace=90)) == ("shop", "9", 90)
    assert axes(ws.use(project=8, workspace=80)) == ("shop", "8", 80)
    assert ws.origins["project"] == "use(project=)"
    assert axes(ws.use()) == ("shop", "8", 80)


def test_an_account_brings_its_project_and_a_target_all_three(config_file: Path) -> None:
    assert axes(Workspace().use(account="laptop")) == ("laptop", "7", None)
    assert axes(Workspace().use(account="shop")) == ("shop", "5", None)
    assert axes(Workspace().use(account="ci", project="9", workspace=90)) == ("ci", "9", 90)
    assert axes(Workspace().use(target="web")) == ("ci", "3", 30)


def test_nothing_changes_when_a_switch_fails(config_file: Path) -> None:
    ws = Workspace()
    with pytest.raises(ConfigError, match="account 'ci' has no default_project"):
        ws.use(account="ci")
    with pytest.raises(ParamValidationError, match="leave out project"):
        ws.use(target="web", project="1")
    with pytest.raises(ConfigError, match="workspace -1"):
        ws.use(workspace=-1)
    with pytest.raises(ProjectNotFoundError):
        ws.use(project="demmo")
    assert axes(ws) == ("shop", "5", 50)


def test_the_environment_settles_what_an_account_or_target_leaves_open(
    config_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MP_PROJECT_ID", "77")
    monkeypatch.setenv("MP_WORKSPACE_ID", "777")
    ws = Workspace()
    assert axes(ws) == ("shop", "77", 777)
    assert axes(ws.use(account="laptop", project="5")) == ("laptop", "77", 777)
    assert axes(ws.use(target="web")) == ("ci", "77", 777)
    assert axes(ws.use(project="9")) == ("ci", "9", None)


def test_the_client_stays_and_requests_follow_the_session(
    config_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI_TOKEN", f"{CANARY}-token")
    ws, sent = answered_by(lambda _: httpx.Response(200, json=["Login"]))
    client = ws.api.client
    ws.events()
    ws.events()
    ws.use(target="web").events()
    assert ws.api.client is client
    first, second = sent
    assert first.url.host == "eu.mixpanel.com"
    assert dict(first.url.params) | {"project_id": "5", "workspace_id": "50"} == dict(first.url.params)
    assert first.headers["authorization"] == basic("etl.bot", CANARY)
    assert first.headers["x-cluster"] == CANARY
    assert second.url.host == "mixpanel.com"
    assert dict(second.url.params) | {"project_id": "3", "workspace_id": "30"} == dict(second.url.params)
    assert second.headers["authorization"] == f"Bearer {CANARY}-token"


def test_a_switch_can_be_made_for_good(config_file: Path) -> None:
    Workspace().use(account="ci", project="9", workspace=90, persist=True)
    assert axes(Workspace()) == ("ci", "9", 90)
    Workspace().use(project="10", persist=True)
    assert axes(Workspace()) == ("ci", "10", None)
    text = config_file.read_text()
    expected = CONFIG.replace('account = "shop"\nworkspace = 50', 'account = "ci"').replace(
        'token_env = "CI_TOKEN"\n', 'token_env = "CI_TOKEN"\ndefault_project = "10"\n'
    )
    assert text == expected
    assert config_file.stat().st_mode & 0o777 == 0o600


def test_an_account_of_the_environment_cannot_be_made_the_active_one(
    config_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"USERNAME": "u", "SECRET": "s", "PROJECT_ID": "1", "REGION": "us"}.items():
        monkeypatch.setenv(f"MP_{name}", value)
    ws = Workspace()
    with pytest.raises(ConfigError, match=r"'env-service-account' is not in .*leave out persist=True"):
        ws.use(workspace=9, persist=True)
    assert axes(ws) == ("env-service-account", "1", None)
    assert config_file.read_text() == CONFIG


def test_a_session_can_be_given_whole(config_file: Path) -> None:
    session = Workspace(target="web").session
    ws = Workspace(session=session, account="shop")
    assert ws.session is session
    assert set(ws.origins.values()) == {"argument session="}


def test_a_workspace_moves_between_this_machine_and_the_service(config_file: Path) -> None:
    with Workspace(project="demo") as ws:
        assert axes(ws) == ("local", "10", None)
        assert axes(ws.use(workspace=100)) == ("local", "10", 100)
        with pytest.raises(ConfigError, match="a local project has one workspace, 100"):
            ws.use(workspace=7)
        assert axes(ws.use(project="9")) == ("shop", "9", None)
        assert ws.import_report is None
        assert axes(ws.use(project="demo")) == ("local", "10", None)
        assert "Login" in ws.events()
        with pytest.raises(ConfigError, match="leave out persist=True"):
            ws.use(workspace=100, persist=True)


def test_a_local_project_needs_no_account_and_heeds_no_variable(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MP_PROJECT_ID", "1234567")
    monkeypatch.setenv("MP_WORKSPACE_ID", "7")
    monkeypatch.setenv("MP_REGION", "mars")
    with Workspace(project="demo") as ws:
        assert str(ws.project) == "demo"
        assert axes(ws) == ("local", "10", None)


def test_close_may_be_repeated_and_the_client_returns_when_it_is_needed() -> None:
    ws = Workspace(project="demo")
    client = ws.api.client
    ws.close()
    ws.close()
    assert client.is_closed
    assert "Login" in ws.events()
    ws.close()
