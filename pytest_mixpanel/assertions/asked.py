"""What a result was asked for, read back from its params: subject, clock, mature days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pytest_mixpanel.baselines.daily import Daily
from pytest_mixpanel.core.errors import ParamTypeError
from pytest_mixpanel.core.time import DateRange, Duration
from pytest_mixpanel.kinds.context import SETTLE, Context
from pytest_mixpanel.kinds.event import Event
from pytest_mixpanel.kinds.subjects import FORTNIGHT, FunnelSubject, RetentionSubject

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 2_592_000}


_RESULTS = {
    "query": "QueryResult",
    "query_funnel": "FunnelQueryResult",
    "query_retention": "RetentionQueryResult",
}


def expect(result: object, method: str) -> None:
    """Raise ``ParamTypeError`` where a result is not one of this method of a workspace."""
    if _RESULTS[method] not in (kind.__name__ for kind in type(result).__mro__):
        raise ParamTypeError(f"give what {method}() of a workspace returned, not {type(result).__name__}")


def behavior(result: Any) -> Mapping[str, Any]:
    """The behaviour of the first metric that was asked for."""
    shown = (result.params.get("sections") or {}).get("show") or [{}]
    found: Mapping[str, Any] = shown[0].get("behavior") or {}
    return found


def funnel_subject(result: Any) -> FunnelSubject:
    """The funnel of a result: its steps, and the window an entrant had."""
    expect(result, "query_funnel")
    asked = behavior(result)
    steps = tuple(Event(str(step["name"])) for step in asked.get("behaviors", ()))
    size, unit = asked.get("conversionWindowDuration"), asked.get("conversionWindowUnit")
    within = Duration(int(size) * SECONDS[unit]) if size and unit in SECONDS else FORTNIGHT
    return FunnelSubject(steps or tuple(Event(row["event"]) for row in result.steps_data), within)


def retention_subject(result: Any, buckets: tuple[int, ...]) -> RetentionSubject:
    """The retention of a result."""
    expect(result, "query_retention")
    asked = behavior(result)
    names = [Event(str(clause.get("name"))) for clause in asked.get("behaviors", ())]
    born, returning = (names * 2)[:2] if names else (Event("born"), Event("return"))
    return RetentionSubject(born, returning, asked.get("retentionUnit", "day"), buckets)


def clock(result: Any) -> datetime:
    """When the result was computed."""
    try:
        moment = datetime.fromisoformat(str(result.computed_at).replace("Z", "+00:00"))
    except (AttributeError, ValueError) as error:
        raise ParamTypeError(
            f"{type(result).__name__} is no result of a Workspace query; give what query_funnel(), "
            "query_retention() or query() returned"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def context(result: Any) -> Context:
    """The surroundings of a result, for the messages."""
    return Context(clock(result))


def mature(daily: Daily, needs: Duration, result: Any) -> Daily:
    """The days on which everyone has had ``needs`` since, at the time the result was computed."""
    settled = clock(result) - timedelta(seconds=needs.seconds + SETTLE.seconds - 1)
    last = settled.date() - timedelta(days=1)
    days = [day for day in daily.days if day <= last]
    return daily.within(DateRange(days[0], days[-1])) if days else Daily((), {})
