"""``pytest-mixpanel init``: a first suite to run and to change."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(help="where the suite goes")] = Path("checks"),
) -> None:
    """Copy a starter suite into FOLDER; what is there already is left alone."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for starter in starters():
            typer.echo(f"{_copy(starter, folder / starter.name)}  {folder / starter.name}")
    except OSError as error:
        typer.echo(f"error: {error.filename}: {error.strerror}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"\nNow run: pytest --mixpanel-project=demo {folder}")


def starters() -> list[Traversable]:
    """The files of the starter suite, as the package holds them."""
    folder = files("pytest_mixpanel.cli") / "starter"
    return sorted(
        (file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name
    )


def _copy(source: Traversable, target: Path) -> str:
    try:
        with target.open("xb") as stream:
            stream.write(source.read_bytes())
    except FileExistsError:
        return "kept   "
    return "written"
