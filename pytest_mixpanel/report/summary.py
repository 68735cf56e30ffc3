"""The block at the end of a run: where, when, how many of which verdict, whose."""

from __future__ import annotations

from collections import Counter, defaultdict

from pytest_mixpanel.core.verdict import Outcome
from pytest_mixpanel.core.words import counted
from pytest_mixpanel.report.run import NO_OWNER, SEVERITY, Run
from pytest_mixpanel.report.terminal import WORDS
from pytest_mixpanel.report.text import one_line, wrap

_ORDER = (
    Outcome.PASS,
    Outcome.WARN,
    Outcome.FAIL,
    Outcome.INCONCLUSIVE,
    Outcome.ERROR,
    Outcome.BLOCKED,
    Outcome.WAIVED,
)
_UNLISTED = (Outcome.PASS, Outcome.BLOCKED, Outcome.WAIVED)
_LABEL = 10


def heading(run: Run) -> str:
    """``mixpanel: project demo, as of 2026-08-28``."""
    return one_line(f"mixpanel: {run.title}")


def summary(run: Run, width: int = 100) -> list[str]:
    """The lines under the heading, none wider than ``width`` columns."""
    rows = [("", _counted(run)), *run.notes, ("owners", _owners(run)), ("blocked", _blocked(run))]
    lines: list[str] = []
    for label, text in rows:
        if not text:
            continue
        indent = _LABEL if label else 0
        body = wrap(one_line(text), max(40, width) - indent - 1)
        lines += [f" {label if index == 0 else '':<{indent}}{line}" for index, line in enumerate(body)]
    return lines


def _counted(run: Run) -> str:
    counts = run.counts
    parts = [counted(len(run.results), "check")]
    parts += [f"{counts[outcome]} {WORDS[outcome].lower()}" for outcome in _ORDER if counts[outcome]]
    return "   ".join(parts)


def _owners(run: Run) -> str:
    """Who has something to look at, the busiest first."""
    tally: dict[str, Counter[Outcome]] = defaultdict(Counter)
    for result in run.results:
        if result.verdict.outcome not in _UNLISTED:
            tally[result.owner or NO_OWNER][result.verdict.outcome] += 1
    rank = sorted(tally, key=lambda owner: ([-tally[owner][outcome] for outcome in SEVERITY], owner))
    return " · ".join(f"{owner} {_told(tally[owner])}" for owner in rank)


def _told(counts: Counter[Outcome]) -> str:
    return ", ".join(f"{counts[outcome]} {WORDS[outcome].lower()}" for outcome in SEVERITY if counts[outcome])


def _blocked(run: Run) -> str:
    waiting = [result for result in run.results if result.verdict.outcome is Outcome.BLOCKED]
    return " · ".join(f"{result.id}: {result.explanation.headline}" for result in waiting)
