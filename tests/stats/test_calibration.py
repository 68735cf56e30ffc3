"""How often the default verdict is right on days that are not independent draws.

Expected shares: simulation of the method's authors with a thousand replicates or more per cell; the bands
allow for theirs and ours (three standard errors of 400 replicates, and one point).
"""

from __future__ import annotations

from collections import Counter
from math import sqrt

import numpy as np
import pytest

from pytest_mixpanel.stats import compare_conversion

REPLICATES = 400
CURRENT = 7


def simulated(
    rng: np.random.Generator, baseline: int, a_day: float, drop: float, cv: float, correlation: float
) -> tuple[list[int], list[int], list[int]]:
    """Daily entrants, conversions and weekdays: quieter weekends, rates that wander, a drop at the end."""
    days = baseline + CURRENT
    weekday = np.arange(days) % 7
    weekend = weekday >= 5
    shocks = rng.standard_normal(days)
    for day in range(1, days):
        shocks[day] = correlation * shocks[day - 1] + sqrt(1 - correlation**2) * shocks[day]
    rate = 0.1 * np.where(weekend, 0.94, 1.0) * np.exp(cv * shocks)
    rate[baseline:] *= 1 - drop
    entrants = rng.poisson(a_day * np.where(weekend, 0.8, 1.0))
    return entrants.tolist(), rng.binomial(entrants, np.minimum(rate, 1)).tolist(), weekday.tolist()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("baseline", "a_day", "cv", "correlation", "drop", "fail", "passed"),
    [
        (28, 1_000, 0.00, 0.0, 0.00, 0.003, 0.70),
        (28, 1_000, 0.00, 0.0, 0.20, 0.98, 0.00),
        (28, 10_000, 0.03, 0.3, 0.00, 0.00, 1.00),
        (28, 10_000, 0.03, 0.3, 0.15, 1.00, 0.00),
        (56, 1_000, 0.03, 0.3, 0.00, 0.003, 0.72),
        (56, 1_000, 0.03, 0.3, 0.10, 0.38, 0.04),
    ],
)
def test_verdicts_fall_as_often_as_the_method_promises(
    baseline: int, a_day: int, cv: float, correlation: float, drop: float, fail: float, passed: float
) -> None:
    rng = np.random.default_rng([baseline, a_day, round(100 * drop)])
    verdicts: Counter[str] = Counter(
        compare_conversion(
            *simulated(rng, baseline, a_day, drop, cv, correlation), CURRENT, margin_rel=0.1
        ).verdict
        for _ in range(REPLICATES)
    )
    for verdict, share in (("fail", fail), ("pass", passed)):
        band = 3 * sqrt(share * (1 - share) * 2 / REPLICATES) + 0.01
        assert verdicts[verdict] / REPLICATES == pytest.approx(share, abs=band), verdict
