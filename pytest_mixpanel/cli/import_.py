"""``pytest-mixpanel import``: exported events as a store, read once and mapped from then on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pytest_mixpanel.engine.importing.report import Progress, Reading

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
    import sys

    from pytest_mixpanel.core.zones import known_zone
    from pytest_mixpanel.engine.importing.open import import_source, import_stream

    if time_zone is not None:
        known_zone(time_zone, "--time-zone")
    with _shown() as told:
        if source == STDIN:
            opened = import_stream(sys.stdin.buffer, into, time_zone, told)
        else:
            opened = import_source(Path(source), into, time_zone, told)
    if opened.change is not None and opened.change.summary():
        typer.echo(opened.change.summary())
    typer.echo(opened.report.summary())
    if opened.rejected_file is not None:
        typer.echo(f"rejected lines and their reasons: {opened.rejected_file}")
    typer.echo(f"\nNow run: pytest --mixpanel-project={into}/ checks/")


@contextmanager
def _shown() -> Iterator[Progress]:
    """A bar in a terminal; elsewhere a line now and then."""
    import sys

    if not sys.stderr.isatty():
        yield lambda far: typer.echo(_line(far), err=True)
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress as Bar, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def show(far: Reading) -> None:
            bar.update(task, description=_counts(far), completed=far.bytes, total=far.size)

        yield show


def _line(far: Reading) -> str:
    from rich.filesize import decimal

    of_size = "" if far.size is None else f" of {decimal(far.size)}"
    return f"{_counts(far)}, {decimal(far.bytes)}{of_size}"


def _counts(far: Reading) -> str:
    from pytest_mixpanel.core.words import counted

    rejected = f", {counted(far.rejected, 'line')} rejected" if far.rejected else ""
    return f"{counted(far.events, 'event')}{rejected}"
