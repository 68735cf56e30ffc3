"""Files with checks that are not called as checks files are: pytest passes them over in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from pytest_mixpanel.plugin.state import State

_CHECKS = re.compile(r"^checks:\s*(#.*)?$", re.MULTILINE)
_MOST_FILES = 100
_MOST_CHARACTERS = 100_000


def show(terminal: pytest.TerminalReporter, state: State, patterns: Sequence[str]) -> None:
    """Name those of the files that no test came of, in a run without tests."""
    here = terminal.config.invocation_params.dir
    for path in _with_checks(state.passed_over):
        shown = path.relative_to(here) if path.is_relative_to(here) else path
        terminal.write_line(
            f"mixpanel: {shown} has checks, but is not called {' or '.join(patterns)}: "
            "rename it, or name its pattern in the ini key mixpanel_files"
        )


def _with_checks(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths[:_MOST_FILES]:
        try:
            with path.open(encoding="utf-8", errors="replace") as stream:
                text = stream.read(_MOST_CHARACTERS)
        except OSError:
            continue
        if _CHECKS.search(text):
            yield path
