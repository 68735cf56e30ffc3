"""Tests of a difference of two rates: the score test with a margin, its interval, Fisher's test."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.stats.choices import check_word
from pytest_mixpanel.stats.distributions import log_choose, normal_cdf, normal_quantile
from pytest_mixpanel.stats.intervals import RateInterval

Alternative = Literal["less", "greater", "two-sided"]


@frozen
class ScoreTest:
    """``z`` is negative where p1 − p0 lies below the margin."""

    z: float
    p_value: float


@frozen
class FisherTest:
    """The exact p-value and its mid-p version."""

    p_value: float
    mid_p: float


@frozen
class ExactSize:
    """The true size of the score test at a nominal level."""

    size: float


def score_z(x1: float, n1: float, x0: float, n0: float, difference: float = 0.0) -> float:
    """The score statistic for H0: p1 − p0 = ``difference``, with the N/(N−1) variance factor.

    Miettinen & Nurminen 1985; the restricted estimate in closed form after Farrington & Manning 1990.
    """
    p1, p0 = x1 / n1, x0 / n0
    q1, q0 = _restricted_rates(p1, p0, n0 / n1, difference)
    total = n1 + n0
    variance = (q1 * (1 - q1) / n1 + q0 * (1 - q0) / n0) * total / (total - 1)
    distance = p1 - p0 - difference
    if variance <= 0:
        return math.copysign(math.inf, distance) if abs(distance) > 1e-15 else 0.0
    return distance / math.sqrt(variance)


def _restricted_rates(p1: float, p0: float, theta: float, difference: float) -> tuple[float, float]:
    """The likelihood's maximum under p1 − p0 = difference: the middle root of a cubic in p1."""
    if difference == 0:
        pooled = (p1 + theta * p0) / (1 + theta)
        return pooled, pooled
    a = 1 + theta
    b = -(1 + theta + p1 + theta * p0 + difference * (theta + 2))
    c = difference**2 + difference * (2 * p1 + theta + 1) + p1 + theta * p0
    d = -p1 * difference * (1 + difference)
    v = b**3 / (27 * a**3) - b * c / (6 * a**2) + d / (2 * a)
    u = math.copysign(math.sqrt(max(b**2 / (9 * a**2) - c / (3 * a), 0.0)), v)
    angle = 0.0 if u == 0 else (math.pi + math.acos(min(1.0, max(-1.0, v / u**3)))) / 3
    q1 = min(1.0, max(0.0, 2 * u * math.cos(angle) - b / (3 * a)))
    return q1, min(1.0, max(0.0, q1 - difference))


def score_test(
    x1: float, n1: float, x0: float, n0: float, margin: float = 0.0, alternative: Alternative = "less"
) -> ScoreTest:
    """Score test of H0: p1 − p0 = −``margin``; a margin > 0 is the largest tolerated drop.

    With ``alternative="greater"`` and a margin this is the test of non-inferiority.
    Miettinen & Nurminen 1985; Fagerland, Lydersen & Laake 2015.
    """
    check_word("alternative", alternative, Alternative)
    z = score_z(x1, n1, x0, n0, -margin)
    tails = {"less": normal_cdf(z), "greater": normal_cdf(-z), "two-sided": 2 * normal_cdf(-abs(z))}
    return ScoreTest(z, tails[alternative])


def score_interval(x1: float, n1: float, x0: float, n0: float, conf: float = 0.95) -> RateInterval:
    """The interval that inverts the score test. Miettinen & Nurminen 1985."""
    z = normal_quantile(0.5 + conf / 2)
    estimate = x1 / n1 - x0 / n0

    def statistic(difference: float) -> float:
        return score_z(x1, n1, x0, n0, difference)

    lo = _bisect(lambda difference: statistic(difference) - z, -1.0, estimate)
    hi = _bisect(lambda difference: statistic(difference) + z, estimate, 1.0)
    return RateInterval(lo, hi)


def _bisect(falling: Callable[[float], float], lo: float, hi: float) -> float:
    """The zero of a falling function on [lo, hi], to the last bit that matters."""
    for _ in range(200):
        middle = (lo + hi) / 2
        if falling(middle) > 0:
            lo = middle
        else:
            hi = middle
    return (lo + hi) / 2


def fisher_test(x1: int, n1: int, x0: int, n0: int, alternative: Alternative = "less") -> FisherTest:
    """Fisher's exact test of equal rates, with its mid-p. Fisher 1935; Lancaster 1961."""
    check_word("alternative", alternative, Alternative)
    successes = x1 + x0
    norm = log_choose(n1 + n0, successes)

    def probability(k: int) -> float:
        return math.exp(log_choose(n1, k) + log_choose(n0, successes - k) - norm)

    support = range(max(0, successes - n0), min(n1, successes) + 1)
    observed = probability(x1)
    if alternative == "two-sided":
        as_extreme = [probability(k) for k in support if probability(k) <= observed * (1 + 1e-7)]
    else:
        as_extreme = [probability(k) for k in support if (k <= x1 if alternative == "less" else k >= x1)]
    p_value = min(1.0, math.fsum(as_extreme))
    return FisherTest(p_value, max(0.0, p_value - observed / 2))


def score_test_exact_size(n1: int, n0: int, p: float, alpha: float = 0.05) -> ExactSize:
    """The probability that the one-sided score test rejects when both rates are ``p``, by enumeration."""

    def mass(k: int, n: int) -> float:
        return math.exp(log_choose(n, k) + k * math.log(p) + (n - k) * math.log1p(-p))

    rejected = (
        mass(x1, n1) * mass(x0, n0)
        for x1 in range(n1 + 1)
        for x0 in range(n0 + 1)
        if score_test(x1, n1, x0, n0).p_value <= alpha
    )
    return ExactSize(math.fsum(rejected))
