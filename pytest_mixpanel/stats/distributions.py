"""The few distribution functions the verdicts need, from ``scipy.special`` (loaded on first use).

Not the normal ones: they are in the standard library, and a rate is judged without another function.
"""

from __future__ import annotations

import math
from statistics import NormalDist

_NORMAL = NormalDist()


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
    from scipy.special import stdtrit

    return float(stdtrit(df, p))


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
