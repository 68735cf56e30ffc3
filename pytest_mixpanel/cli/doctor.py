"""``pytest-mixpanel doctor``: what is installed, what is found, what stands in the way."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

_PACKAGES = ("pytest-mixpanel", "pytest", "pytest-xdist", "httpx", "duckdb", "great-expectations")
_OPTIONAL = {"pytest-xdist"}


@dataclass(frozen=True, slots=True)
class Symptom:
    """One thing looked at. ``is_well`` is ``None`` for what is only told."""

    name: str
    text: str
    is_well: bool | None = None


def doctor(
    project: Annotated[
        str | None, typer.Option(help="also open this project: demo, a number, a path")
    ] = None,
    folder: Annotated[Path, typer.Argument(help="where the checks files are")] = Path(),
) -> None:
    """Look at the installation, the checks files and the project; exit 1 if something is wrong."""
    symptoms = [*_installation(), *_checks(folder), *(_project(project) if project else [])]
    for symptom in symptoms:
        mark = {True: "ok ", False: "BAD", None: "   "}[symptom.is_well]
        typer.echo(f"{mark}  {symptom.name:<18} {symptom.text}")
    if any(symptom.is_well is False for symptom in symptoms):
        raise typer.Exit(1)


def _installation() -> Iterator[Symptom]:
    yield Symptom("python", f"{platform.python_version()} on {platform.system()}")
    for package in _PACKAGES:
        try:
            yield Symptom(package, version(package))
        except PackageNotFoundError:
            needed = package not in _OPTIONAL
            yield Symptom(package, "not installed", False if needed else None)


def _checks(folder: Path) -> Iterator[Symptom]:
    from pytest_mixpanel.dsl.reader import read_checks
    from pytest_mixpanel.kinds.registry import grammars

    if not folder.is_dir():
        yield Symptom("checks", f"there is no folder {folder.resolve()}", False)
        return
    found = sorted(path for path in folder.rglob("*.checks.yaml") if path.is_file() and not _is_hidden(path))
    if not found:
        yield Symptom(
            "checks", f"no *.checks.yaml under {folder.resolve()}; pytest-mixpanel init writes some"
        )
    for path in found:
        file = read_checks(path, grammars(), {})
        told = f"{len(file.checks)} checks"
        if file.problems:
            told = "\n".join(problem.render() for problem in file.problems)
        yield Symptom(str(path), told, not file.problems)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") and part not in (".", "..") for part in path.parts)


def _project(address: str) -> Iterator[Symptom]:
    from pytest_mixpanel.core.errors import MixpanelHeadlessError
    from pytest_mixpanel.workspace import Workspace
    from pytest_mixpanel.workspace.sessions.resolve import Resolved

    try:
        workspace = Workspace(project=address)
        for line in Resolved(workspace.session, workspace.origins).lines():
            yield Symptom("session", line)
        try:
            yield Symptom("project", f"{address}: {len(workspace.events())} events", True)
        finally:
            workspace.close()
    except MixpanelHeadlessError as error:
        yield Symptom("project", str(error), False)
