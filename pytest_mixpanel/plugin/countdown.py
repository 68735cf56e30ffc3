"""Shows why the client waits and how long, past pytest's capturing: a run that waits does not hang."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TextIO

import pytest

SHORTEST = 3.0
"""Seconds; shorter waits are not worth a word."""

REPEATED = 60.0
"""Seconds between the lines where one cannot be redrawn."""


class Countdown:
    """Told the reason and the seconds left, once a second.

    On a terminal one line counts down and vanishes at the end; elsewhere, and in workers, whose lines would
    overwrite each other, there is a line at the beginning and one a minute.
    """

    def __init__(self, config: pytest.Config, *, redraws: bool, stream: TextIO | None = None) -> None:
        self._capture: Any = config.pluginmanager.getplugin("capturemanager")
        self._redraws, self._stream = redraws, stream
        self._said_at: float | None = None

    def __call__(self, reason: str, left: float) -> None:
        if self._said_at is None and left < SHORTEST:
            return
        with self._uncaptured():
            stream = self._stream or sys.stderr
            if self._redraws and stream.isatty():
                stream.write("\r\x1b[K" + (line(reason, left) if left > 0 else ""))
            elif self._said_at is None or (left > 0 and self._said_at - left >= REPEATED):
                stream.write(f"\n{line(reason, left)}\n")
            else:
                self._said_at = self._said_at if left > 0 else None
                return
            stream.flush()
        self._said_at = left if left > 0 else None

    def _uncaptured(self) -> AbstractContextManager[Any]:
        if self._capture is None:
            return nullcontext()
        disabled: Callable[[], AbstractContextManager[Any]] = self._capture.global_and_fixture_disabled
        return disabled()


def line(reason: str, left: float) -> str:
    """``mixpanel: waiting 2 min 5 s: the budget of 60/h is used up``."""
    minutes, seconds = divmod(round(left), 60)
    length = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    return f"mixpanel: waiting {length}: {reason}"
