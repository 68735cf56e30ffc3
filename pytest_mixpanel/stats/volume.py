"""Event volume: a forecast of the next day from weekday and trend, its tail, and a change of level."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.stats.days import SMALLEST_ERROR, ar1_design_effect, correlation_used, lag1_correlation
from pytest_mixpanel.stats.distributions import normal_quantile, t_cdf, t_quantile

Floats = NDArray[np.float64]
Ruling = Literal["pass", "fail", "inconclusive"]


@frozen
class Forecast:
    """Expected count of the next day, dispersion, and variance of the prediction."""

    mu: float
    phi: float
    pred_var: float
    df: int


@frozen
class CountTail:
    """How surprising a count is, two-sided; ``inflation`` is what t rather than z adds to the variance."""

    p_value: float
    inflation: float


@frozen
class VolumeChange:
    """The level now against before as a ratio − 1 (−0.3 = 30 % less), with interval and p-values."""

    estimate: float
    lo: float
    hi: float
    conf: float
    p_drop: float
    p_noninferior: float
    mean1: float
    mean0: float
    df: int
    mde: float


def quasi_poisson_forecast(
    y: Sequence[float], dow: Sequence[int], next_dow: int, reweight: bool = True
) -> Forecast:
    """Log-linear weekday + trend model of daily counts, forecast one day ahead.

    ``reweight`` down-weights surprising days (Anscombe residual over 2.58) in two rounds.
    Farrington et al. 1996; Noufaily et al. 2013; McCullagh & Nelder 1989. Needs all weekdays in ``dow``.
    """
    counts, days = np.asarray(y, float), np.arange(len(y), dtype=float)
    design = np.column_stack([np.equal(dow, day) for day in range(7)] + [days / len(y)]).astype(float)
    ahead = np.array([float(day == next_dow) for day in range(7)] + [1.0])
    prior = np.ones(len(y))
    for _ in range(2 if reweight else 0):
        mu, phi, information = _poisson(design, counts, prior)
        leverage = np.einsum("ij,jk,ik->i", design, np.linalg.inv(information), design) * mu * prior
        prior = _down_weighted(counts, mu, max(phi, 1.0) * (1 - leverage))
    mu, phi, information = _poisson(design, counts, prior)
    beta = np.linalg.lstsq(design, np.log(mu), rcond=None)[0]
    forecast = float(np.exp(ahead @ beta))
    spread = max(1.0, phi)
    uncertainty = float(ahead @ np.linalg.solve(information, ahead))
    return Forecast(
        forecast, phi, spread * forecast + spread * forecast**2 * uncertainty, len(y) - design.shape[1]
    )


def _poisson(design: Floats, y: Floats, prior: Floats) -> tuple[Floats, float, Floats]:
    """Iteratively reweighted least squares; returns fitted means, Pearson dispersion, information."""
    mu = y + 0.5
    for _ in range(100):
        weight = mu * prior
        working = np.log(mu) + (y - mu) / mu
        information = (design.T * weight) @ design
        beta = np.linalg.solve(information, (design.T * weight) @ working)
        fitted = np.exp(np.clip(design @ beta, -30, 30))
        moved = float(np.max(np.abs(fitted - mu) / mu))
        mu = fitted
        if moved < 1e-12:
            break
    phi = float((prior * (y - mu) ** 2 / mu).sum()) / (len(y) - design.shape[1])
    return mu, phi, (design.T * (mu * prior)) @ design


def _down_weighted(y: Floats, mu: Floats, dispersion: Floats) -> Floats:
    residual = 1.5 * (y ** (2 / 3) - mu ** (2 / 3)) / (mu ** (1 / 6) * np.sqrt(dispersion))
    extreme = np.abs(residual) > 2.58
    weight = np.where(extreme, (2.58 / np.maximum(np.abs(residual), 1e-12)) ** 2, 1.0)
    scaled: Floats = weight * len(y) / weight.sum()
    return scaled


def count_tail(y: float, mu: float, pred_var: float, df: int, alpha: float = 0.001) -> CountTail:
    """Two-sided mid-p of a count under a negative binomial with the forecast's mean and variance."""
    from scipy.special import betainc

    inflation = (t_quantile(1 - alpha / 2, df) / normal_quantile(1 - alpha / 2)) ** 2
    variance = max(pred_var * inflation, 1.0001 * mu)
    size = mu**2 / (variance - mu)
    chance = size / (size + mu)

    def cdf(k: float) -> float:
        return 0.0 if k < 0 else float(betainc(size, k + 1, chance))

    mass = cdf(y) - cdf(y - 1)
    lower = cdf(y - 1) + mass / 2
    return CountTail(min(1.0, 2 * min(lower, 1 - lower)), inflation)


def compare_volume(
    y: Sequence[float], dow: Sequence[int], current_days: int, margin_rel: float, conf: float = 0.9
) -> VolumeChange:
    """The daily level of the last ``current_days`` against the days before: log counts on weekday and period.

    The standard error is inflated for lag-1 correlation; ``margin_rel`` is the largest tolerated drop.
    """
    counts = np.asarray(y, float)
    weekdays = sorted(set(dow))
    design = np.column_stack(
        [np.equal(dow, day) for day in weekdays] + [np.arange(len(y)) >= len(y) - current_days]
    ).astype(float)
    logs = np.log(counts + 0.5)
    beta, *_ = np.linalg.lstsq(design, logs, rcond=None)
    residual = logs - design @ beta
    df = len(y) - design.shape[1]
    squares = float(residual @ residual)
    r1 = lag1_correlation(residual)
    inverse = np.linalg.inv(design.T @ design)
    inflation = ar1_design_effect(current_days, correlation_used(r1, len(y))).g
    se = max(math.sqrt(squares / df * float(inverse[-1, -1]) * inflation), SMALLEST_ERROR)
    change, t = float(beta[-1]), t_quantile(0.5 + conf / 2, df)
    margin = math.log1p(-margin_rel)
    detectable = -math.expm1(-max(t_quantile(0.99, df) * se, -margin) - t_quantile(0.8, df) * se)
    return VolumeChange(
        estimate=math.expm1(change),
        lo=math.expm1(change - t * se),
        hi=math.expm1(change + t * se),
        conf=conf,
        p_drop=t_cdf(change / se, df),
        p_noninferior=1 - t_cdf((change - margin) / se, df),
        mean1=float(counts[-current_days:].mean()),
        mean0=float(counts[:-current_days].mean()),
        df=df,
        mde=detectable,
    )
