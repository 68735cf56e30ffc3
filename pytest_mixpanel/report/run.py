"""What a report is about: one run of checks, its results and its circumstances."""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.verdict import Outcome

if TYPE_CHECKING:
    from pytest_mixpanel.runner.result import CheckResult

NO_OWNER = "no owner"

SEVERITY = (
    Outcome.ERROR,
    Outcome.FAIL,
    Outcome.INCONCLUSIVE,
    Outcome.WARN,
    Outcome.BLOCKED,
    Outcome.WAIVED,
    Outcome.PASS,
)
"""From what needs a reader most to what needs one least."""


@frozen
class Run:
    """One run: where the data lives, the clock it was given, and what every check came to.

    ``project`` is the address; ``now``, ISO 8601, and ``timezone`` are ``None`` where the project could not
    be opened. ``notes`` are labelled facts for the end-of-run block: ``("queries", "14 asked, 5 shared")``.
    """

    project: str
    now: str | None
    timezone: str | None
    results: tuple[CheckResult, ...]
    notes: tuple[tuple[str, str], ...] = field(default=())

    @property
    def title(self) -> str:
        """``project demo, as of 2026-08-28 06:00 Europe/Berlin``."""
        if self.now is None:
            return f"project {self.project}"
        moment = datetime.fromisoformat(self.now)
        if self.timezone and moment.tzinfo:
            moment = moment.astimezone(ZoneInfo(self.timezone))
        return f"project {self.project}, as of {moment:%Y-%m-%d %H:%M} {self.timezone or ''}".rstrip()

    @property
    def counts(self) -> Counter[Outcome]:
        return Counter(result.verdict.outcome for result in self.results)

    def ordered(self) -> list[CheckResult]:
        """The results, the most serious first, else in the order they ran."""
        return sorted(self.results, key=lambda result: severity(result.verdict.outcome))


def severity(outcome: Outcome) -> int:
    """A key for sorting: 0 for what needs a reader most."""
    return SEVERITY.index(outcome)
