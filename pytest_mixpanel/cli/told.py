"""Errors of the house on the command line: a line on standard error and exit code 1, never a traceback."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec

import typer

P = ParamSpec("P")


def told(command: Callable[P, None]) -> Callable[P, None]:
    """A command whose errors are told instead of shown as tracebacks."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        from pytest_mixpanel.core.errors import MixpanelHeadlessError

        try:
            command(*args, **kwargs)
        except (MixpanelHeadlessError, OSError) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None

    return run
