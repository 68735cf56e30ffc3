"""The commands by name. A command imports what it needs when it runs, so that ``--help`` stays quick."""

from __future__ import annotations

from typing import Annotated

import typer

from pytest_mixpanel.cli import account, cache, session
from pytest_mixpanel.cli.doctor import doctor
from pytest_mixpanel.cli.help import help
from pytest_mixpanel.cli.import_ import import_
from pytest_mixpanel.cli.init import init
from pytest_mixpanel.cli.pull import pull
from pytest_mixpanel.cli.schema import schema
from pytest_mixpanel.cli.serve import serve

app = typer.Typer(
    name="pytest-mixpanel",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",  # paragraphs flow, as those of a docstring are meant to
    pretty_exceptions_show_locals=False,
)


def _tell_version(asked: bool) -> None:
    if asked:
        from pytest_mixpanel.core.version import VERSION

        typer.echo(f"pytest-mixpanel {VERSION}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="say which version this is"),
    ] = False,
) -> None:
    """Tests for product analytics. Checks are run by pytest: pytest --mixpanel-project=demo checks/"""


app.command()(init)
app.command()(doctor)
app.command()(schema)
app.command()(pull)
app.command("import")(import_)
app.command()(help)
app.command()(serve)
app.add_typer(cache.app, name="cache")
app.add_typer(account.app, name="account")
app.add_typer(session.target, name="target")
app.add_typer(session.session, name="session")
