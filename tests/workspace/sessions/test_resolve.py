"""Which session is meant: the order of places, for every axis, and what is said when none settles it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_mixpanel import AccountNotFoundError, ConfigError, ParamValidationError
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.model import OAuthTokenAccount
from pytest_mixpanel.workspace.sessions.resolve import Asked, Resolved, resolve
from tests.workspace.sessions.conftest import CANARY, CONFIG, written

SERVICE = {"MP_USERNAME": "env-user", "MP_SECRET": CANARY}
ALL_FOUR = {**SERVICE, "MP_PROJECT_ID": "1", "MP_REGION": "in"}


def resolved(asked: dict[str, Any] | None = None, environment: dict[str, str] | None = None) -> Resolved:
    return resolve(Asked(**(asked or {})), Environment(environment or {}))


# Each row: environment, arguments, whether there is a bridge; then the value that counts and its origin.
# The order is that of the workspace API: environment, argument, target, bridge, configuration. The rows are
# put to the published client too (test_published_client).
ACCOUNTS: list[tuple[dict[str, str], dict[str, Any], bool, str, str]] = [
    (ALL_FOUR, {"account": "ci"}, True, "env-service-account", "environment MP_USERNAME and MP_SECRET"),
    (ALL_FOUR, {"target": "web"}, True, "env-service-account", "environment MP_USERNAME and MP_SECRET"),
    (
        {"MP_OAUTH_TOKEN": CANARY, "MP_PROJECT_ID": "1", "MP_REGION": "us"},
        {"account": "shop"},
        True,
        "env-oauth-token",
        "environment MP_OAUTH_TOKEN",
    ),
    (
        {**ALL_FOUR, "MP_OAUTH_TOKEN": CANARY},
        {},
        True,
        "env-service-account",
        "environment MP_USERNAME and MP_SECRET",
    ),
    (SERVICE, {"account": "ci", "project": "9"}, True, "ci", "argument account="),
    ({}, {"account": "ci"}, True, "ci", "argument account="),
    ({}, {"target": "web"}, True, "ci", "target web"),
    ({}, {}, True, "courier", "bridge"),
    ({}, {}, False, "shop", "[active]"),
    (SERVICE, {}, False, "shop", "[active]"),
]
PROJECTS: list[tuple[dict[str, str], dict[str, Any], bool, str, str]] = [
    ({"MP_PROJECT_ID": "1"}, {"project": "2"}, True, "1", "environment MP_PROJECT_ID"),
    ({"MP_PROJECT_ID": "1"}, {"target": "web"}, True, "1", "environment MP_PROJECT_ID"),
    ({}, {"project": "2"}, True, "2", "argument project="),
    ({}, {"target": "web"}, True, "3", "target web"),
    ({}, {}, True, "4", "bridge"),
    ({}, {"account": "laptop"}, True, "4", "bridge"),
    ({}, {}, False, "5", "default_project of account shop"),
    ({}, {"account": "laptop"}, False, "7", "default_project of account laptop"),
]
WORKSPACES: list[tuple[dict[str, str], dict[str, Any], bool, int | None, str]] = [
    ({"MP_WORKSPACE_ID": "10"}, {"workspace": 20}, True, 10, "environment MP_WORKSPACE_ID"),
    ({"MP_WORKSPACE_ID": "10"}, {"target": "web"}, True, 10, "environment MP_WORKSPACE_ID"),
    ({}, {"workspace": 20}, True, 20, "argument workspace="),
    ({}, {"target": "web"}, True, 30, "target web"),
    ({}, {}, True, 40, "bridge"),
    ({}, {}, False, 50, "[active]"),
    # a remembered workspace belongs to the project beside it
    ({}, {"project": "5"}, False, 50, "[active]"),
    ({}, {"project": "6"}, False, None, ""),
    ({}, {"account": "laptop"}, False, None, ""),
    ({}, {"project": "6"}, True, None, ""),
    ({"MP_PROJECT_ID": "1"}, {"target": "web"}, False, None, ""),
]


@pytest.mark.parametrize(
    ("axis", "environment", "asked", "with_bridge", "value", "origin"),
    [
        *(("account", *row) for row in ACCOUNTS),
        *(("project", *row) for row in PROJECTS),
        *(("workspace", *row) for row in WORKSPACES),
    ],
)
def test_each_axis_is_settled_by_the_first_place_that_says_it(
    config_file: Path,
    put_bridge: Callable[..., Path],
    axis: str,
    environment: dict[str, str],
    asked: dict[str, Any],
    with_bridge: bool,
    value: object,
    origin: str,
) -> None:
    if with_bridge:
        put_bridge()
    found = resolved(asked, environment)
    session = found.session
    settled = {
        "account": session.account.name,
        "project": session.project_id,
        "workspace": session.workspace_id,
    }
    assert settled[axis] == value
    assert origin in found.origins.get(axis, "")


def test_without_another_account_an_incomplete_environment_serves(home: Path) -> None:
    session = resolved({"project": "9"}, SERVICE).session
    assert (session.account.name, session.region, session.project_id) == ("env-service-account", "us", "9")
    token = resolved({"project": "9"}, {"MP_OAUTH_TOKEN": CANARY}).session.account
    assert isinstance(token, OAuthTokenAccount)


def test_a_region_that_is_asked_for_overrules_the_accounts(config_file: Path) -> None:
    assert resolved().session.region == "eu"
    assert resolved({"region": "us"}).session.region == "us"
    with pytest.raises(ConfigError, match="no region 'mars'; there are us, eu, in"):
        resolved({"region": "mars"})


def test_headers_come_from_bridge_configuration_and_environment(
    config_file: Path, put_bridge: Callable[..., Path]
) -> None:
    assert dict(resolved().session.headers) == {"X-Cluster": CANARY}
    put_bridge({"headers": {"X-Cluster": "blue"}})
    assert dict(resolved().session.headers) == {"X-Cluster": "blue"}
    own = {"MP_CUSTOM_HEADER_NAME": "X-Own", "MP_CUSTOM_HEADER_VALUE": "1"}
    assert dict(resolved(environment=own).session.headers) == {"X-Cluster": "blue", "X-Own": "1"}


def test_the_bridge_is_looked_for_in_three_places(home: Path, put_bridge: Callable[..., Path]) -> None:
    put_bridge({"project": "42"}, path=home / "mixpanel_auth.json")
    assert resolved().session.project_id == "42"
    put_bridge({"project": "41"})
    assert resolved().session.project_id == "41"
    named = put_bridge({"project": "40"}, path=home / "elsewhere.json")
    assert resolved(environment={"MP_AUTH_FILE": str(named)}).session.project_id == "40"


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"MP_PROJECT_ID": "shop"}, "MP_PROJECT_ID 'shop': a live project is named by its number"),
        ({"MP_WORKSPACE_ID": "0"}, "MP_WORKSPACE_ID '0'"),
        ({"MP_WORKSPACE_ID": "-3"}, "MP_WORKSPACE_ID '-3'"),
        ({**ALL_FOUR, "MP_REGION": "mars"}, "MP_REGION: no region 'mars'"),
    ],
)
def test_a_variable_of_the_wrong_kind_is_named(
    config_file: Path, environment: dict[str, str], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        resolved(environment=environment)


def test_empty_variables_count_as_unset(config_file: Path) -> None:
    assert resolved(environment=dict.fromkeys(ALL_FOUR, "")).session.account.name == "shop"


def test_a_target_excludes_the_other_axes() -> None:
    for axis in ({"account": "ci"}, {"project": "1"}, {"workspace": 1}):
        with pytest.raises(ParamValidationError, match=f"leave out {next(iter(axis))}") as error:
            resolved({"target": "web", **axis})
        assert error.value.code == "WS1_TARGET_MUTUALLY_EXCLUSIVE"
        assert isinstance(error.value, ValueError)


def test_unknown_accounts_and_targets_are_answered_with_those_there_are(config_file: Path) -> None:
    with pytest.raises(
        AccountNotFoundError, match="no account named 'shp'; there is: ci, laptop, shop"
    ) as error:
        resolved({"account": "shp"})
    assert error.value.available_accounts == ["ci", "laptop", "shop"]
    with pytest.raises(ConfigError, match="no target named 'wbe'; there is: web"):
        resolved({"target": "wbe"})


def test_what_is_missing_is_said_with_how_to_give_it(home: Path) -> None:
    with pytest.raises(ConfigError, match=r"MP_USERNAME and MP_SECRET not set.*account add"):
        resolved({"project": "9"})
    written(home / ".mp" / "config.toml", CONFIG.replace('account = "shop"\nworkspace = 50\n', "", 1))
    with pytest.raises(ConfigError, match=r"say Workspace\(account=…\), one of: ci, laptop"):
        resolved({"project": "9"})
    with pytest.raises(ConfigError, match="no project: account 'ci' has no default_project"):
        resolved({"account": "ci"})


def test_an_overruled_axis_of_the_environment_is_silent(config_file: Path) -> None:
    environment = Environment({**ALL_FOUR, "MP_WORKSPACE_ID": "10"}).without(["project", "workspace"])
    session = resolve(Asked(project="8"), environment).session
    assert (session.account.name, session.project_id, session.workspace_id) == (
        "env-service-account",
        "8",
        None,
    )
