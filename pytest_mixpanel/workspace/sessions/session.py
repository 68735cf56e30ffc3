"""``pytest_mixpanel.session``: what is active in ``config.toml``, where nothing else is said."""

from __future__ import annotations

from pytest_mixpanel.workspace.sessions.active import (
    ActiveSession,
    activate,
    activate_target,
    active_session,
    configuration,
)
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.resolve import Asked

__all__ = ["ActiveSession", "show", "use"]


def show() -> ActiveSession:
    """The active account and workspace; raises ``ConfigError`` for a file that cannot be read."""
    return active_session(Environment())


def use(
    *,
    account: str | None = None,
    project: str | int | None = None,
    workspace: int | None = None,
    target: str | None = None,
) -> None:
    """Change what is active; ``target`` names all three and stands alone.

    A project becomes the default of its account; a workspace does not outlive a change of account or project.
    Raises ``ConfigError``, ``AccountNotFoundError``, ``ParamValidationError``.
    """
    environment = Environment()
    named = None if project is None else str(project)
    asked = Asked(account=account, project=named, workspace=workspace, target=target)
    if asked.target is not None:
        activate_target(environment, configuration(environment).target(asked.target))
    else:
        activate(environment, account=account, project=project, workspace=workspace)
