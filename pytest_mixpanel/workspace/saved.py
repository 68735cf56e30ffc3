"""Saved reports, run by their id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.workspace.connection import Connection
from pytest_mixpanel.workspace.expressions import ranged

if TYPE_CHECKING:  # a method loads the type of its answer when it is called
    from pytest_mixpanel.query.results.legacy.returns import FunnelResult, FunnelResultStep
    from pytest_mixpanel.query.results.legacy.saved import FlowsResult, SavedReportResult

ReportKind = Literal["insights", "funnels", "retention", "flows"]
DAYS = 30
"""Of a funnel's range where a date is not given."""


class SavedReports:
    """What was saved in the project, asked anew."""

    _connection: Connection

    def query_saved_report(
        self,
        bookmark_id: int,
        *,
        bookmark_type: ReportKind = "insights",
        from_date: str | None = None,
        to_date: str | None = None,
    ) -> SavedReportResult:
        """Run a saved report of this kind. The dates are for funnels, by default the last 30 days."""
        from pytest_mixpanel.query.results.legacy.saved import SavedReportResult

        if bookmark_type == "funnels":
            return self._saved_funnel(bookmark_id, from_date, to_date)
        if bookmark_type == "retention":
            query = {"bookmark_id": bookmark_id}
            cohorts = self._connection.ask(endpoints.RETENTION, shape=dict, query=query)
            return _report(bookmark_id, "", list(cohorts), ["$retention"], cohorts)
        if bookmark_type == "flows":
            answer = self._flows(bookmark_id)
            kept = {name: answer.get(name) for name in ("steps", "breakdowns", "overallConversionRate")}
            return SavedReportResult(bookmark_id, answer.get("computed_at", ""), "", "", ["$flows"], kept)
        query = {"bookmark_id": bookmark_id}
        answer = self._connection.ask(endpoints.SAVED_REPORT, shape=dict, query=query)
        span = answer.get("date_range") or {}
        return SavedReportResult(
            bookmark_id,
            answer.get("computed_at", ""),
            span.get("from_date", ""),
            span.get("to_date", ""),
            answer.get("headers") or [],
            answer.get("series") or {},
        )

    def query_saved_flows(self, bookmark_id: int) -> FlowsResult:
        """Run a saved flow."""
        from pytest_mixpanel.query.results.legacy.saved import FlowsResult

        answer = self._flows(bookmark_id)
        return FlowsResult(
            bookmark_id,
            answer.get("computed_at", ""),
            answer.get("steps") or [],
            answer.get("breakdowns") or [],
            answer.get("overallConversionRate") or 0.0,
            answer.get("metadata") or {},
        )

    def funnel(
        self,
        funnel_id: int,
        *,
        from_date: str,
        to_date: str,
        unit: str | None = None,
        on: str | None = None,
    ) -> FunnelResult:
        """A saved funnel on these days, its steps added up over all of them."""
        from pytest_mixpanel.query.results.legacy.returns import FunnelResult

        query = {
            "funnel_id": funnel_id,
            "from_date": from_date,
            "to_date": to_date,
            "unit": unit,
            "on": on,
        }
        with ranged(from_date, to_date):
            answer = self._connection.ask(endpoints.FUNNEL, shape=dict, query=query)
        steps = _summed(answer.get("data") or {})
        overall = steps[-1].count / steps[0].count if steps and steps[0].count else 0.0
        return FunnelResult(funnel_id, "", from_date, to_date, overall, steps)

    def _saved_funnel(
        self, bookmark_id: int, from_date: str | None, to_date: str | None
    ) -> SavedReportResult:
        first, last = _funnel_range(from_date, to_date, self._connection.today)
        query = {"funnel_id": bookmark_id, "from_date": first, "to_date": last}
        with ranged(first, last):
            answer = self._connection.ask(endpoints.FUNNEL, shape=dict, query=query)
        data = answer.get("data") or {}
        return _report(bookmark_id, answer.get("computed_at", ""), list(data), ["$funnel"], data)

    def _flows(self, bookmark_id: int) -> dict[str, Any]:
        query = {"bookmark_id": bookmark_id, "query_type": "flows_sankey"}
        answer: dict[str, Any] = self._connection.ask(endpoints.SAVED_FLOWS, shape=dict, query=query)
        return answer


def _report(
    bookmark_id: int, computed_at: str, days: Sequence[str], headers: list[str], series: dict[str, Any]
) -> SavedReportResult:
    """A report by date: its range is that of its dates."""
    from pytest_mixpanel.query.results.legacy.saved import SavedReportResult

    first, last = (min(days), max(days)) if days else ("", "")
    return SavedReportResult(bookmark_id, computed_at, first, last, headers, series)


def _funnel_range(from_date: str | None, to_date: str | None, today: date) -> tuple[str, str]:
    window = timedelta(days=DAYS)
    if from_date is None:
        last = date.fromisoformat(to_date) if to_date is not None else today
        return (last - window).isoformat(), last.isoformat()
    if to_date is None:
        return from_date, min(date.fromisoformat(from_date) + window, today).isoformat()
    return from_date, to_date


def _summed(data: Mapping[str, Any]) -> list[FunnelResultStep]:
    """Steps over all dates; of a funnel by segment the ``$overall`` ones."""
    from pytest_mixpanel.query.results.legacy.returns import FunnelResultStep

    names: list[str] = []
    counts: list[int] = []
    for found in data.values():
        listed = found.get("steps") or found.get("$overall") or []
        for number, step in enumerate(listed):
            if number == len(counts):
                names.append(step.get("event") or step.get("goal") or f"Step {number + 1}")
                counts.append(0)
            counts[number] += step.get("count") or 0
    rates = [1.0, *(reached / before if before else 0.0 for before, reached in pairwise(counts))]
    return [FunnelResultStep(*step) for step in zip(names, counts, rates, strict=False)]
