"""Is a rate under a floor or over a ceiling? The whole interval has to say so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.stats.days import ar1_design_effect, correlation_used, lag1_correlation
from pytest_mixpanel.stats.distributions import t_quantile
from pytest_mixpanel.stats.intervals import wilson_interval

Operator = Literal["<", "<=", ">", ">=", "==", "!="]
Held = Literal["holds", "holds not", "undecided"]


@frozen
class RateLevel:
    """A rate over days with its interval at ``conf``; ``n_eff`` is what the days are worth."""

    estimate: float
    lo: float
    hi: float
    conf: float
    x: float
    n: float
    n_eff: float
    phi: float


def rate_level(n: Sequence[float], x: Sequence[float], dow: Sequence[int], conf: float = 0.95) -> RateLevel:
    """The rate over these days with a Wilson interval on effective counts.

    Dispersion is estimated from the days around their weekday means where there are two weeks of them, as
    in ``day_dispersion``; shorter series count as binomial. Wilson 1927; Rao & Scott 1992.
    """
    entrants, conversions = np.asarray(n, float), np.asarray(x, float)
    total_n, total_x = float(entrants.sum()), float(conversions.sum())
    if total_n <= 0:
        return RateLevel(math.nan, 0.0, 1.0, conf, total_x, total_n, 0.0, 1.0)
    phi, r1, df = _dispersion(entrants.tolist(), conversions.tolist(), dow)
    used = ar1_design_effect(len(entrants), correlation_used(r1, len(entrants))).g if df else 1.0
    n_eff = total_n / (max(1.0, phi) * used)
    rate = total_x / total_n
    z = t_quantile(0.5 + conf / 2, df) if df else None
    interval = wilson_interval(rate * n_eff, n_eff, conf, z)
    return RateLevel(rate, interval.lo, interval.hi, conf, total_x, total_n, n_eff, phi)


def _dispersion(n: Sequence[float], x: Sequence[float], dow: Sequence[int]) -> tuple[float, float, int]:
    """Pearson dispersion, lag-1 correlation and degrees of freedom around the weekdays' rates."""
    counted = [day for day in range(len(n)) if n[day] > 0]
    weekdays = sorted({dow[day] for day in counted})
    df = len(counted) - len(weekdays)
    if df < 7:
        return 1.0, 0.0, 0
    entrants = {w: math.fsum(n[day] for day in counted if dow[day] == w) for w in weekdays}
    converted = {w: math.fsum(x[day] for day in counted if dow[day] == w) for w in weekdays}
    residual = []
    for day in counted:
        rate = converted[dow[day]] / entrants[dow[day]]
        spread = math.sqrt(n[day] * rate * (1 - rate))
        residual.append((x[day] - n[day] * rate) / spread if spread > 0 else 0.0)
    squares = math.fsum(e * e for e in residual)
    return squares / df, lag1_correlation(residual), df


def holds(operator: Operator, limit: float, estimate: float, lo: float, hi: float) -> Held:
    """Whether ``value operator limit`` holds for every value the interval allows, for none, or is open."""
    if operator in ("==", "!="):
        inside = lo <= limit <= hi
        same = estimate == limit and lo == hi
        told: Held = "holds" if same else "undecided" if inside else "holds not"
        opposite: dict[Held, Held] = {"holds": "holds not", "holds not": "holds", "undecided": "undecided"}
        return told if operator == "==" else opposite[told]
    if operator in ("<", "<="):
        all_of_it, none_of_it = hi < limit or (operator == "<=" and hi <= limit), lo >= limit
        if operator == "<=":
            none_of_it = lo > limit
    else:
        all_of_it, none_of_it = lo > limit or (operator == ">=" and lo >= limit), hi <= limit
        if operator == ">=":
            none_of_it = hi < limit
    return "holds" if all_of_it else "holds not" if none_of_it else "undecided"
