"""The shop's calendar: which days it covers, its weekday rhythm, and how days differ from each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

FIRST_DAY = date(2024, 12, 2)
DAYS = 120
NOW = datetime(2025, 3, 31, 23, 59, 59, tzinfo=UTC)
"""The shop's clock stands at the end of its last day."""

INCIDENT_DAY = date(2025, 2, 24)
INCIDENT = (INCIDENT_DAY - FIRST_DAY).days

TIME_ZONE = "UTC"
DAY_MS = 86_400_000
START_MS = int(datetime(2024, 12, 2, tzinfo=UTC).timestamp()) * 1000

VISITS_BY_WEEKDAY = np.array([1.06, 1.05, 1.04, 1.03, 1.00, 0.88, 0.94])
APPETITE_BY_WEEKDAY = np.array([1.01, 1.01, 1.01, 1.01, 1.00, 0.97, 0.99])

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How busy (``visits``) and how eager to buy (``appetite``) each day is, both around 1: float64[DAYS]."""

    visits: Floats
    appetite: Floats


def rhythm(rng: np.random.Generator) -> Rhythm:
    """Weekday factors times day-to-day shocks that linger: 4 % for visits, 2 % for appetite, lag-1 0.3."""
    weekday = np.array([(FIRST_DAY + timedelta(days=d)).weekday() for d in range(DAYS)])
    return Rhythm(
        VISITS_BY_WEEKDAY[weekday] * np.exp(0.04 * _autoregressive(rng, 0.3)),
        APPETITE_BY_WEEKDAY[weekday] * np.exp(0.02 * _autoregressive(rng, 0.3)),
    )


def _autoregressive(rng: np.random.Generator, correlation: float) -> Floats:
    """A standard AR(1) series over the days."""
    shocks = rng.standard_normal(DAYS)
    series = shocks.copy()
    for day in range(1, DAYS):
        series[day] = correlation * series[day - 1] + np.sqrt(1 - correlation**2) * shocks[day]
    return series
