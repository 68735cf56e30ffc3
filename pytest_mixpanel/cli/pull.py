"""``pytest-mixpanel pull``: a live project's events and profiles as a folder, to run checks on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pytest_mixpanel.core.time import DateRange
    from pytest_mixpanel.workspace.pull import Progress, Pulled, Step
    from pytest_mixpanel.workspace.workspace import Workspace


def pull(
    project: Annotated[str, typer.Argument(help="the project's number")],
    into: Annotated[Path, typer.Option(help="the folder to fill; default: PROJECT")] = Path(),
    first: Annotated[str, typer.Option("--from", help="the first day, as 2026-03-01")] = "",
    last: Annotated[str, typer.Option("--to", help="the last day; default: yesterday")] = "",
    region: Annotated[str | None, typer.Option(help="us, eu or in")] = None,
    time_zone: Annotated[
        str | None, typer.Option(help="the project's time zone, where the account is not told it")
    ] = None,
    profiles: Annotated[bool, typer.Option(help="copy the user profiles, too")] = True,
) -> None:
    """Copy the events of PROJECT into a folder, a file a day.

    Run it again to go on after an interruption, or to add the days since: days that are there and settled
    stay, days whose late events may still have come are copied anew. Without --from the last 90 days.
    """
    from pytest_mixpanel.core.errors import MixpanelHeadlessError

    folder = into if into != Path() else Path(project)
    try:
        found = _pull(project, folder, first, last, region, time_zone, profiles)
    except (MixpanelHeadlessError, OSError) as error:
        from pytest_mixpanel.workspace.pull import has_days

        kept = "\nWhat was copied is kept; the same command goes on from there." if has_days(folder) else ""
        typer.echo(f"error: {error}{kept}", err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        typer.echo("stopped; the same command goes on from here", err=True)
        raise typer.Exit(130) from None
    typer.echo(_told(found, folder))


def _pull(
    project: str,
    folder: Path,
    first: str,
    last: str,
    region: str | None,
    zone: str | None,
    profiles: bool,
) -> Pulled:
    from pytest_mixpanel.workspace import Workspace
    from pytest_mixpanel.workspace.pull import pull as copy

    with Workspace(project=project, region=region, time_zone=zone) as workspace, _shown() as progress:
        if not workspace.learn_time_zone():
            progress = _saying(
                "the project's time zone is not told: days are UTC's; see --time-zone", progress
            )
        return copy(
            workspace,
            folder,
            _days(first, last, workspace),
            project=str(workspace.project.id),
            time_zone=workspace.timezone,
            now=workspace.now,
            profiles=profiles,
            progress=progress,
        )


def _days(first: str, last: str, workspace: Workspace) -> DateRange:
    from zoneinfo import ZoneInfo

    from pytest_mixpanel.core.time import DateRange

    yesterday = workspace.now.astimezone(ZoneInfo(workspace.timezone)).date() - timedelta(days=1)
    end = _day("--to", last) if last else yesterday
    begin = _day("--from", first) if first else end - timedelta(days=89)
    if end < begin:
        raise typer.BadParameter(f"--from {begin} lies after {'--to' if last else 'yesterday,'} {end}")
    return DateRange(begin, end)


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{option}: {text!r} is no day; write 2026-03-01") from None


def _told(found: Pulled, folder: Path) -> str:
    from pytest_mixpanel.core.words import counted

    copied = f"{counted(found.events, 'event')} of {counted(found.days, 'day')}"
    kept = f", {counted(found.kept, 'day')} kept" if found.kept else ""
    people = f", {counted(found.profiles, 'profile')}" if found.profiles else ""
    return f"{copied}{kept}{people} → {folder}\n\nNow run: pytest --mixpanel-project={folder}/ checks/"


def _saying(notice: str, progress: Progress) -> Progress:
    """A notice before the first step, so that what is refused before it is not taken for its consequence."""
    said: list[str] = []

    def tell(step: Step) -> None:
        if not said:
            said.append(notice)
            typer.echo(notice, err=True)
        progress(step)

    return tell


@contextmanager
def _shown() -> Iterator[Progress]:
    """A bar in a terminal; elsewhere a line a day."""
    import sys

    if not sys.stderr.isatty():
        yield _line
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress as Bar, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("days", total=None)

        def show(step: Step) -> None:
            what = f"{step.day}" if step.day else "profiles"
            bar.update(
                task, description=f"{what}  {step.lines:>9,}", completed=step.done, total=step.days or None
            )

        yield show


def _line(step: Step) -> None:
    if step.finished:
        what = f"{step.day}  ({step.done} of {step.days})" if step.day else "profiles"
        typer.echo(f"{what}  {step.lines:,}", err=True)
