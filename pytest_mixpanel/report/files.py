"""Reports on disk: the kind follows from the suffix, the file appears whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from pytest_mixpanel.report.run import Run


def _html(run: Run) -> str:
    from pytest_mixpanel.report.html import html

    return html(run)


def _markdown(run: Run) -> str:
    from pytest_mixpanel.report.markdown import markdown

    return markdown(run)


def _json(run: Run) -> str:
    from pytest_mixpanel.report.records import json_report

    return json_report(run)


def _jsonl(run: Run) -> str:
    from pytest_mixpanel.report.records import jsonl_report

    return jsonl_report(run)


RENDERERS: dict[str, Callable[[Run], str]] = {
    ".html": _html,
    ".md": _markdown,
    ".json": _json,
    ".jsonl": _jsonl,
}


def write_report(run: Run, path: Path) -> None:
    """Write ``run`` to ``path``; missing folders are made.

    Raises ``KeyError`` for a suffix outside ``RENDERERS``, ``OSError`` where the file cannot be written.
    """
    text = RENDERERS[path.suffix.lower()](run)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
