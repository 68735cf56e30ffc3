"""``config.toml``: accounts, targets, what is active, settings. Reading it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, TypeVar

from pytest_mixpanel.core.errors import AccountNotFoundError, ConfigError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.secret import SecretValues, hidden
from pytest_mixpanel.workspace.sessions.guarded import read_guarded
from pytest_mixpanel.workspace.sessions.model import (
    Account,
    OAuthBrowserAccount,
    OAuthTokenAccount,
    ServiceAccount,
    Target,
    checked_name,
    checked_workspace,
)

T = TypeVar("T")
Table = Mapping[str, Any]

KINDS: dict[str, tuple[Callable[..., Account], frozenset[str]]] = {
    "service_account": (ServiceAccount, frozenset({"username", "secret"})),
    "oauth_browser": (OAuthBrowserAccount, frozenset()),
    "oauth_token": (OAuthTokenAccount, frozenset({"token", "token_env"})),
}
COMMON = frozenset({"type", "region", "default_project"})
OPEN = frozenset({*COMMON, "name", "username", "token_env"})
SHOWN = {
    "accounts": OPEN,
    "targets": frozenset({"account", "project", "workspace"}),
    "active": frozenset({"account", "workspace"}),
    "settings": frozenset({"name"}),
}
"""What may be shown of a section; anything else might be a secret under a wrong name."""


@frozen
class Config:
    """A configuration as written; a block is checked when it is asked for. Secrets are masked already."""

    path: Path
    accounts: Mapping[str, Table] = field(default_factory=dict)
    targets: Mapping[str, Table] = field(default_factory=dict)
    active_account: str | None = None
    active_workspace: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def account(self, name: str) -> Account:
        """Raises ``AccountNotFoundError`` with the names there are, ``ConfigError`` for a broken block."""
        if name not in self.accounts:
            raise AccountNotFoundError(name, sorted(self.accounts))
        return account_from({"name": name, **self.accounts[name]}, f"{self.path}: [accounts.{name}]")

    def target(self, name: str) -> Target:
        """Raises ``ConfigError`` for an unknown target or a broken block."""
        if name not in self.targets:
            known = ", ".join(sorted(self.targets)) or "none is configured"
            raise ConfigError(
                f"no target named {name!r}; there is: {known}", details={"target": name, "known": known}
            )
        where = f"{self.path}: [targets.{name}]"
        given = _known_keys(self.targets[name], {"account", "project", "workspace"}, where)
        return _made(where, given, lambda: Target(**{"name": name, "account": "", "project": "", **given}))

    def users_of(self, account: str) -> list[str]:
        """The targets that refer to an account."""
        return sorted(name for name, table in self.targets.items() if table.get("account") == account)


def account_from(given: Table, where: str) -> Account:
    """The account of a block with its name; raises ``ConfigError`` that begins with ``where``."""
    kind = given.get("type")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ConfigError(f"{where}: type is {kind!r}; it should be one of {', '.join(KINDS)}")
    make, own = KINDS[kind]
    _known_keys(given, {"name", *COMMON, *own}, where)
    needed = {"region", "username", "secret"} & (COMMON | own)
    if absent := sorted(needed - set(given)):
        raise ConfigError(f"{where}: {', '.join(absent)} missing")
    return _made(where, given, lambda: make(**given))


def _made(where: str, given: Table, make: Callable[[], T]) -> T:
    try:
        return make()
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from None


def _known_keys(given: Table, known: set[str], where: str) -> Table:
    if unknown := sorted(set(given) - known):
        raise ConfigError(f"{where}: unknown key {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return given


def read_config(path: Path) -> Config:
    """Read a configuration; none is an empty one. Raises ``ConfigError`` that names place and problem."""
    data = _parsed(path)
    unknown = sorted(set(data) - {"active", "accounts", "targets", "settings"})
    if unknown:
        raise ConfigError(f"{path}: unknown section {', '.join(unknown)}")
    for section, tables in data.items():
        if not isinstance(tables, dict):
            raise ConfigError(f"{path}: {section} should be a section, [{section}]")
    for section in ("accounts", "targets"):
        for name, table in data.get(section, {}).items():
            checked_name(name, section[:-1])
            if not isinstance(table, dict):
                raise ConfigError(f"{path}: {section}.{name} should be a section, [{section}.{name}]")
    active = _known_keys(data.get("active", {}), {"account", "workspace"}, f"{path}: [active]")
    account, workspace = active.get("account"), active.get("workspace")
    if account is not None:
        checked_name(account, f"{path}: [active] account")
    if workspace is not None:
        checked_workspace(workspace, f"{path}: [active] workspace")
    return Config(
        path,
        data.get("accounts", {}),
        data.get("targets", {}),
        account,
        workspace,
        _header(path, data.get("settings", {})),
    )


def _parsed(path: Path) -> dict[str, Any]:
    """The file's values, its secrets masked. No variable here holds the plain text; see ``guarded``."""
    if not os.path.lexists(path):
        return {}
    import tomllib

    try:
        return _masked(tomllib.loads(read_guarded(path) or ""))
    except tomllib.TOMLDecodeError as error:
        problem = str(error)
    raise ConfigError(f"{path} is not TOML: {problem}")


def _masked(data: dict[str, Any]) -> dict[str, Any]:
    return {section: hidden(table, SHOWN.get(section, ())) for section, table in data.items()}


def _header(path: Path, settings: Table) -> SecretValues:
    given = settings.get("custom_header")
    if given is None:
        return SecretValues()
    if not (isinstance(given, dict) and {"name", "value"} <= set(given)):
        raise ConfigError(f"{path}: settings.custom_header should be {{ name = …, value = … }}")
    return SecretValues({str(given["name"]): given["value"].get_secret_value()})
