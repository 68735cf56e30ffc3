"""Intervals for a rate and for the difference of two rates. Current = 1, baseline = 0."""

from __future__ import annotations

import math

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.stats.distributions import normal_quantile


@frozen
class RateInterval:
    """Bounds of a rate as fractions."""

    lo: float
    hi: float


@frozen
class DifferenceInterval:
    """``estimate`` = p1 − p0 with its bounds, as fractions."""

    estimate: float
    lo: float
    hi: float


def wilson_interval(x: float, n: float, conf: float = 0.95, z: float | None = None) -> RateInterval:
    """Wilson's score interval for x of n; ``x`` and ``n`` may be effective (non-integer) counts.

    ``z`` replaces the normal quantile (a t quantile for overdispersed days). With n = 0 the interval is
    [0, 1]. Wilson 1927.
    """
    if n <= 0:
        return RateInterval(0.0, 1.0)
    z = normal_quantile(0.5 + conf / 2) if z is None else z
    rate, weight = x / n, z * z / n
    centre = (rate + weight / 2) / (1 + weight)
    half = z / (1 + weight) * math.sqrt(rate * (1 - rate) / n + weight / (4 * n))
    lo = 0.0 if x == 0 else max(0.0, centre - half)
    hi = 1.0 if x == n else min(1.0, centre + half)
    return RateInterval(lo, hi)


def clopper_pearson_interval(x: int, n: int, conf: float = 0.95) -> RateInterval:
    """The exact (conservative) interval for x of n. Clopper & Pearson 1934."""
    from scipy.special import betaincinv

    tail = (1 - conf) / 2
    lo = 0.0 if x == 0 else float(betaincinv(x, n - x + 1, tail))
    hi = 1.0 if x == n else float(betaincinv(x + 1, n - x, 1 - tail))
    return RateInterval(lo, hi)


def newcombe_interval(
    x1: float, n1: float, x0: float, n0: float, conf: float = 0.9, z: float | None = None
) -> DifferenceInterval:
    """Newcombe's hybrid score interval for p1 − p0; stays within [−1, 1]. Newcombe 1998, method 10."""
    p1, p0 = x1 / n1, x0 / n0
    current, before = wilson_interval(x1, n1, conf, z), wilson_interval(x0, n0, conf, z)
    delta = p1 - p0
    lo = delta - math.hypot(p1 - current.lo, before.hi - p0)
    hi = delta + math.hypot(current.hi - p1, p0 - before.lo)
    return DifferenceInterval(delta, lo, hi)


def agresti_caffo_interval(x1: float, n1: float, x0: float, n0: float, conf: float = 0.95) -> RateInterval:
    """The interval for p1 − p0 with one success and one failure added to each side. Agresti & Caffo 2000."""
    z = normal_quantile(0.5 + conf / 2)
    p1, p0 = (x1 + 1) / (n1 + 2), (x0 + 1) / (n0 + 2)
    half = z * math.sqrt(p1 * (1 - p1) / (n1 + 2) + p0 * (1 - p0) / (n0 + 2))
    return RateInterval(p1 - p0 - half, p1 - p0 + half)
