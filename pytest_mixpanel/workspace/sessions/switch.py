"""From one session to another, as ``Workspace.use`` does it."""

from __future__ import annotations

from dataclasses import replace

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.model import (
    LocalAccount,
    Project,
    Session,
    WorkspaceRef,
    checked_project,
)
from pytest_mixpanel.workspace.sessions.resolve import Asked, Resolved, resolve
from pytest_mixpanel.workspace.sessions.writing import changed_config


def switched(current: Resolved, asked: Asked, environment: Environment) -> Resolved:
    """The session after ``use``; nothing has changed when it raises ``ConfigError``.

    A target or an account is resolved as for a new workspace, and then a workspace is pinned only if the
    call, the target or the environment names it. A project alone keeps the account and unpins the
    workspace; a workspace alone keeps the rest.
    """
    if asked.target is not None:
        return resolve(asked, environment)
    if asked.account is not None or isinstance(current.session.account, LocalAccount):
        return _by_account(asked, environment)
    session, origins = current.session, dict(current.origins)
    if asked.project is not None:
        session = replace(session, project=Project(checked_project(asked.project)), workspace=None)
        origins["project"] = "use(project=)"
        origins.pop("workspace", None)
    if asked.workspace is not None:
        session = replace(session, workspace=WorkspaceRef(asked.workspace, project_id=session.project_id))
        origins["workspace"] = "use(workspace=)"
    return Resolved(session, origins)


def _by_account(asked: Asked, environment: Environment) -> Resolved:
    overruled = environment.without(["account"]) if asked.account is not None else environment
    found = resolve(asked, overruled)
    if asked.workspace is None and environment.workspace() is None:
        kept = {axis: place for axis, place in found.origins.items() if axis != "workspace"}
        return Resolved(replace(found.session, workspace=None), kept)
    return found


def persist(session: Session, environment: Environment) -> None:
    """Make a session the active one of ``config.toml``; the project becomes its account's default.

    Raises ``ConfigError`` where the account is not one of the configuration's.
    """
    path = environment.config_file()
    with changed_config(path) as draft:
        if session.account.name not in draft.names("accounts"):
            raise ConfigError(
                f"account {session.account.name!r} is not in {path}, so it cannot be made the active one; "
                "add it with accounts.add, or leave out persist=True"
            )
        draft.activate(account=session.account.name, workspace=session.workspace_id)
        draft.set_default_project(session.account.name, session.project_id)
