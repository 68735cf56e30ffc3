"""The bridge file: credentials carried to a machine that has no configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from pytest_mixpanel.core.errors import ConfigError, OAuthError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.secret import SecretValues, hidden
from pytest_mixpanel.workspace.sessions.config import OPEN, account_from
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.guarded import locked, read_guarded, write_guarded
from pytest_mixpanel.workspace.sessions.model import Account, checked_project, checked_workspace
from pytest_mixpanel.workspace.sessions.tokens import SHOWN, Tokens, read_tokens, write_tokens

VERSION = 2
KEYS = {"version", "account", "tokens", "project", "workspace", "headers"}


@frozen
class Bridge:
    """What a bridge file says. ``tokens`` are those of a browser account, and of no other."""

    account: Account
    path: Path
    tokens: Tokens | None = None
    project: str | None = None
    workspace: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def find_bridge(environment: Environment) -> Bridge | None:
    """The first bridge file that is there; raises ``ConfigError`` for one that cannot be used."""
    for path in environment.bridge_files():
        if (bridge := read_bridge(path)) is not None:
            return bridge
    return None


def read_bridge(path: Path) -> Bridge | None:
    """A bridge file, ``None`` where there is none."""
    data = _parsed(path)
    if data is None:
        return None
    if unknown := sorted(set(data) - KEYS):
        raise ConfigError(f"{path}: unknown key {', '.join(unknown)}")
    if data.get("version") != VERSION:
        raise ConfigError(f"{path}: version is {data.get('version')!r}; this reads version {VERSION}")
    account, tokens = data.get("account"), data.get("tokens")
    if not isinstance(account, dict):
        raise ConfigError(f"{path}: account is missing")
    made = account_from(account, f"{path}: account")
    if (made.type == "oauth_browser") != (tokens is not None):
        raise ConfigError(f"{path}: tokens belong to an oauth_browser account, and to no other")
    headers = data.get("headers") or SecretValues()
    if not isinstance(headers, SecretValues):
        raise ConfigError(f"{path}: headers should be an object of texts")
    project, workspace = data.get("project"), data.get("workspace")
    return Bridge(
        made,
        path,
        None if tokens is None else Tokens.parse(tokens, str(path)),
        None if project is None else checked_project(project, f"{path}: project"),
        None if workspace is None else checked_workspace(workspace, f"{path}: workspace"),
        headers,
    )


def _parsed(path: Path) -> dict[str, Any] | None:
    """The file's values with its secrets masked; see ``guarded`` for why no variable holds the text."""
    try:
        return _masked(path, json.loads(read_guarded(path) or "null"))
    except ValueError:
        pass
    raise ConfigError(f"{path} is not JSON")


def _masked(path: Path, data: Any) -> dict[str, Any] | None:
    if data is None:
        return None
    if not isinstance(data, dict):
        del data
        raise ConfigError(f"{path} should be a JSON object")
    return {key: _masked_part(key, value) for key, value in data.items()}


def _masked_part(key: str, value: Any) -> Any:
    if value is None or key in ("version", "project", "workspace"):
        return value
    if key == "tokens":
        return hidden(value, SHOWN)
    if key == "headers" and isinstance(value, dict):
        return SecretValues({str(name): str(text) for name, text in value.items()})
    return hidden(value, OPEN)


def deliver_tokens(bridge: Bridge, environment: Environment) -> None:
    """Put a bridge's tokens where the account's are kept, unless those there last longer."""
    if bridge.tokens is None:
        return
    path = environment.tokens_file(bridge.account.name)
    with locked(path):
        try:
            there = read_tokens(path)
        except OAuthError:
            there = None
        if there is None or there.expires_at < bridge.tokens.expires_at:
            write_tokens(path, bridge.tokens)


def write_bridge(bridge: Bridge) -> Path:
    """Write a bridge file for its owner alone."""
    write_guarded(bridge.path, json.dumps(_written(bridge), indent=2) + "\n")
    return bridge.path


def _written(bridge: Bridge) -> dict[str, Any]:
    from pytest_mixpanel.workspace.sessions.writing import account_table

    said = {
        "version": VERSION,
        "account": {"name": bridge.account.name, **account_table(bridge.account)},
        "tokens": bridge.tokens.written() if bridge.tokens else None,
        "project": bridge.project,
        "workspace": bridge.workspace,
        "headers": dict(bridge.headers) or None,
    }
    return {key: value for key, value in said.items() if value is not None}
