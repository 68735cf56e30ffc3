"""Which days are old enough to be judged: everyone who entered has had the whole window."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pytest_mixpanel.core.frozen import frozen

SETTLE_LAG_SECONDS = 86_400
"""Anonymous and identified activity join within a day; later data than that is rare."""


@frozen
class MatureDay:
    """The last day whose entrants have all had their window."""

    date: date


@frozen
class Maturity:
    """Whether a retention bucket of a cohort is complete."""

    mature: bool


def last_mature_day(
    now: datetime | str,
    window_seconds: float,
    settle_lag_seconds: float = SETTLE_LAG_SECONDS,
    timezone: str = "UTC",
) -> MatureDay:
    """The last entry day d with end of day(d) + window + lag ≤ now, in the project's time zone.

    Daylight saving is respected: the day's end is local midnight. Chapelle 2014; Bernhardsson 2019.
    """
    settled = _moment(now) - timedelta(seconds=window_seconds + settle_lag_seconds)
    return MatureDay(settled.astimezone(ZoneInfo(timezone)).date() - timedelta(days=1))


def retention_bucket_mature(
    now: datetime | str,
    cohort_start: date | str,
    cohort_days: int,
    bucket: int,
    bucket_days: int,
    settle_lag_seconds: float = SETTLE_LAG_SECONDS,
    timezone: str = "UTC",
) -> Maturity:
    """Whether a bucket is over for the youngest of a cohort: start + cohort + (k+1)·bucket + lag ≤ now."""
    start = date.fromisoformat(cohort_start) if isinstance(cohort_start, str) else cohort_start
    over = start + timedelta(days=cohort_days + (bucket + 1) * bucket_days)
    moment = datetime.combine(over, time.min, ZoneInfo(timezone))
    settled = _moment(now) - timedelta(seconds=settle_lag_seconds)
    return Maturity(moment.timestamp() <= settled.timestamp())


def _moment(now: datetime | str) -> datetime:
    moment = datetime.fromisoformat(now) if isinstance(now, str) else now
    if moment.tzinfo is None:
        raise ValueError("the clock needs a time zone: write 2026-01-20T03:00:00+00:00")
    return moment
