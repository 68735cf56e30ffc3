"""``pytest_mixpanel.accounts``: the accounts of ``config.toml``, tested, logged in and carried elsewhere.

Nothing here shows a secret, but ``token``, which is asked for one.
"""

from __future__ import annotations

import builtins
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pytest_mixpanel.core.errors import (
    AccountExistsError,
    AccountInUseError,
    ConfigError,
    MixpanelHeadlessError,
)
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.secret import Secret
from pytest_mixpanel.workspace.sessions.active import activate, configuration
from pytest_mixpanel.workspace.sessions.authorize import bearer
from pytest_mixpanel.workspace.sessions.bridge import Bridge, write_bridge
from pytest_mixpanel.workspace.sessions.config import Config, account_from
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.login import log_in
from pytest_mixpanel.workspace.sessions.model import (
    Account,
    AccountType,
    OAuthBrowserAccount,
    OAuthTokenAccount,
    Region,
    checked_name,
    checked_project,
    checked_workspace,
)
from pytest_mixpanel.workspace.sessions.regions import probe_region
from pytest_mixpanel.workspace.sessions.tokens import read_tokens
from pytest_mixpanel.workspace.sessions.writing import changed_config

__all__ = [
    "AccountSummary",
    "AccountTestResult",
    "MeUserInfo",
    "OAuthLoginResult",
    "add",
    "export_bridge",
    "list",
    "login",
    "logout",
    "remove",
    "remove_bridge",
    "show",
    "test",
    "token",
    "update",
    "use",
]

Status = Literal["ok", "needs_login", "needs_token", "untested"]


@frozen
class AccountSummary:
    """An account without its secrets. ``status`` is what can be told without asking the service."""

    name: str
    type: AccountType
    region: Region
    status: Status = "untested"
    is_active: bool = False
    referenced_by_targets: builtins.list[str] = field(default_factory=builtins.list)
    default_project: str | None = None


@frozen
class MeUserInfo:
    """Whose credentials they are."""

    id: int | None = None
    email: str | None = None


@frozen
class AccountTestResult:
    """Whether the service accepts an account; where it does not, why."""

    account_name: str
    ok: bool
    user: MeUserInfo | None = None
    accessible_project_count: int | None = None
    error: str | None = None
    error_code: str | None = None
    error_details: dict[str, Any] | None = None


@frozen
class OAuthLoginResult:
    """A login that succeeded, and where its tokens lie."""

    account_name: str
    user: MeUserInfo | None
    expires_at: datetime
    tokens_path: Path
    client_path: Path


def list() -> builtins.list[AccountSummary]:
    """All accounts, by name."""
    environment = Environment()
    config = configuration(environment)
    return [_summary(config, name, environment) for name in sorted(config.accounts)]


def show(name: str | None = None) -> AccountSummary:
    """One account, the active one by default; raises ``AccountNotFoundError``."""
    environment = Environment()
    config = configuration(environment)
    return _summary(config, _named(config, name), environment)


def add(
    name: str,
    *,
    type: AccountType,
    region: Region | None = None,
    default_project: str | int | None = None,
    username: str | None = None,
    secret: Secret | str | None = None,
    token: Secret | str | None = None,
    token_env: str | None = None,
) -> AccountSummary:
    """Add an account; the first one becomes the active one.

    Without ``region`` the service is asked which of its regions knows the credentials; a browser account is
    in ``us`` then. Raises ``AccountExistsError``, ``ConfigError`` for fields that do not belong to the type,
    ``RegionProbeError``.
    """
    environment = Environment()
    checked_name(name)
    if name in configuration(environment).accounts:
        raise AccountExistsError(f"there is an account named {name!r} already; update or remove it")
    account = _made(
        name=name,
        type=type,
        region=region or "us",
        default_project=None if default_project is None else checked_project(default_project),
        username=username,
        secret=_kept(secret),
        token=_kept(token),
        token_env=token_env,
    )
    if region is None and not isinstance(account, OAuthBrowserAccount):
        account = replace(account, region=probe_region(account, environment))
    with changed_config(environment.config_file()) as draft:
        config = configuration(environment)
        if name in config.accounts:
            raise AccountExistsError(f"there is an account named {name!r} already; update or remove it")
        draft.put_account(account)
        if not config.accounts:
            draft.activate(account=name, workspace=None)
    return show(name)


def update(
    name: str,
    *,
    region: Region | None = None,
    default_project: str | int | None = None,
    username: str | None = None,
    secret: Secret | str | None = None,
    token: Secret | str | None = None,
    token_env: str | None = None,
) -> AccountSummary:
    """Change what is given of an account; its type stays. ``token`` and ``token_env`` replace each other.

    Raises ``AccountNotFoundError``, ``ConfigError`` for fields that do not belong to its type.
    """
    environment = Environment()
    with changed_config(environment.config_file()) as draft:
        before = configuration(environment).account(name)
        kept = {key: getattr(before, key, None) for key in ("username", "secret", "token", "token_env")}
        if token is not None or token_env is not None:
            kept["token"] = kept["token_env"] = None
        changes = {
            "region": region,
            "default_project": None if default_project is None else checked_project(default_project),
            "username": username,
            "secret": _kept(secret),
            "token": _kept(token),
            "token_env": token_env,
        }
        given = {key: value for key, value in changes.items() if value is not None}
        same = {"name": name, "type": before.type, "region": before.region}
        draft.put_account(_made(**{**same, "default_project": before.default_project, **kept, **given}))
    return show(name)


