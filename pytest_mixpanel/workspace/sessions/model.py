"""Who asks, of what: accounts, projects, workspaces, targets and the session they make.

An account is told apart by its ``type``. Values are checked when they are made (``ConfigError``); secrets are
kept in ``Secret`` and shown by nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, Literal, TypeGuard, get_args

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.secret import Secret, SecretValues

Region = Literal["us", "eu", "in"]
AccountType = Literal["service_account", "oauth_browser", "oauth_token"]

REGIONS: tuple[Region, ...] = get_args(Region)
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def is_region(text: object) -> TypeGuard[Region]:
    return text in REGIONS


def checked_name(name: object, what: str = "account") -> str:
    """A name as the configuration allows; raises ``ConfigError``."""
    if isinstance(name, str) and NAME.fullmatch(name):
        return name
    raise ConfigError(f"{what} name {name!r}: use 1 to 64 letters, digits, '-' and '_'")


def checked_region(region: object) -> Region:
    if is_region(region):
        return region
    raise ConfigError(f"no region {region!r}; there are {', '.join(REGIONS)}")


def checked_project(project: object, what: str = "project") -> str:
    """A live project's number as text; raises ``ConfigError``."""
    if isinstance(project, int) and not isinstance(project, bool):
        project = str(project)
    if isinstance(project, str) and project.isascii() and project.isdecimal():
        return project
    raise ConfigError(f"{what} {project!r}: a live project is named by its number, such as 1234567")


def checked_workspace(workspace: object, what: str = "workspace") -> int:
    if isinstance(workspace, int) and not isinstance(workspace, bool) and workspace > 0:
        return workspace
    raise ConfigError(f"{what} {workspace!r}: a workspace is named by its id, a positive whole number")


@frozen(kw_only=True)
class _Named:
    name: str
    region: Region
    default_project: str | None = None

    def __post_init__(self) -> None:
        checked_name(self.name)
        checked_region(self.region)
        if self.default_project is not None:
            object.__setattr__(self, "default_project", checked_project(self.default_project))


@frozen(kw_only=True)
class ServiceAccount(_Named):
    """A machine account: a user name and a secret."""

    username: str
    secret: Secret
    type: Literal["service_account"] = "service_account"

    if TYPE_CHECKING:  # a text becomes a Secret

        def __init__(
            self,
            *,
            name: str,
            region: Region,
            default_project: str | None = None,
            username: str,
            secret: Secret | str,
            type: Literal["service_account"] = "service_account",
        ) -> None: ...

    def __post_init__(self) -> None:
        _Named.__post_init__(self)
        if not (isinstance(self.username, str) and self.username):
            raise ConfigError(f"account {self.name!r}: a service account needs a username")
        object.__setattr__(self, "secret", _secret(self.secret))
        if not self.secret:
            raise ConfigError(f"account {self.name!r}: a service account needs a secret")


@frozen(kw_only=True)
class OAuthTokenAccount(_Named):
    """A bearer token, written down (``token``) or named by an environment variable (``token_env``)."""

    token: Secret | None = None
    token_env: str | None = None
    type: Literal["oauth_token"] = "oauth_token"

    if TYPE_CHECKING:  # a text becomes a Secret

        def __init__(
            self,
            *,
            name: str,
            region: Region,
            default_project: str | None = None,
            token: Secret | str | None = None,
            token_env: str | None = None,
            type: Literal["oauth_token"] = "oauth_token",
        ) -> None: ...

    def __post_init__(self) -> None:
        _Named.__post_init__(self)
        if self.token is not None:
            object.__setattr__(self, "token", _secret(self.token))
        if bool(self.token) == bool(self.token_env):
            raise ConfigError(f"account {self.name!r}: say exactly one of token and token_env")


@frozen(kw_only=True)
class OAuthBrowserAccount(_Named):
    """A person, logged in with the browser; the tokens lie in a file of their own."""

    type: Literal["oauth_browser"] = "oauth_browser"


@frozen(kw_only=True)
class LocalAccount:
    """Whoever asks a project on this machine: nobody has to log in. ``address`` is where the project is."""

    name: str = "local"
    address: str | None = None
    region: Region = "us"
    default_project: str | None = None
    type: Literal["local"] = "local"


Account = ServiceAccount | OAuthTokenAccount | OAuthBrowserAccount | LocalAccount
"""Any account; ``type`` tells which."""


@frozen
class Project:
    """A project; two are equal when their ids are, whatever else is known of them. ``str`` is its name."""

    id: str
    name: str | None = field(default=None, compare=False)
    organization_id: int | None = field(default=None, compare=False)
    timezone: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", checked_project(self.id))

    def __str__(self) -> str:
        return self.name or self.id


@frozen
class WorkspaceRef:
    """A workspace of a project (Mixpanel calls them data views); equal when the ids are."""

    id: int
    name: str | None = field(default=None, compare=False)
    is_default: bool | None = field(default=None, compare=False)
    project_id: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        checked_workspace(self.id)

    def __str__(self) -> str:
        return self.name or str(self.id)


@frozen(kw_only=True)
class Target:
    """A saved combination of account, project and perhaps workspace."""

    name: str
    account: str
    project: str
    workspace: int | None = None

    def __post_init__(self) -> None:
        checked_name(self.name, "target")
        checked_name(self.account)
        object.__setattr__(self, "project", checked_project(self.project))
        if self.workspace is not None:
            checked_workspace(self.workspace)


@frozen(kw_only=True)
class Session:
    """An account, a project, perhaps a pinned workspace, and headers that go with every request."""

    account: Account
    project: Project
    workspace: WorkspaceRef | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "headers", SecretValues(self.headers))

    @property
    def project_id(self) -> str:
        return self.project.id

    @property
    def workspace_id(self) -> int | None:
        """The pinned workspace's id, ``None`` where none is pinned."""
        return self.workspace.id if self.workspace else None

    @property
    def region(self) -> Region:
        return self.account.region


def _secret(value: Any) -> Secret:
    """A secret from text, one of ours, or anything with ``get_secret_value``, such as pydantic's."""
    reveal = getattr(value, "get_secret_value", None)
    return Secret(reveal() if reveal else value)
