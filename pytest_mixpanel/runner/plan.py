"""What a run would ask: the questions of its checks, equal ones joined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.workspace.transport.rate import HOURLY, Rate


@frozen
class Planned:
    """A question that would be asked, and the checks that wait for it."""

    engine: str
    text: str
    checks: tuple[str, ...]


@frozen
class QueryPlan:
    """``questions`` would be asked once each; ``problems`` are checks that cannot say what they ask."""

    questions: tuple[Planned, ...]
    problems: tuple[tuple[str, str], ...] = ()

    @property
    def saved(self) -> int:
        """Requests that joining saves."""
        return sum(len(question.checks) - 1 for question in self.questions)

    def lines(self, budget: Rate = HOURLY) -> Iterator[str]:
        """The plan for a reader, with what it costs where so many queries are allowed in a time."""
        for number, question in enumerate(self.questions, 1):
            yield f"{number:>3}  {question.engine:<10} {question.text}"
            yield f"     for {', '.join(question.checks)}"
        for name, problem in self.problems:
            yield f"  !  {name}: {problem}"
        engines = Counter(question.engine for question in self.questions)
        told = ", ".join(f"{count} {engine}" for engine, count in sorted(engines.items())) or "none"
        yield f"questions: {told}; {self.saved} saved by joining equal ones"
        asked = len(self.questions)
        wait = max(asked - 1, 0) // budget.count * budget.seconds
        waiting = f"about {-(-wait // 60)} min of waiting" if wait else "no waiting"
        yield f"a live project answers {budget.words()}: {waiting}"
