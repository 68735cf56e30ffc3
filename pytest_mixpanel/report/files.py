"""Reports on disk: the kind follows from the suffix, the file appears whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytest_mixpanel.core.files import write_whole
from pytest_mixpanel.core.masking import mask
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
    """Write ``run`` to ``path``, known secrets masked; missing folders are made.

    Raises ``KeyError`` for a suffix outside ``RENDERERS``, ``OSError`` where the file cannot be written.
    """
    write_whole(path, mask(RENDERERS[path.suffix.lower()](run)))
