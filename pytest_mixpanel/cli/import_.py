"""``pytest-mixpanel import``: exported events as a store, read once and mapped from then on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pytest_mixpanel.engine.importing.report import Reading

STDIN = "-"


def import_(
    source: Annotated[str, typer.Argument(help="a file or folder of exported events; - is standard input")],
    into: Annotated[Path, typer.Option(help="the folder of the store")],
    time_zone: Annotated[str | None, typer.Option(help="the project's time zone, as Europe/Berlin")] = None,
) -> None:
    """Read exported events into a store, which is a project: pytest --mixpanel-project=STORE.

    Run it again to add what is new: files that are in the store are not read again, the events of changed
    ones are replaced, those of files that are no longer in their folder are left out.

    A path works as a project without this, too: its events are read when they are first asked for, and kept
    in the user's cache. A store of their own can be moved, shared and cached by CI.
    """
    from pytest_mixpanel.core.errors import MixpanelHeadlessError

    try:
        _import(source, into, time_zone)
    except (MixpanelHeadlessError, OSError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error


def _import(source: str, into: Path, time_zone: str | None) -> None:
    import shutil
    import sys
    import tempfile

    from pytest_mixpanel.engine.importing.open import import_source

    with tempfile.TemporaryDirectory() as spool:
        path = Path(source)
        if source == STDIN:
            path = Path(spool) / "standard-input.jsonl"
            with path.open("wb") as kept:
                shutil.copyfileobj(sys.stdin.buffer, kept)
        opened = import_source(path, into, time_zone, _told)
    if opened.change is not None and opened.change.summary():
        typer.echo(opened.change.summary())
    typer.echo(opened.report.summary())
    if opened.rejected_file is not None:
        typer.echo(f"rejected lines and their reasons: {opened.rejected_file}")
    typer.echo(f"\nNow run: pytest --mixpanel-project={into}/ checks/")


def _told(far: Reading) -> None:
    typer.echo(f"{far.events:,} events", err=True)
