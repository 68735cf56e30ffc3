"""Which session is meant: each axis by itself, environment > argument > target > bridge > configuration.

The place that settled an axis is remembered. A workspace that a file remembers belongs to the project beside
it, and is left out where the project came from elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, TypeVar

from pytest_mixpanel.core.errors import ConfigError, ParamValidationError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.secret import SecretValues
from pytest_mixpanel.workspace.sessions.config import Config, read_config
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.model import (
    Account,
    Project,
    Session,
    Target,
    WorkspaceRef,
    checked_project,
    checked_region,
    checked_workspace,
)

if TYPE_CHECKING:
    from pytest_mixpanel.workspace.sessions.bridge import Bridge

T = TypeVar("T")
Found = tuple[T, str] | None
"""A value and where it was said."""


@frozen(kw_only=True)
class Asked:
    """What was asked for by arguments; ``target`` excludes the other three axes."""

    account: str | None = None
    project: str | None = None
    workspace: int | None = None
    target: str | None = None
    region: str | None = None

    def __post_init__(self) -> None:
        others = [name for name in ("account", "project", "workspace") if getattr(self, name) is not None]
        if self.target is not None and others:
            raise ParamValidationError(
                f"target= names account, project and workspace at once; leave out {', '.join(others)}",
                code="WS1_TARGET_MUTUALLY_EXCLUSIVE",
                details={"target": self.target, "others": others},
            )

    @property
    def names_none_but_workspace(self) -> bool:
        return self.account is None and self.project is None and self.target is None


@frozen
class Resolved:
    """A session, and by axis (``account, project, workspace``) where its value was said."""

    session: Session
    origins: Mapping[str, str] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """The session in words, and where each part was said."""
        session, account = self.session, self.session.account
        yield f"account    {account.name} ({account.type}, {account.region}){self._place('account')}"
        yield f"project    {session.project}{self._place('project')}"
        yield f"workspace  {session.workspace or 'none pinned'}{self._place('workspace')}"

    def _place(self, axis: str) -> str:
        place = self.origins.get(axis)
        return f", from {place}" if place else ""

    @classmethod
    def given(cls, session: Session) -> Resolved:
        """A session that was made elsewhere."""
        said = ["account", "project", *(["workspace"] if session.workspace else [])]
        return cls(session, dict.fromkeys(said, "argument session="))


@frozen
class Places:
    """Everything that may settle an axis, read once."""

    environment: Environment
    asked: Asked
    config: Config
    bridge: Bridge | None
    target: Target | None

    @classmethod
    def look(cls, asked: Asked, environment: Environment) -> Places:
        """Read the files; raises ``ConfigError`` for one that cannot be used, or an unknown target."""
        config = read_config(environment.config_file())
        target = config.target(asked.target) if asked.target is not None else None
        return cls(environment, asked, config, _bridge(environment), target)


def _bridge(environment: Environment) -> Bridge | None:
    """The bridge file, which most machines have none of: what reads it is loaded where there is one."""
    if not any(os.path.lexists(path) for path in environment.bridge_files()):
        return None
    from pytest_mixpanel.workspace.sessions.bridge import find_bridge

    return find_bridge(environment)


def resolve(asked: Asked, environment: Environment) -> Resolved:
    """The session that is meant; raises ``ConfigError`` that says what is missing and how to give it."""
    places = Places.look(asked, environment)
    account, account_from = _account(places)
    if asked.region is not None:
        account = replace(account, region=checked_region(asked.region))
    project, project_from = _project(places, account)
    workspace, workspace_from = _workspace(places, account, project)
    session = Session(
        account=account,
        project=Project(project),
        workspace=None if workspace is None else WorkspaceRef(workspace, project_id=project),
        headers=_headers(places),
    )
    origins = {"account": account_from, "project": project_from, "workspace": workspace_from}
    return Resolved(session, {axis: place for axis, place in origins.items() if place})


def _first(candidates: Iterable[Callable[[], Found[T]]]) -> Found[T]:
    return next((found for look in candidates if (found := look()) is not None), None)


def _account(places: Places) -> tuple[Account, str]:
    config, asked, target, bridge = places.config, places.asked, places.target, places.bridge

    def written(name: str | None, place: str) -> Found[Account]:
        return None if name is None else (config.account(name), place)

    found = _first(
        (
            lambda: environment_account(places.environment, asked.region, complete=True),
            lambda: written(asked.account, "argument account="),
            lambda: written(target.account if target else None, f"target {asked.target}"),
            lambda: (bridge.account, f"bridge {bridge.path}") if bridge else None,
            lambda: written(config.active_account, f"{config.path}, [active]"),
            lambda: environment_account(places.environment, asked.region, complete=False),
        )
    )
    if found is None:
        raise ConfigError(_no_account(places))
    if bridge is not None and found[0] is bridge.account:
        from pytest_mixpanel.workspace.sessions.bridge import deliver_tokens

        deliver_tokens(bridge, places.environment)
    return found


def environment_account(environment: Environment, region: str | None, *, complete: bool) -> Found[Account]:
    """The account of the environment.

    ``complete``: only if ``MP_PROJECT_ID`` and ``MP_REGION`` are settled with it, which puts it before all
    others. Without them it still serves where there is no other account.
    """
    if complete:
        said = [] if region is not None else ["MP_REGION"]
        if not environment.settles("MP_PROJECT_ID", *said):
            return None
    where = None if region is None else checked_region(region)
    if (service := environment.service_account(where)) is not None:
        return service, "environment MP_USERNAME and MP_SECRET"
    if (token := environment.token_account(where)) is not None:
        return token, "environment MP_OAUTH_TOKEN"
    return None


def _project(places: Places, account: Account) -> tuple[str, str]:
    asked, target, bridge = places.asked, places.target, places.bridge
    said = places.environment.project()
    found = _first(
        (
            lambda: (said, "environment MP_PROJECT_ID") if said else None,
            lambda: (checked_project(asked.project), "argument project=") if asked.project else None,
            lambda: (target.project, f"target {target.name}") if target else None,
            lambda: (bridge.project, f"bridge {bridge.path}") if bridge and bridge.project else None,
            lambda: default_project(account),
        )
    )
    if found is None:
        raise ConfigError(
            f"no project: account {account.name!r} has no default_project. Say Workspace(project=1234567), "
            "--mixpanel-project=1234567, or set MP_PROJECT_ID"
        )
    return found


def default_project(account: Account) -> Found[str]:
    if account.default_project is None:
        return None
    return account.default_project, f"default_project of account {account.name}"


def _workspace(places: Places, account: Account, project: str) -> tuple[int | None, str]:
    asked, target, bridge, config = places.asked, places.target, places.bridge, places.config
    said = places.environment.workspace()
    active_is_meant = config.active_account == account.name and account.default_project == project
    candidates: list[tuple[int | None, bool, str]] = [
        (said, True, "environment MP_WORKSPACE_ID"),
        (asked.workspace, True, "argument workspace="),
        (
            target.workspace if target else None,
            bool(target and target.project == project),
            f"target {asked.target}",
        ),
        (
            bridge.workspace if bridge else None,
            bool(bridge and (bridge.project or project) == project),
            f"bridge {bridge.path if bridge else ''}",
        ),
        (config.active_workspace, active_is_meant, f"{config.path}, [active]"),
    ]
    for value, fits, place in candidates:
        if value is not None and fits:
            return checked_workspace(value), place
    return None, ""


def _headers(places: Places) -> SecretValues:
    """Extra headers; those of a bridge win over the configuration's, the environment's over both."""
    own = places.bridge.headers if places.bridge else {}
    return SecretValues({**places.config.headers, **own, **places.environment.header()})


def _no_account(places: Places) -> str:
    if places.asked == Asked() and places.environment.project() is None and not places.config.accounts:
        return (
            "no project: say which one. Without an account, use --mixpanel-project=demo or the path of "
            "exported events (in Python Workspace(project=…)); with one, a project's number"
        )
    known = ", ".join(sorted(places.config.accounts))
    choice = (
        f"{places.config.path} has no active account; say Workspace(account=…), one of: {known}"
        if known
        else "A live project needs an account: set MP_USERNAME and MP_SECRET in the environment, or run "
        "pytest-mixpanel account add"
    )
    absent = [name for name in ("MP_USERNAME", "MP_SECRET") if not places.environment.get(name)]
    return (
        f"no credentials: {' and '.join(absent)} not set. {choice}. "
        "Without an account, use --mixpanel-project=demo or the path of exported events"
    )
