"""A project whose numbers a test chooses: it answers params in the shape Mixpanel answers, by formula."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from pytest_mixpanel.core.time import DateRange
from pytest_mixpanel.query.results.funnel import FunnelQueryResult
from pytest_mixpanel.query.results.insights import QueryResult
from pytest_mixpanel.query.results.retention import RetentionQueryResult

NOW = datetime(2026, 8, 28, 6, tzinfo=UTC)
"""A Friday; the last complete day is Thursday, 27 August."""

Steps = Callable[[date, str], Sequence[int]]
"""Day and segment (``all`` for the whole) → users who reached each step."""


def _steps(day: date, segment: str) -> Sequence[int]:
    return (400, 200, 80)


def _count(day: date, segment: str) -> int:
    return 1000


def _cohort(day: date, segment: str) -> Sequence[int]:
    return (150, 90, 60, 55, 50, 45, 42, 40, 38)


@dataclass
class FakeProject:
    """Counts by day. ``asked`` tallies the questions, ``trouble`` is raised instead of an answer."""

    steps: Steps = _steps
    counts: Callable[[date, str], int] = _count
    cohorts: Callable[[date, str], Sequence[int]] = _cohort
    born: int = 200
    segments: tuple[str, ...] = ()
    known: tuple[str, ...] = ("View Item", "Add to Cart", "Purchase", "Signup", "Login")
    begins: date | None = None
    now: datetime = NOW
    timezone: str = "UTC"
    trouble: Exception | None = None
    asked: Counter[str] = field(default_factory=Counter)

    def events(self) -> Sequence[str]:
        self.asked["events"] += 1
        return self.known

    def properties(self, event: str) -> Sequence[str]:
        self.asked["properties"] += 1
        return ("platform", "country")

    def data_range(self) -> tuple[date, date] | None:
        return (self.begins, self.now.date()) if self.begins else None

    def stream_events(self, *, from_date: str, to_date: str) -> Iterable[Mapping[str, Any]]:
        return iter(())

    def lexicon_schemas(self, *, entity_type: Any = None) -> Sequence[Any]:
        return ()

    def run_query(self, engine: str, params: Mapping[str, Any]) -> Any:
        self.asked[engine] += 1
        if self.trouble:
            raise self.trouble
        first, last = params["sections"]["time"][0]["value"]
        days = DateRange(date.fromisoformat(first), date.fromisoformat(last))
        answer = {"funnels": self._funnel, "insights": self._series, "retention": self._births}[engine]
        parse: Any = {
            "funnels": FunnelQueryResult,
            "insights": QueryResult,
            "retention": RetentionQueryResult,
        }
        return parse[engine].parse(answer(days), params)

    def _funnel(self, days: DateRange) -> dict[str, Any]:
        def leaf(day: date, step: int) -> dict[str, int]:
            return {name: self.steps(day, name)[step] for name in ("all", *self.segments)}

        number = len(self.steps(days.first, "all"))
        trend = {
            f"{day}T00:00:00+00:00": {"count": {f"{n + 1}. s{n}": leaf(day, n) for n in range(number)}}
            for day in days
        }
        return {"series": {"a through b": trend}}

    def _series(self, days: DateRange) -> dict[str, Any]:
        def leaf(segment: str) -> dict[str, int]:
            return {f"{day}T00:00:00+00:00": self.counts(day, segment) for day in days}

        whole = leaf("all")
        return (
            {"series": {"e": {"$overall": whole, **{s: leaf(s) for s in self.segments}}}}
            if (self.segments)
            else {"series": {"e": whole}}
        )

    def _births(self, days: DateRange) -> dict[str, Any]:
        def leaf(segment: str) -> dict[str, Any]:
            born = self.born if segment == "all" else self.born // len(self.segments)
            return {
                str(day): {"first": born, "counts": list(self.cohorts(day, segment)), "rates": []}
                for day in days
            }

        whole = leaf("all")
        segmented = {"$overall": whole, **{segment: leaf(segment) for segment in self.segments}}
        return {"series": {"a and then b": segmented if self.segments else whole}}


def since(day: str, then: Any, before: Any) -> Callable[..., Any]:
    """``before`` until that day, ``then`` from it on; a value, or a function of the segment."""
    start = date.fromisoformat(day)

    def pick(when: date, segment: str = "all") -> Any:
        value = then if when >= start else before
        return value(segment) if callable(value) else value

    return pick
