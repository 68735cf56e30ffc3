"""What a comparison can see: power, the smallest detectable drop, resolution, sample size."""

from __future__ import annotations

import math

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.stats.distributions import (
    noncentral_t_cdf,
    normal_cdf,
    normal_quantile,
    t_quantile,
)


@frozen
class Power:
    """The probability to see a given drop."""

    power: float


@frozen
class DetectableDrop:
    """The smallest drop seen with the asked power; ``None`` where no drop would be."""

    mde_abs: float | None
    mde_rel: float | None


@frozen
class DetectableEffect:
    """The smallest difference of two means seen with the asked power, in standard deviations."""

    cohen_d: float


@frozen
class Resolution:
    """The smallest margin at which an unchanged rate passes four times in five."""

    resolution: float


@frozen
class SampleSize:
    """Entrants needed on each side."""

    n_per_group: float


def power_proportion(p0: float, p1: float, n1: float, n0: float, alpha: float = 0.05) -> Power:
    """Power of the pooled one-sided score test for a drop from p0 to p1. Farrington & Manning 1990."""
    pooled = (n1 * p1 + n0 * p0) / (n1 + n0)
    se_null = math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n0))
    se_true = math.sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)
    return Power(normal_cdf(((p0 - p1) + normal_quantile(alpha) * se_null) / se_true))


def mde_proportion(
    p0: float,
    n1_eff: float,
    n0_eff: float,
    df: float,
    margin_rel: float | None = None,
    margin_abs: float | None = None,
    alpha_fail: float = 0.01,
    power: float = 0.8,
) -> DetectableDrop:
    """The smallest drop that fails with probability ``power``: significant, and at least the margin."""
    margin = margin_abs if margin_abs is not None else (margin_rel or 0.0) * p0
    t_fail, t_power = t_quantile(1 - alpha_fail, df), t_quantile(power, df)

    def needed(drop: float) -> float:
        p1 = p0 - drop
        pooled = (n1_eff * p1 + n0_eff * p0) / (n1_eff + n0_eff)
        se_null = math.sqrt(max(pooled * (1 - pooled), 0.0) * (1 / n1_eff + 1 / n0_eff))
        se_true = math.sqrt(p1 * (1 - p1) / n1_eff + p0 * (1 - p0) / n0_eff)
        return max(t_fail * se_null + t_power * se_true, margin + t_power * se_true)

    if p0 <= 0 or needed(p0) >= p0:
        return DetectableDrop(None, None)
    lo, hi = 0.0, p0
    for _ in range(100):
        middle = (lo + hi) / 2
        lo, hi = (middle, hi) if needed(middle) > middle else (lo, middle)
    return DetectableDrop(hi, hi / p0)


def mde_mean_d(n1: float, n0: float, alpha: float = 0.05, power: float = 0.8) -> DetectableEffect:
    """The effect that a one-sided t-test of two means finds with probability ``power``. Cohen 1988, §2."""
    df, scale = n1 + n0 - 2, math.sqrt(n1 * n0 / (n1 + n0))
    critical = t_quantile(1 - alpha, df)
    lo, hi = 0.0, 2 * (critical + normal_quantile(power))
    while noncentral_t_cdf(critical, df, hi) > 1 - power:
        hi *= 2
    for _ in range(100):
        middle = (lo + hi) / 2
        missed = noncentral_t_cdf(critical, df, middle)
        lo, hi = (middle, hi) if missed > 1 - power else (lo, middle)
    return DetectableEffect(hi / scale)


def resolution(p0: float, n1_eff: float, n0_eff: float, df: float) -> Resolution:
    """(t.05 + t.20) standard errors of an unchanged rate."""
    se = math.sqrt(p0 * (1 - p0) * (1 / n1_eff + 1 / n0_eff))
    return Resolution((t_quantile(0.95, df) + t_quantile(0.8, df)) * se)


def sample_size_arcsine(p0: float, p1: float, alpha: float = 0.05, power: float = 0.8) -> SampleSize:
    """Entrants per side for a one-sided test, on the arcsine scale. Cohen 1988."""
    effect = 2 * math.asin(math.sqrt(p0)) - 2 * math.asin(math.sqrt(p1))
    return SampleSize(2 * ((normal_quantile(1 - alpha) + normal_quantile(power)) / effect) ** 2)
