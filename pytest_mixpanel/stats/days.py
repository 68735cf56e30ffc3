"""Real days are not independent draws: dispersion between days, its design effect, effective counts.

All series hold baseline days first, the last ``current_days`` are current; ``dow`` is 0–6 (Monday = 0).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen

Floats = NDArray[np.float64]

LARGEST_CORRELATION = 0.8
SMALLEST_ERROR = 1e-12
"""What a standard error is at least, so that days without any spread can be divided by."""

ROUNDING = 1e-9
"""A residual that is not larger is the arithmetic's, and differs from machine to machine."""


@frozen
class DayDispersion:
    """Day-to-day spread: ``phi`` is the Pearson dispersion (1 = binomial), ``r1`` the lag-1 correlation.

    ``delta_wls`` is the change of the rate adjusted for weekdays; ``df`` the residual degrees of freedom.
    """

    delta_wls: float
    phi: float
    df: int
    r1: float


@frozen
class DesignEffect:
    """By how much correlation between days inflates the variance of a sum over them."""

    g: float


@frozen
class Outliers:
    """Baseline days (by position) that do not fit, and the conversions they are replaced by."""

    flagged: tuple[int, ...]
    x_imputed: tuple[float, ...]


@frozen
class EffectiveCounts:
    """How many independent users the days are worth, and what went into that."""

    n1_eff: float
    n0_eff: float
    r1_used: float
    week_inflation: float


@frozen
class _Fit:
    rates: Floats
    pearson: Floats
    delta: float
    df: int


def day_dispersion(
    n: Sequence[float], x: Sequence[float], dow: Sequence[int], current_days: int
) -> DayDispersion:
    """Weighted least squares of the daily rate on weekday and period; Pearson dispersion of what is left.

    Wedderburn 1974; Williams 1982; Laney 2002.
    """
    fit = _fit(np.asarray(n, float), np.asarray(x, float), dow, current_days)
    phi = float(fit.pearson @ fit.pearson) / fit.df if fit.df > 0 else 1.0
    return DayDispersion(fit.delta, phi, fit.df, lag1_correlation(fit.pearson))


def lag1_correlation(residual: Sequence[float] | Floats) -> float:
    """How far a day's residual carries over to the next; of residuals that are rounding alone, not at all.

    ``residual`` is a row of days or a table with a row for each; its scale is one on which 1e-9 is nothing
    (standard deviations, logs, rates).
    """
    days = np.asarray(residual, float)
    squares = float((days**2).sum())
    if squares <= days.size * ROUNDING**2:
        return 0.0
    return float((days[1:] * days[:-1]).sum()) / squares


def _fit(n: Floats, x: Floats, dow: Sequence[int], current_days: int) -> _Fit:
    """Fit daily rates; days without entrants carry no weight."""
    counted = n > 0
    rate = np.divide(x, n, out=np.zeros_like(x), where=counted)
    weekdays = sorted(set(np.asarray(dow)[counted].tolist()))
    design = np.column_stack(
        [np.asarray(dow) == day for day in weekdays] + [np.arange(len(n)) >= len(n) - current_days]
    ).astype(float)
    root = np.sqrt(n)
    solution, _, rank, _ = np.linalg.lstsq(design * root[:, None], rate * root, rcond=None)
    fitted = np.clip(design @ solution, 1e-12, 1 - 1e-12)
    pearson = np.where(counted, (x - n * fitted) / np.sqrt(np.maximum(n * fitted * (1 - fitted), 1e-300)), 0)
    return _Fit(fitted, pearson, float(solution[-1]), int(counted.sum()) - int(rank))


def ar1_design_effect(m: int, r: float) -> DesignEffect:
    """Variance inflation of a sum of ``m`` days with lag-1 correlation ``r``. Bayley & Hammersley 1946."""
    return DesignEffect(1 + 2 * math.fsum((1 - lag / m) * r**lag for lag in range(1, m)))


def correlation_used(r1: float, days: int) -> float:
    """The lag-1 correlation, corrected for the bias of short series and never negative. Kendall 1954."""
    return min(LARGEST_CORRELATION, max(0.0, r1 + 3 * (1 + 3 * max(r1, 0.0)) / days))


def baseline_outliers(
    n: Sequence[float], x: Sequence[float], dow: Sequence[int], current_days: int, k: float = 4.0
) -> Outliers:
    """Baseline days whose residual exceeds ``k`` robust standard deviations, imputed in two passes."""
    counts, entrants = np.asarray(x, float).copy(), np.asarray(n, float)
    baseline = len(counts) - current_days
    flagged: set[int] = set()
    for _ in range(2):
        fit = _fit(entrants, counts, dow, current_days)
        actual = np.asarray(x, float)
        spread = np.sqrt(np.maximum(entrants * fit.rates * (1 - fit.rates), 1e-300))
        residual = np.abs((actual - entrants * fit.rates) / spread)[:baseline]
        scale = max(1.0, 1.4826 * float(np.median(np.abs(fit.pearson[:baseline]))))
        flagged = {int(day) for day in np.flatnonzero(residual > k * scale)}
        if not flagged:
            break
        counts = actual.copy()
        for day in flagged:
            counts[day] = entrants[day] * fit.rates[day]
    days = tuple(sorted(flagged))
    return Outliers(days, tuple(float(counts[day]) for day in days))


def effective_counts(
    n: Sequence[float], x: Sequence[float], current_days: int, phi: float, r1: float
) -> EffectiveCounts:
    """Counts divided by their design effect; week-level shocks shrink them further where they show.

    Rao & Scott 1992. The week step needs six whole baseline weeks and a current window of one week.
    """
    entrants, conversions = np.asarray(n, float), np.asarray(x, float)
    days, baseline = len(entrants), len(entrants) - current_days
    rho = correlation_used(r1, days)
    spread = max(1.0, phi)
    n1 = float(entrants[baseline:].sum()) / (spread * ar1_design_effect(current_days, rho).g)
    n0 = float(entrants[:baseline].sum()) / (spread * ar1_design_effect(baseline, rho).g)
    inflation = _week_inflation(entrants[:baseline], conversions[:baseline], n1, n0, current_days)
    return EffectiveCounts(n1 / inflation, n0 / inflation, rho, inflation)


def _week_inflation(n: Floats, x: Floats, n1: float, n0: float, current_days: int) -> float:
    weeks = len(n) // 7
    if current_days != 7 or weeks < 6 or len(n) % 7 or n.sum() == 0 or min(n1, n0) <= 0:
        return 1.0
    by_week_n, by_week_x = n.reshape(weeks, 7).sum(axis=1), x.reshape(weeks, 7).sum(axis=1)
    if (by_week_n <= 0).any():
        return 1.0
    p0 = float(x.sum() / n.sum())
    sampling = p0 * (1 - p0)
    between = float(np.var(by_week_x / by_week_n, ddof=1))
    weekly = max(between, sampling * weeks / float(n.sum())) * (1 + 1 / weeks)
    daily = sampling * (1 / n1 + 1 / n0)
    return max(1.0, weekly / daily) if daily > 0 else 1.0
