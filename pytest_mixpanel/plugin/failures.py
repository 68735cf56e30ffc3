"""How a check that fails or cannot be measured is raised, and how pytest shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pytest_mixpanel.plugin.masking import mask_known

if TYPE_CHECKING:
    from pytest_mixpanel.core.errors import MixpanelHeadlessError
    from pytest_mixpanel.runner.result import CheckResult


class Terminal(Protocol):
    """The part of pytest's terminal writer that a panel needs."""

    hasmarkup: bool

    @property
    def fullwidth(self) -> int: ...

    def line(self, s: str = "") -> None: ...


@dataclass(slots=True)
class Crash:
    """Where pytest's summaries say that it went wrong, and in what words."""

    path: str
    lineno: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.lineno}: {self.message}"


class Panel:
    """A check's explanation where pytest wants a representation of a failure: painted in a terminal only."""

    def __init__(self, result: CheckResult) -> None:
        self._result = result
        self.reprcrash = Crash(str(result.path), result.line, mask_known(result.explanation.headline))

    def __str__(self) -> str:
        return panel_text(self._result)

    def toterminal(self, tw: Terminal) -> None:
        for line in panel_text(self._result, width=tw.fullwidth, colour=tw.hasmarkup).splitlines():
            tw.line(line)


class CheckFailed(AssertionError):
    """A check came to *fail*; ``result`` holds its verdict and explanation."""

    def __init__(self, result: CheckResult) -> None:
        super().__init__(panel_text(result))
        self.result = result


class Trouble(Exception):
    """Something kept a check from being measured; it is shown by its words alone, without a traceback."""

    longrepr: Panel | str


class CheckNotMeasured(Trouble):
    """A check came to *error*; ``result`` says why."""

    def __init__(self, result: CheckResult) -> None:
        super().__init__(panel_text(result))
        self.result = result
        self.longrepr = Panel(result)


class ProjectNotOpened(Trouble):
    """The project cannot be opened; ``error`` is the client's."""

    def __init__(self, error: MixpanelHeadlessError) -> None:
        super().__init__(error.message)
        self.error = error
        self.longrepr = error.message


class ChecksFileBroken(Trouble):
    """A checks file cannot be read; the text shows every problem of it."""

    def __init__(self, problems: str) -> None:
        super().__init__(problems)
        self.longrepr = problems


def panel_text(result: CheckResult, *, width: int = 100, colour: bool = False) -> str:
    """The panel of a check, without the secrets that are known."""
    from pytest_mixpanel.report.terminal import Face, panel

    face = Face(width=width, colour=colour, unicode=_can_print("▁→−…"))
    return mask_known(panel(result.name, result.verdict.outcome, result.explanation, face))


def _can_print(characters: str) -> bool:
    import sys

    encoding = getattr(sys.__stdout__, "encoding", None) or "utf-8"
    try:
        characters.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
