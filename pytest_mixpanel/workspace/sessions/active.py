"""What is active in ``config.toml``, and changing it."""

from __future__ import annotations

from pytest_mixpanel.core.errors import AccountNotFoundError, ConfigError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.workspace.sessions.config import Config, read_config
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.model import Target, checked_project, checked_workspace
from pytest_mixpanel.workspace.sessions.writing import changed_config


@frozen
class ActiveSession:
    """What ``[active]`` says: an account, perhaps a workspace. The project is the account's default."""

    account: str | None = None
    workspace: int | None = None


def configuration(environment: Environment) -> Config:
    return read_config(environment.config_file())


def active_session(environment: Environment) -> ActiveSession:
    config = configuration(environment)
    return ActiveSession(config.active_account, config.active_workspace)


def activate(
    environment: Environment,
    *,
    account: str | None = None,
    project: str | int | None = None,
    workspace: int | None = None,
) -> None:
    """Make an account, a project and a workspace the active ones; what is not given stays.

    The project becomes the account's default. A workspace does not outlive a change of account or project.
    Raises ``ConfigError`` where there is no account to speak of, ``AccountNotFoundError`` for an unknown one.
    """
    path = environment.config_file()
    with changed_config(path) as draft:
        before = read_config(path)
        name = account if account is not None else before.active_account
        if name is None:
            raise ConfigError(f"{path} has no active account; name one with account=")
        if name not in before.accounts:
            raise AccountNotFoundError(name, sorted(before.accounts))
        number = None if project is None else checked_project(project)
        stays = account is None and number in (None, before.account(name).default_project)
        if workspace is not None:
            checked_workspace(workspace)
        elif stays:
            workspace = before.active_workspace
        draft.activate(account=name, workspace=workspace)
        if number is not None:
            draft.set_default_project(name, number)


def activate_target(environment: Environment, target: Target) -> None:
    """Make a target's account, project and workspace the active ones."""
    activate(environment, account=target.account, project=target.project, workspace=target.workspace)
