"""Means, ratios and medians from sums, with their errors."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.stats.distributions import binomial_cdf, t_cdf, t_quantile


@frozen
class WelchTest:
    """Welch's test of two means; ``lo``/``hi`` bound mean1 − mean0."""

    t: float
    df: float
    p_two_sided: float
    p_less: float
    lo: float
    hi: float


@frozen
class Moments:
    """Mean and both standard deviations."""

    mean: float
    sd_population: float
    sd_sample: float


@frozen
class Ratio:
    """A ratio of sums with its standard error."""

    ratio: float
    se: float


@frozen
class MedianInterval:
    """A median with its order-statistic interval, the rank used and its exact coverage."""

    median: float
    lo: float
    hi: float
    rank: int
    coverage: float


def welch_from_stats(
    mean1: float, sd1: float, n1: float, mean0: float, sd0: float, n0: float, conf: float = 0.9
) -> WelchTest:
    """Welch's t-test from means and sample standard deviations. Welch 1947; Satterthwaite 1946."""
    v1, v0 = sd1**2 / n1, sd0**2 / n0
    se = math.sqrt(v1 + v0)
    df = (v1 + v0) ** 2 / (v1**2 / (n1 - 1) + v0**2 / (n0 - 1))
    t = (mean1 - mean0) / se
    half = t_quantile(0.5 + conf / 2, df) * se
    return WelchTest(t, df, 2 * t_cdf(-abs(t), df), t_cdf(t, df), mean1 - mean0 - half, mean1 - mean0 + half)


def moments_from_sums(count: int, sum: float, sum_squares: float) -> Moments:
    """Mean and standard deviations from the sums a numeric summary holds."""
    mean = sum / count
    squares = max(sum_squares - count * mean**2, 0.0)
    return Moments(mean, math.sqrt(squares / count), math.sqrt(squares / (count - 1)))


def ratio_delta(numerator: Sequence[float], denominator: Sequence[float]) -> Ratio:
    """A ratio of daily sums with days as clusters. Deng, Knoblich & Lu 2018."""
    top, bottom = np.asarray(numerator, float), np.asarray(denominator, float)
    ratio = float(top.sum() / bottom.sum())
    residual = top - ratio * bottom
    return Ratio(ratio, float(np.std(residual, ddof=1) / (math.sqrt(len(top)) * bottom.mean())))


def median_interval(x: Sequence[float], conf: float = 0.95) -> MedianInterval:
    """The order-statistic interval of a median. David & Nagaraja 2003."""
    ordered, n = sorted(x), len(x)
    rank = max((k for k in range(1, n // 2 + 1) if binomial_cdf(k - 1, n, 0.5) <= (1 - conf) / 2), default=1)
    coverage = 1 - 2 * binomial_cdf(rank - 1, n, 0.5)
    middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    return MedianInterval(middle, ordered[rank - 1], ordered[n - rank], rank, coverage)
