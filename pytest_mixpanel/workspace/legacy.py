"""The older query calls: counts by expression, retention of two events, frequency, activity."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.api.endpoint import Endpoint
from pytest_mixpanel.core.errors import ResponseValidationError
from pytest_mixpanel.workspace.connection import Connection
from pytest_mixpanel.workspace.expressions import expression, ranged

if TYPE_CHECKING:  # a method loads the type of its answer when it is called
    from pytest_mixpanel.query.results.legacy.activity import ActivityFeedResult, UserEvent
    from pytest_mixpanel.query.results.legacy.base import Counting, NumericUnit, Unit
    from pytest_mixpanel.query.results.legacy.counts import (
        EventCountsResult,
        FrequencyResult,
        NumericAverageResult,
        NumericBucketResult,
        NumericSumResult,
        PropertyCountsResult,
        SegmentationResult,
    )
    from pytest_mixpanel.query.results.legacy.returns import CohortInfo, RetentionResult

LOOK_BACK_DAYS = 30
"""Of an activity feed that names no first day."""


class Legacy:
    """Dates are days, ``YYYY-MM-DD``, both included; ``on`` and ``where`` are segmentation expressions.

    All raise ``DateRangeTooLargeError`` where the service refuses a range for its length.
    """

    _connection: Connection

    def segmentation(
        self,
        event: str,
        *,
        from_date: str,
        to_date: str,
        on: str | None = None,
        unit: Unit = "day",
        where: str | None = None,
    ) -> SegmentationResult:
        """How often an event happened, over time, by the values of ``on`` (a property or an expression)."""
        from pytest_mixpanel.query.results.legacy.counts import SegmentationResult

        by = expression(on) if on is not None else None
        query = {"event": event, "unit": unit, "type": "general", "on": by, "where": where}
        series = self._series(endpoints.SEGMENTATION, from_date, to_date, query)
        total = sum(number for numbers in series.values() for number in numbers.values())
        return SegmentationResult(event, from_date, to_date, unit, on, total, series)

    def event_counts(
        self,
        events: Sequence[str],
        *,
        from_date: str,
        to_date: str,
        type: Counting = "general",
        unit: Unit = "day",
    ) -> EventCountsResult:
        """Several events over time: records, users, or records per user."""
        from pytest_mixpanel.query.results.legacy.counts import EventCountsResult

        query = {"event": json.dumps(list(events)), "type": type, "unit": unit}
        series = self._series(endpoints.EVENT_COUNTS, from_date, to_date, query)
        return EventCountsResult(list(events), from_date, to_date, unit, type, series)

    def property_counts(
        self,
        event: str,
        property_name: str,
        *,
        from_date: str,
        to_date: str,
        type: Counting = "general",
        unit: Unit = "day",
        values: Sequence[str] | None = None,
        limit: int | None = None,
    ) -> PropertyCountsResult:
        """The values of a property over time: those in ``values``, or the ``limit`` most frequent."""
        from pytest_mixpanel.query.results.legacy.counts import PropertyCountsResult

        wanted = json.dumps(list(values)) if values is not None else None
        query = {
            "event": event,
            "name": property_name,
            "type": type,
            "unit": unit,
            "values": wanted,
            "limit": limit,
        }
        series = self._series(endpoints.PROPERTY_COUNTS, from_date, to_date, query)
        return PropertyCountsResult(event, property_name, from_date, to_date, unit, type, series)

    def segmentation_numeric(
        self,
        event: str,
        *,
        from_date: str,
        to_date: str,
        on: str,
        unit: NumericUnit = "day",
        where: str | None = None,
        type: Counting = "general",
    ) -> NumericBucketResult:
        """An event over time by even ranges of a number."""
        from pytest_mixpanel.query.results.legacy.counts import NumericBucketResult

        by = expression(on)
        query = {"event": event, "on": by, "unit": unit, "type": type, "where": where}
        series = self._series(endpoints.SEGMENTATION_NUMERIC, from_date, to_date, query)
        return NumericBucketResult(event, from_date, to_date, on, unit, series)

    def segmentation_sum(
        self,
        event: str,
        *,
        from_date: str,
        to_date: str,
        on: str,
        unit: NumericUnit = "day",
        where: str | None = None,
    ) -> NumericSumResult:
        """The sum of a number over time; what is no number counts as 0."""
        from pytest_mixpanel.query.results.legacy.counts import NumericSumResult

        query = {"event": event, "on": expression(on), "unit": unit, "where": where}
        answer = self._asked(endpoints.SEGMENTATION_SUM, from_date, to_date, query)
        found = answer.get("results") or {}
        return NumericSumResult(event, from_date, to_date, on, unit, found, answer.get("computed_at"))

    def segmentation_average(
        self,
        event: str,
        *,
        from_date: str,
        to_date: str,
        on: str,
        unit: NumericUnit = "day",
        where: str | None = None,
    ) -> NumericAverageResult:
        """The mean of a number over time."""
        from pytest_mixpanel.query.results.legacy.counts import NumericAverageResult

        query = {"event": event, "on": expression(on), "unit": unit, "where": where}
        answer = self._asked(endpoints.SEGMENTATION_AVERAGE, from_date, to_date, query)
        return NumericAverageResult(event, from_date, to_date, on, unit, answer.get("results") or {})

    def retention(
        self,
        *,
        born_event: str,
        return_event: str,
        from_date: str,
        to_date: str,
        born_where: str | None = None,
        return_where: str | None = None,
        interval: int = 1,
        interval_count: int = 10,
        unit: Unit = "day",
    ) -> RetentionResult:
        """Of those who did ``born_event`` for the first time: who came back, by the time since.

        ``interval`` other than 1 is a number of days, which then replaces ``unit``.
        """
        from pytest_mixpanel.query.results.legacy.returns import RetentionResult

        query = {
            "born_event": born_event,
            "event": return_event,
            "retention_type": "birth",
            "interval_count": interval_count,
            "unit": unit if interval == 1 else None,
            "interval": interval if interval != 1 else None,
            "born_where": born_where,
            "where": return_where,
        }
        answer = self._asked(endpoints.RETENTION, from_date, to_date, query)
        cohorts = [_cohort(day, cohort) for day, cohort in sorted(answer.items())]
        return RetentionResult(born_event, return_event, from_date, to_date, unit, cohorts)

    def frequency(
        self,
        *,
        from_date: str,
        to_date: str,
        unit: Unit = "day",
        addiction_unit: Literal["hour", "day"] = "hour",
        event: str | None = None,
        where: str | None = None,
    ) -> FrequencyResult:
        """In how many hours (or days) of each day, week or month users were active."""
        from pytest_mixpanel.query.results.legacy.counts import FrequencyResult

        query = {"unit": unit, "addiction_unit": addiction_unit, "event": event, "where": where}
        answer = self._asked(endpoints.FREQUENCY, from_date, to_date, query)
        return FrequencyResult(event, from_date, to_date, unit, addiction_unit, answer.get("data") or {})

    def activity_feed(
        self, distinct_ids: Sequence[str], *, from_date: str | None = None, to_date: str | None = None
    ) -> ActivityFeedResult:
        """What these users did, event by event; the last 30 days where no dates are given."""
        from pytest_mixpanel.query.results.legacy.activity import ActivityFeedResult

        body = {
            "project_id": self._connection.project_id,
            "workspace_id": self._connection.resolve_workspace_id(),
            "bookmark": {"dateRange": _date_range(from_date, to_date), "entries": []},
            "distinct_ids": list(distinct_ids),
            "mode": "raw",
        }
        with ranged(from_date or "", to_date or ""):
            answer = self._connection.ask(endpoints.ACTIVITY, shape=dict, body=body)
        found = answer.get("results") or {}
        events = [_user_event(row) for row in found.get("events") or []]
        return ActivityFeedResult(
            list(distinct_ids), from_date, to_date, events, found.get("sentinel_event") or None
        )

    def _series(
        self, endpoint: Endpoint, from_date: str, to_date: str, query: Mapping[str, Any]
    ) -> dict[str, dict[str, Any]]:
        data = self._asked(endpoint, from_date, to_date, query).get("data") or {}
        series: dict[str, dict[str, Any]] = data.get("values") or {}
        return series

    def _asked(
        self, endpoint: Endpoint, from_date: str, to_date: str, query: Mapping[str, Any]
    ) -> dict[str, Any]:
        dated = {**query, "from_date": from_date, "to_date": to_date}
        with ranged(from_date, to_date):
            answer: dict[str, Any] = self._connection.ask(endpoint, shape=dict, query=dated)
        return answer


def _cohort(day: str, cohort: Mapping[str, Any]) -> CohortInfo:
    from pytest_mixpanel.query.results.legacy.returns import CohortInfo

    size, counts = cohort.get("first", 0), cohort.get("counts") or []
    return CohortInfo(day, size, [count / size if size else 0.0 for count in counts])


def _date_range(from_date: str | None, to_date: str | None) -> dict[str, Any]:
    if from_date is not None:
        if to_date is not None:
            return {"type": "between", "from": from_date, "to": to_date}
        return {"type": "since", "from": from_date}
    if to_date is None:
        return {"type": "relative_after", "window": {"unit": "day", "value": LOOK_BACK_DAYS}}
    first = datetime.fromisoformat(to_date).date() - timedelta(days=LOOK_BACK_DAYS)
    return {"type": "between", "from": first.isoformat(), "to": to_date}


def _user_event(row: Mapping[str, Any]) -> UserEvent:
    from pytest_mixpanel.query.results.legacy.activity import UserEvent

    properties = dict(row.get("properties") or {})
    time = properties.get("time")
    if isinstance(time, bool) or not isinstance(time, int | float):
        raise ResponseValidationError(
            "an event of the activity feed has no properties.time",
            details={"model": "UserEvent", "errors": ["properties.time"]},
        )
    return UserEvent(row.get("event", ""), datetime.fromtimestamp(time, UTC), properties)
