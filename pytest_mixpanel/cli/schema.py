"""``pytest-mixpanel schema``: the checks language as JSON Schema, for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def schema(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="a file instead of the screen")
    ] = None,
) -> None:
    """Print the JSON Schema of checks files.

    An editor that speaks the YAML language server's protocol takes it from a first line
    "# yaml-language-server: $schema=PATH".
    """
    from pytest_mixpanel.dsl.schema import json_schema
    from pytest_mixpanel.kinds.registry import grammars

    text = json.dumps(json_schema(grammars()), indent=2, ensure_ascii=False) + "\n"
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
