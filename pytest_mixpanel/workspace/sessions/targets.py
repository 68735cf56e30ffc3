"""``pytest_mixpanel.targets``: saved combinations of account, project and perhaps workspace."""

from __future__ import annotations

import builtins

from pytest_mixpanel.core.errors import AccountNotFoundError, ConfigError
from pytest_mixpanel.workspace.sessions.active import activate_target, configuration
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.model import Target, checked_project
from pytest_mixpanel.workspace.sessions.writing import changed_config

__all__ = ["Target", "add", "list", "remove", "show", "use"]


def add(name: str, *, account: str, project: str | int, workspace: int | None = None) -> Target:
    """Save a target; raises ``ConfigError`` for a name in use, ``AccountNotFoundError``."""
    target = Target(name=name, account=account, project=checked_project(project), workspace=workspace)
    environment = Environment()
    with changed_config(environment.config_file()) as draft:
        config = configuration(environment)
        if name in config.targets:
            raise ConfigError(f"there is a target named {name!r} already; remove it first")
        if account not in config.accounts:
            raise AccountNotFoundError(account, sorted(config.accounts))
        draft.put_target(target)
    return target


def list() -> builtins.list[Target]:
    """All targets, by name."""
    config = configuration(Environment())
    return [config.target(name) for name in sorted(config.targets)]


def show(name: str) -> Target:
    """One target; raises ``ConfigError`` with the names there are."""
    return configuration(Environment()).target(name)


def use(name: str) -> None:
    """Make the target's account, project and workspace the active ones."""
    activate_target(Environment(), show(name))


def remove(name: str) -> None:
    """Forget a target; its account stays."""
    environment = Environment()
    with changed_config(environment.config_file()) as draft:
        configuration(environment).target(name)
        draft.drop("targets", name)
