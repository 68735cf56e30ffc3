"""``pytest-mixpanel session`` and ``pytest-mixpanel target``: what is active, and saved combinations."""

from __future__ import annotations

from typing import Annotated

import typer

from pytest_mixpanel.cli.told import told

session = typer.Typer(help="Which account, project and workspace are meant.", no_args_is_help=True)
target = typer.Typer(help="Saved combinations of account, project and workspace.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="what the target is called")]


@session.command("show")
@told
def show_session() -> None:
    """Show the session as a workspace would settle it, and where each part was said."""
    from pytest_mixpanel.workspace.sessions.environment import Environment
    from pytest_mixpanel.workspace.sessions.resolve import Asked, resolve

    for line in resolve(Asked(), Environment()).lines():
        typer.echo(line)


@session.command("use")
@told
def use_session(
    account: Annotated[str | None, typer.Option(help="an account of the configuration")] = None,
    project: Annotated[str | None, typer.Option(help="a project's number")] = None,
    workspace: Annotated[int | None, typer.Option(help="a workspace's id")] = None,
) -> None:
    """Change what is active in the configuration."""
    from pytest_mixpanel.workspace.sessions import session as active

    active.use(account=account, project=project, workspace=workspace)
    show_session()


@target.command("list")
@told
def list_targets() -> None:
    """List the targets."""
    from pytest_mixpanel import targets

    for one in targets.list():
        typer.echo(
            f"{one.name:<20} account {one.account:<16} project {one.project:<10} {_pinned(one.workspace)}"
        )


@target.command("add")
@told
def add_target(
    name: Name,
    account: Annotated[str, typer.Option(help="an account of the configuration")],
    project: Annotated[str, typer.Option(help="a project's number")],
    workspace: Annotated[int | None, typer.Option(help="a workspace's id")] = None,
) -> None:
    """Save a target."""
    from pytest_mixpanel import targets

    targets.add(name, account=account, project=project, workspace=workspace)
    typer.echo(f"added {name}; use it with --mixpanel-target={name}")


@target.command("use")
@told
def use_target(name: Name) -> None:
    """Make a target's account, project and workspace the active ones."""
    from pytest_mixpanel import targets

    targets.use(name)
    typer.echo(f"{name} is active")


@target.command("remove")
@told
def remove_target(name: Name) -> None:
    """Forget a target; its account stays."""
    from pytest_mixpanel import targets

    targets.remove(name)
    typer.echo(f"removed {name}")


def _pinned(workspace: int | None) -> str:
    return f"workspace {workspace}" if workspace else ""
