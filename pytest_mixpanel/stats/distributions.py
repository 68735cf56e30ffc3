"""The few distribution functions the verdicts need, from ``scipy.special`` (loaded on first use).

Not the normal ones, which are in the standard library, and not the usual quantiles of t for whole degrees of
freedom, which have a closed form: with these a rate is judged, and nobody waits for scipy.
"""

from __future__ import annotations

import math
from statistics import NormalDist

_NORMAL = NormalDist()

MOST = 1_000
USUAL = 1e-4
"""Degrees of freedom and smaller tail for which quantiles of t are computed here."""


def normal_cdf(z: float) -> float:
    """P(Z <= z) for a standard normal."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def normal_quantile(p: float) -> float:
    """The z with P(Z <= z) = p; infinite where p is 0 or 1. Wichura 1988, AS 241."""
    if 0 < p < 1:
        return _NORMAL.inv_cdf(p)
    return math.inf if p == 1 else -math.inf if p == 0 else math.nan


def t_cdf(t: float, df: float) -> float:
    """P(T <= t) for Student's t with ``df`` degrees of freedom."""
    from scipy.special import stdtr

    return float(stdtr(df, t))


def t_quantile(p: float, df: float) -> float:
    """The t with P(T <= t) = p."""
    if float(df).is_integer() and 1 <= df <= MOST and USUAL <= p <= 1 - USUAL:
        return _whole_t_quantile(p, int(df))
    from scipy.special import stdtrit

    return float(stdtrit(df, p))


def _whole_t_quantile(p: float, df: int) -> float:
    """Newton's method from the normal quantile; the nearer tail is far enough from 0 for 12 digits."""
    if p < 0.5:
        return -_whole_t_quantile(1 - p, df)
    t = normal_quantile(p)
    peak = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)
    for _ in range(64):
        density = peak * (1 + t * t / df) ** (-(df + 1) / 2)
        step = (2 * p - 1 - _within(t, df)) / (2 * density)
        t += step
        if abs(step) <= 1e-14 * t:
            break
    return t


def _within(t: float, df: int) -> float:
    """P(-t <= T <= t) for whole degrees of freedom. Abramowitz & Stegun 1964, 26.7.3 and 26.7.4."""
    odd, square = df % 2, df / (df + t * t)
    term, total = math.sqrt(square) if odd else 1.0, 0.0
    for number in range(1, df // 2 + 1):
        total += term
        term *= square * (2 * number - 1 + odd) / (2 * number + odd)
    total *= t / math.sqrt(df + t * t)
    return 2 / math.pi * (math.atan(t / math.sqrt(df)) + total) if odd else total


def noncentral_t_cdf(t: float, df: float, noncentrality: float) -> float:
    """P(T <= t) for the t of a mean that is ``noncentrality`` standard errors from zero."""
    from scipy.special import nctdtr

    return float(nctdtr(df, noncentrality, t))


def chi2_sf(x: float, df: float) -> float:
    """P(X > x) for chi-square with ``df`` degrees of freedom."""
    from scipy.special import chdtrc

    return float(chdtrc(df, x))


def f_sf(x: float, df1: float, df2: float) -> float:
    """P(F > x) for Fisher's F."""
    from scipy.special import fdtrc

    return float(fdtrc(df1, df2, x))


def binomial_cdf(k: float, n: float, p: float) -> float:
    """P(X <= k) for X ~ Binomial(n, p)."""
    from scipy.special import bdtr

    return float(bdtr(k, n, p))


def log_choose(n: float, k: float) -> float:
    """log of the binomial coefficient."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
