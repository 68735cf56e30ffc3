"""``pytest-mixpanel schema``: the checks language as JSON Schema, for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def schema(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="a file instead of the screen")
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="the language of tracking plans instead")] = False,
) -> None:
    """Print the JSON Schema of checks files, or of tracking plans.

    An editor that speaks the YAML language server's protocol takes it from a first line
    "# yaml-language-server: $schema=PATH".
    """
    text = json.dumps(_of_plans() if plan else _of_checks(), indent=2, ensure_ascii=False) + "\n"
    if output is None:
        typer.echo(text, nl=False)
    else:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            typer.echo(f"error: {output} could not be written: {error.strerror}", err=True)
            raise typer.Exit(1) from error


def _of_checks() -> dict[str, Any]:
    from pytest_mixpanel.dsl.schema import json_schema
    from pytest_mixpanel.kinds.registry import grammars

    return json_schema(grammars())


def _of_plans() -> dict[str, Any]:
    from pytest_mixpanel.lexicon.reader import PLAN

    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, "title": "pytest-mixpanel tracking plan", **PLAN.schema()}
