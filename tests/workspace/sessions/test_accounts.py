"""The namespaces ``accounts``, ``targets`` and ``session``: what they write, refuse and show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import pytest_mixpanel as mp
from pytest_mixpanel.core.errors import (
    AccountExistsError,
    AccountInUseError,
    AccountNotFoundError,
    ConfigError,
)
from pytest_mixpanel.workspace.sessions.environment import Environment
from tests.workspace.sessions.conftest import CANARY, CONFIG


def add_shop() -> mp.AccountSummary:
    return mp.accounts.add(
        "shop", type="service_account", region="eu", default_project="5", username="etl", secret=CANARY
    )


def test_the_first_account_becomes_the_active_one(home: Path) -> None:
    assert mp.session.show() == mp.ActiveSession(None, None)
    first = add_shop()
    second = mp.accounts.add("ci", type="oauth_token", region="us", token_env="CI_TOKEN")
    assert (first.is_active, second.is_active) == (True, False)
    assert [account.name for account in mp.accounts.list()] == ["ci", "shop"]
    assert mp.accounts.show().name == "shop"
    assert mp.Workspace().account == mp.ServiceAccount(
        name="shop",
        region="eu",
        default_project="5",
        username="etl",
        secret=CANARY,
    )
    assert (home / ".mp" / "config.toml").stat().st_mode & 0o777 == 0o600


def test_what_an_account_lacks_is_its_status(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_shop()
    mp.accounts.add("ci", type="oauth_token", region="us", token_env="CI_TOKEN")
    mp.accounts.add("laptop", type="oauth_browser", region="in")
    assert {account.name: account.status for account in mp.accounts.list()} == {
        "ci": "needs_token",
        "laptop": "needs_login",
        "shop": "untested",
    }
    monkeypatch.setenv("CI_TOKEN", CANARY)
    assert mp.accounts.show("ci").status == "untested"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"type": "service_account", "username": "u"}, "account new: secret missing"),
        ({"type": "service_account", "username": "u", "secret": "s", "token": "t"}, "unknown key token"),
        ({"type": "oauth_token"}, "exactly one of token and token_env"),
        ({"type": "oauth_token", "token": "t", "token_env": "T"}, "exactly one of token and token_env"),
        ({"type": "oauth_browser", "secret": "s"}, "unknown key secret"),
        ({"type": "password"}, "type is 'password'; it should be one of service_account"),
        ({"type": "oauth_browser", "region": "mars"}, "no region 'mars'"),
        ({"type": "oauth_browser", "default_project": "demo"}, "named by its number"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(home: Path, fields: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        mp.accounts.add("new", **{"region": "us", **fields})  # type: ignore[arg-type]  # fields of any kind of account
    assert mp.accounts.list() == []


def test_names_are_taken_once_and_spelled_plainly(config_file: Path) -> None:
    with pytest.raises(AccountExistsError, match="an account named 'shop' already"):
        add_shop()
    with pytest.raises(ConfigError, match="use 1 to 64 letters"):
        mp.accounts.add("../x", type="oauth_browser", region="us")
    with pytest.raises(ConfigError, match="a target named 'web' already"):
        mp.targets.add("web", account="ci", project="1")
    assert config_file.read_text() == CONFIG


def test_an_account_is_updated_within_its_type(config_file: Path) -> None:
    mp.accounts.update("shop", region="in", default_project=8)
    assert mp.accounts.show("shop").region == "in"
    assert mp.Workspace(account="shop").project.id == "8"
    with pytest.raises(ConfigError, match="unknown key token"):
        mp.accounts.update("shop", token="t")
    mp.accounts.update("ci", token=CANARY)
    assert mp.accounts.token("ci") == CANARY
    mp.accounts.update("ci", token_env="OTHER")
    with pytest.raises(mp.OAuthError, match="OTHER is not set"):
        mp.accounts.token("ci")
    assert mp.accounts.token("shop") is None
    text = config_file.read_text()
    assert text.startswith("# kept by hand\n")
    assert "# rotated in May" in text
    assert 'theme = "dark"' in text


def test_an_account_in_use_is_removed_only_by_force(config_file: Path) -> None:
    with pytest.raises(AccountInUseError, match="used by target web") as error:
        mp.accounts.remove("ci")
    assert error.value.referenced_by == ["web"]
    assert mp.accounts.remove("ci", force=True) == ["web"]
    assert mp.accounts.remove("shop") == []
    assert mp.session.show() == mp.ActiveSession(None, None)
    with pytest.raises(AccountNotFoundError, match="there is: laptop"):
        mp.accounts.show("ci")
    with pytest.raises(AccountNotFoundError):
        mp.Workspace(target="web")


def test_removing_or_logging_out_leaves_no_token_behind(config_file: Path) -> None:
    environment = Environment()
    for leave in (mp.accounts.logout, mp.accounts.remove):
        for path in (environment.tokens_file("laptop"), environment.me_file("laptop")):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("{}")
        leave("laptop")
        assert not environment.tokens_file("laptop").exists()
        assert not environment.me_file("laptop").exists()


def test_targets_are_saved_used_and_removed(config_file: Path) -> None:
    made = mp.targets.add("app", account="shop", project=6, workspace=60)
    assert made == mp.Target(name="app", account="shop", project="6", workspace=60)
    assert [target.name for target in mp.targets.list()] == ["app", "web"]
    assert mp.targets.show("app") == made
    mp.targets.use("app")
    assert mp.session.show() == mp.ActiveSession("shop", 60)
    assert mp.Workspace().project.id == "6"
    mp.targets.remove("app")
    with pytest.raises(ConfigError, match="no target named 'app'; there is: web"):
        mp.targets.show("app")
    with pytest.raises(AccountNotFoundError):
        mp.targets.add("x", account="nobody", project="1")


def test_the_active_session_is_changed_axis_by_axis(config_file: Path) -> None:
    mp.session.use(workspace=51)
    assert mp.session.show() == mp.ActiveSession("shop", 51)
    mp.session.use(project="5")
    assert mp.session.show() == mp.ActiveSession("shop", 51)
    mp.session.use(project="6")
    assert mp.session.show() == mp.ActiveSession("shop", None)
    mp.session.use(account="laptop", workspace=70)
    assert mp.session.show() == mp.ActiveSession("laptop", 70)
    mp.accounts.use("laptop")
    assert mp.session.show() == mp.ActiveSession("laptop", None)
    mp.session.use(target="web")
    assert mp.session.show() == mp.ActiveSession("ci", 30)
    with pytest.raises(mp.ParamValidationError):
        mp.session.use(target="web", account="ci")
    with pytest.raises(AccountNotFoundError):
        mp.session.use(account="nobody")


def test_a_bridge_carries_an_account_to_a_machine_without_configuration(config_file: Path) -> None:
    file = mp.accounts.export_bridge(to=config_file.parent / "b.json", project="44", workspace=440)
    assert file.stat().st_mode & 0o777 == 0o600
    config_file.unlink()
    ws = mp.Workspace(environment=Environment({"MP_AUTH_FILE": str(file)}))
    assert (ws.account.name, ws.project.id, ws.session.workspace_id) == ("shop", "44", 440)
    assert ws.session.headers == {"X-Cluster": CANARY}
    assert mp.accounts.remove_bridge(at=file)
    assert not mp.accounts.remove_bridge(at=file)


def test_a_browser_account_is_carried_with_its_tokens(config_file: Path) -> None:
    with pytest.raises(mp.OAuthError, match="'laptop' is not logged in"):
        mp.accounts.export_bridge(to=config_file.parent / "b.json", account="laptop")
    tokens = Environment().tokens_file("laptop")
    tokens.parent.mkdir(parents=True)
    tokens.write_text(
        json.dumps(
            {
                "access_token": CANARY,
                "expires_at": "2999-01-01T00:00:00+00:00",
                "token_type": "Bearer",
                "scope": "",
            }
        )
    )
    tokens.chmod(0o600)
    file = mp.accounts.export_bridge(to=config_file.parent / "b.json", account="laptop", project="44")
    config_file.unlink()
    tokens.unlink()
    ws = mp.Workspace(environment=Environment({"MP_AUTH_FILE": str(file)}))
    assert ws.account.type == "oauth_browser"
    assert json.loads(tokens.read_text())["access_token"] == CANARY


def test_testing_an_account_never_raises(home: Path) -> None:
    lost = mp.accounts.test("nobody")
    assert (lost.account_name, lost.ok, lost.error_code) == ("nobody", False, "ACCOUNT_NOT_FOUND")
    assert mp.accounts.test().error_code == "CONFIG_ERROR"
    mp.accounts.add("laptop", type="oauth_browser", region="us")
    assert mp.accounts.test("laptop").error_code == "OAUTH_TOKEN_ERROR"