def remove(name: str, *, force: bool = False) -> builtins.list[str]:
    """Remove an account with its tokens; returns the targets that refer to nothing now.

    Raises ``AccountInUseError`` where targets refer to it, unless ``force``; ``AccountNotFoundError``.
    """
    environment = Environment()
    with changed_config(environment.config_file()) as draft:
        config = configuration(environment)
        users = config.users_of(_named(config, name))
        if users and not force:
            raise AccountInUseError(
                f"account {name!r} is used by target {', '.join(users)}; remove those first, or force it",
                users,
            )
        draft.drop("accounts", name)
        if config.active_account == name:
            draft.activate(account=None, workspace=None)
    _forget(name, environment)
    return users


def use(name: str) -> None:
    """Make an account the active one; no workspace is pinned then."""
    activate(Environment(), account=name)


def token(name: str | None = None) -> str | None:
    """The bearer token of an account, renewed if need be; ``None`` for a service account, which has none.

    Raises ``OAuthError`` where there is no token, ``AccountNotFoundError``.
    """
    environment = Environment()
    config = configuration(environment)
    found = bearer(config.account(_named(config, name)), environment)
    return found.get_secret_value() if found is not None else None


def test(name: str | None = None) -> AccountTestResult:  # noqa: PT028  # no test, but a public name
    """Ask the service who an account is; never raises: ``ok`` and ``error`` tell."""
    environment = Environment()
    asked_for = name or ""
    try:
        config = configuration(environment)
        account = config.account(_named(config, name))
        asked_for = account.name
        user, projects = _whoami(account, environment)
    except MixpanelHeadlessError as error:
        return AccountTestResult(
            asked_for, False, error=error.message, error_code=error.code, error_details=error.details
        )
    return AccountTestResult(asked_for, True, user, projects)


def login(name: str, *, open_browser: bool = True) -> OAuthLoginResult:
    """Log a browser account in, and keep its tokens.

    The page is opened in the browser and its address written to standard error; ``open_browser=False``
    only writes it. Raises ``OAuthError``, whose ``code`` says which step failed.
    """
    environment = Environment()
    account = configuration(environment).account(name)
    if not isinstance(account, OAuthBrowserAccount):
        raise ConfigError(f"account {name!r} is of type {account.type}; only oauth_browser accounts log in")
    tokens = log_in(account, environment, open_browser=open_browser)
    try:
        user, _ = _whoami(account, environment)
    except MixpanelHeadlessError:
        user = None  # the login stands; who it is can be asked again
    return OAuthLoginResult(
        name,
        user,
        tokens.expires_at,
        environment.tokens_file(name),
        environment.client_file(account.region),
    )


def logout(name: str) -> None:
    """Delete the tokens of an account, and what ``me`` answered; raises ``AccountNotFoundError``."""
    environment = Environment()
    configuration(environment).account(name)
    _forget(name, environment)


def export_bridge(
    *, to: Path, account: str | None = None, project: str | int | None = None, workspace: int | None = None
) -> Path:
    """Write a bridge file with the credentials of an account, for a machine without configuration.

    It holds secrets: whoever has the file is the account. Raises ``ConfigError``, ``OAuthError`` for a
    browser account that is not logged in.
    """
    environment = Environment()
    config = configuration(environment)
    found = config.account(_named(config, account))
    tokens = None
    if isinstance(found, OAuthBrowserAccount):
        bearer(found, environment)  # renews what has run out, and says so where nobody is logged in
        tokens = read_tokens(environment.tokens_file(found.name))
    return write_bridge(
        Bridge(
            found,
            to,
            tokens,
            None if project is None else checked_project(project),
            None if workspace is None else checked_workspace(workspace),
            config.headers,
        )
    )


def remove_bridge(*, at: Path | None = None) -> bool:
    """Delete a bridge file, the one that is found by default; tells whether there was one."""
    for path in (at,) if at is not None else Environment().bridge_files():
        if path.exists() or path.is_symlink():
            path.unlink()
            return True
    return False


def _named(config: Config, name: str | None) -> str:
    """The account that is meant, the active one by default."""
    chosen = name if name is not None else config.active_account
    if chosen is None:
        raise ConfigError(f"{config.path} has no active account; name one")
    config.account(chosen)
    return chosen


def _made(**given: Any) -> Account:
    return account_from(
        {key: value for key, value in given.items() if value is not None}, f"account {given['name']}"
    )


def _kept(value: Any) -> Secret | None:
    if value is None:
        return None
    reveal = getattr(value, "get_secret_value", None)
    return Secret(reveal() if reveal else value)


def _summary(config: Config, name: str, environment: Environment) -> AccountSummary:
    account = config.account(name)
    assert account.type != "local"
    return AccountSummary(
        name,
        account.type,
        account.region,
        _status(account, environment),
        config.active_account == name,
        config.users_of(name),
        account.default_project,
    )


def _status(account: Account, environment: Environment) -> Status:
    if isinstance(account, OAuthBrowserAccount):
        return "ok" if environment.tokens_file(account.name).exists() else "needs_login"
    if (
        isinstance(account, OAuthTokenAccount)
        and account.token_env
        and not environment.get(account.token_env)
    ):
        return "needs_token"
    return "untested"


def _whoami(account: Account, environment: Environment) -> tuple[MeUserInfo, int]:
    """Ask anew who an account is; the answer is kept for ``Workspace.me``."""
    from pytest_mixpanel.workspace.opening import Opening
    from pytest_mixpanel.workspace.sessions.model import Project, Session
    from pytest_mixpanel.workspace.sessions.resolve import Resolved

    session = Session(account=account, project=Project(account.default_project or "0"))
    connection = Opening(environment=environment).open_session(Resolved.given(session))
    try:
        answer = connection.seen.me(force_refresh=True)
    finally:
        connection.close()
    return MeUserInfo(answer.user_id, answer.user_email), len(answer.projects)


def _forget(name: str, environment: Environment) -> None:
    for path in (environment.tokens_file(name), environment.me_file(name)):
        path.unlink(missing_ok=True)
