"""``pytest-mixpanel cache``: the kept answers of live projects."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    help="The kept answers of live projects: of settled days for good, of others for minutes.",
)

Folder = Annotated[
    Path | None,
    typer.Option("--folder", help="the cache folder, if not MIXPANEL_CACHE or the user's", metavar="DIR"),
]


@app.command()
def show(folder: Folder = None) -> None:
    """Say where answers are kept, how many there are and how large they are."""
    from pytest_mixpanel.workspace.transport.cache import entries

    answers = _answers(folder)
    found = entries(answers)
    size = sum(path.stat().st_size for path in found)
    typer.echo(f"{answers}\n{_counted(len(found))}, {size / 1e6:,.1f} MB")


@app.command()
def clear(folder: Folder = None) -> None:
    """Forget all kept answers; stores of exported events stay.

    Do so after a backfill, a merge of identities or a change of the Lexicon that changes what is past.
    """
    from pytest_mixpanel.workspace.transport import cache

    typer.echo(f"{_counted(cache.clear(_answers(folder)))} forgotten")


def _answers(folder: Path | None) -> Path:
    from pytest_mixpanel.workspace.transport.travel import Travel

    kept = Travel(cache=folder, keeps_answers=True).answers
    assert kept is not None
    return kept


def _counted(number: int) -> str:
    return "1 answer" if number == 1 else f"{number:,} answers"
