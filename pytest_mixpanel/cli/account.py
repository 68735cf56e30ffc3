"""``pytest-mixpanel account``: the accounts of the configuration.

A secret is never an argument, which other users and the shell's history would see: it is read from a
variable or a file, or asked for.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from pytest_mixpanel.cli.told import told

app = typer.Typer(help="Accounts of live projects, kept in ~/.mp/config.toml.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="what the account is called")]
Maybe = Annotated[str | None, typer.Argument(help="the account; the active one by default")]


@app.command("list")
@told
def list_() -> None:
    """List the accounts; the active one is starred."""
    from pytest_mixpanel import accounts

    for one in accounts.list():
        mark = "*" if one.is_active else " "
        project = one.default_project or "-"
        typer.echo(f"{mark} {one.name:<20} {one.type:<16} {one.region:<3} project {project:<10} {one.status}")


@app.command()
@told
def add(
    name: Name,
    type: Annotated[
        str, typer.Option(help="service_account, oauth_token or oauth_browser")
    ] = "service_account",
    region: Annotated[str | None, typer.Option(help="us, eu or in; found out by default")] = None,
    project: Annotated[str | None, typer.Option(help="the project it asks by default, by number")] = None,
    username: Annotated[str | None, typer.Option(help="of a service account")] = None,
    token_env: Annotated[str | None, typer.Option(help="the variable that holds the token")] = None,
    secret_file: Annotated[
        Path | None,
        typer.Option(help="the file that holds the secret or token; MP_SECRET or asked by default"),
    ] = None,
) -> None:
    """Add an account."""
    from pytest_mixpanel import accounts

    given: dict[str, Any] = {"type": type, "region": region, "default_project": project}
    if type == "service_account":
        given["username"] = username or os.environ.get("MP_USERNAME") or typer.prompt("Username")
        given["secret"] = _secret(secret_file, "MP_SECRET", "Secret")
    elif type == "oauth_token" and token_env is not None:
        given["token_env"] = token_env
    elif type == "oauth_token":
        given["token"] = _secret(secret_file, "MP_OAUTH_TOKEN", "Token")
    added = accounts.add(name, **given)
    typer.echo(
        f"added {added.name} ({added.type}, {added.region}){', now active' if added.is_active else ''}"
    )


@app.command()
@told
def remove(
    name: Name, force: Annotated[bool, typer.Option("--force", help="even if targets use it")] = False
) -> None:
    """Remove an account with its tokens."""
    from pytest_mixpanel import accounts

    orphans = accounts.remove(name, force=force)
    typer.echo(
        f"removed {name}" + (f"; target {', '.join(orphans)} refers to nothing now" if orphans else "")
    )


@app.command()
@told
def use(name: Name) -> None:
    """Make an account the active one."""
    from pytest_mixpanel import accounts

    accounts.use(name)
    typer.echo(f"{name} is active")


@app.command()
@told
def test(name: Maybe = None) -> None:  # noqa: PT028  # no test, but a command
    """Ask the service whether it accepts an account; exit 1 if not."""
    from pytest_mixpanel import accounts

    result = accounts.test(name)
    if not result.ok:
        typer.echo(f"{result.account_name or 'no account'}: {result.error}", err=True)
        raise typer.Exit(1)
    who = result.user.email if result.user and result.user.email else "accepted"
    typer.echo(f"{result.account_name}: {who}, {result.accessible_project_count} projects")


@app.command()
@told
def login(
    name: Name,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="only show the address")] = False,
) -> None:
    """Log a browser account in."""
    from pytest_mixpanel import accounts

    result = accounts.login(name, open_browser=not no_browser)
    typer.echo(f"{name} is logged in until {result.expires_at:%Y-%m-%d %H:%M} UTC")


@app.command()
@told
def logout(name: Name) -> None:
    """Delete the tokens of an account."""
    from pytest_mixpanel import accounts

    accounts.logout(name)
    typer.echo(f"{name} is logged out")


def _secret(file: Path | None, variable: str, what: str) -> Any:
    from pytest_mixpanel.core.secret import Secret

    if file is not None:
        return Secret(file.read_text(encoding="utf-8").strip())
    return Secret(os.environ.get(variable) or typer.prompt(what, hide_input=True))
