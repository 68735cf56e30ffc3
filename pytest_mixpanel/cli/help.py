"""``pytest-mixpanel help``: the manual in the terminal."""

from __future__ import annotations

from typing import Annotated

import typer


def help(
    topic: Annotated[
        list[str] | None,
        typer.Argument(help="a name, types, exceptions, or search WORD; without one, how to ask"),
    ] = None,
) -> None:
    """Say what a name of the package is: its signature, fields, words, one example."""
    from pytest_mixpanel.core.errors import HelpLookupError
    from pytest_mixpanel.manual.help import help_text

    try:
        typer.echo(help_text(" ".join(topic) if topic else None), nl=False)
    except HelpLookupError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
