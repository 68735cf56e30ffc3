"""Which segment moved: rates within segments apart from traffic mix. Current = 1, baseline = 0."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.stats.distributions import chi2_sf

Floats = NDArray[np.float64]


@frozen
class Decomposition:
    """``total`` = p1 − p0 = ``rate_effect`` + ``mix_effect`` exactly, each also by segment."""

    total: float
    rate_effect: float
    mix_effect: float
    rate_by_segment: tuple[float, ...]
    mix_by_segment: tuple[float, ...]


@frozen
class DecompositionErrors:
    """Standard errors of the two effects, before any design effect."""

    se_rate: float
    se_mix: float


@frozen
class Heterogeneity:
    """Cochran's Q: do the segments share one relative change?"""

    q: float
    df: int
    p_value: float
    pooled_log_ratio: float


@frozen
class OddsHomogeneity:
    """Breslow and Day's test with Tarone's correction: do the segments share one odds ratio?"""

    mh_odds_ratio: float
    statistic: float
    df: int
    p_value: float


@frozen
class _Sides:
    a1: Floats
    a0: Floats
    r1: Floats
    r0: Floats
    n1: Floats
    n0: Floats


def _sides(x1: Sequence[float], n1: Sequence[float], x0: Sequence[float], n0: Sequence[float]) -> _Sides:
    """Shares and rates; a segment missing on one side borrows the other side's rate (pure mix)."""
    now_n, before_n = np.asarray(n1, float), np.asarray(n0, float)
    if now_n.sum() <= 0 or before_n.sum() <= 0:
        raise ValueError("one side of the comparison has no entrants")
    r1 = np.divide(np.asarray(x1, float), now_n, out=np.full_like(now_n, np.nan), where=now_n > 0)
    r0 = np.divide(np.asarray(x0, float), before_n, out=np.full_like(before_n, np.nan), where=before_n > 0)
    r1, r0 = np.where(np.isnan(r1), r0, r1), np.where(np.isnan(r0), r1, r0)
    return _Sides(
        now_n / now_n.sum(),
        before_n / before_n.sum(),
        np.nan_to_num(r1),
        np.nan_to_num(r0),
        now_n,
        before_n,
    )


def kitagawa(
    x1: Sequence[float], n1: Sequence[float], x0: Sequence[float], n0: Sequence[float]
) -> Decomposition:
    """Split a change of the overall rate into changes within segments and a change of mix.

    Average weights; the mix part is centred, so growth of a below-average segment is negative.
    Raises ``ValueError`` where a side has no entrants. Kitagawa 1955.
    """
    side = _sides(x1, n1, x0, n0)
    weight, rate = (side.a1 + side.a0) / 2, (side.r1 + side.r0) / 2
    overall = (float(side.a1 @ side.r1) + float(side.a0 @ side.r0)) / 2
    by_rate = weight * (side.r1 - side.r0)
    by_mix = (side.a1 - side.a0) * (rate - overall)
    total = float(side.a1 @ side.r1 - side.a0 @ side.r0)
    return Decomposition(
        total,
        math.fsum(by_rate),
        math.fsum(by_mix),
        tuple(map(float, by_rate)),
        tuple(map(float, by_mix)),
    )


def kitagawa_se(
    x1: Sequence[float], n1: Sequence[float], x0: Sequence[float], n0: Sequence[float]
) -> DecompositionErrors:
    """Delta-method standard errors of the rate and the mix effect."""
    side = _sides(x1, n1, x0, n0)
    weight, rate = (side.a1 + side.a0) / 2, (side.r1 + side.r0) / 2
    v1 = side.r1 * (1 - side.r1) / np.maximum(side.n1, 1)
    v0 = side.r0 * (1 - side.r0) / np.maximum(side.n0, 1)
    half = (side.r1 - side.r0) / 2

    def multinomial(shares: Floats, total: float, cost: Floats) -> float:
        return float((shares @ cost**2 - (shares @ cost) ** 2) / total)

    total1, total0 = float(side.n1.sum()), float(side.n0.sum())
    var_rate = float(weight**2 @ (v1 + v0))
    var_rate += multinomial(side.a1, total1, half) + multinomial(side.a0, total0, half)
    var_mix = float(((side.a1 - side.a0) / 2) ** 2 @ (v1 + v0))
    var_mix += multinomial(side.a1, total1, rate) + multinomial(side.a0, total0, rate)
    return DecompositionErrors(math.sqrt(var_rate), math.sqrt(max(var_mix, 0.0)))


def heterogeneity_q(
    x1: Sequence[float],
    n1: Sequence[float],
    x0: Sequence[float],
    n0: Sequence[float],
    scale: str = "log_ratio",
) -> Heterogeneity:
    """Cochran's Q on log rate ratios with +½ correction. Cochran 1954.

    Raises ``ValueError`` for any other scale.
    """
    if scale != "log_ratio":
        raise ValueError(f"scale {scale!r}: only 'log_ratio' keeps its size under a common relative drop")
    a, m, b, k = (np.asarray(values, float) for values in (x1, n1, x0, n0))
    effect = np.log((a + 0.5) / (m + 1)) - np.log((b + 0.5) / (k + 1))
    variance = 1 / (a + 0.5) - 1 / (m + 1) + 1 / (b + 0.5) - 1 / (k + 1)
    weight = 1 / variance
    pooled = float(weight @ effect / weight.sum())
    q = float(weight @ (effect - pooled) ** 2)
    df = len(effect) - 1
    return Heterogeneity(q, df, chi2_sf(q, df), pooled)


def breslow_day_tarone(
    x1: Sequence[float], n1: Sequence[float], x0: Sequence[float], n0: Sequence[float]
) -> OddsHomogeneity:
    """Homogeneity of odds ratios for sparse segments.

    Mantel & Haenszel 1959; Breslow & Day 1980; Tarone 1985.
    """
    a, m, b, k = (np.asarray(values, float) for values in (x1, n1, x0, n0))
    total = m + k
    odds = float((a * (k - b) / total).sum() / (b * (m - a) / total).sum())
    expected = _expected_at(odds, a + b, m, k)
    rest = a + b - expected
    variance = 1 / (1 / expected + 1 / (m - expected) + 1 / rest + 1 / (k - rest))
    statistic = float(((a - expected) ** 2 / variance).sum() - (a - expected).sum() ** 2 / variance.sum())
    statistic = max(0.0, statistic)  # equal segments may differ by rounding
    df = len(a) - 1
    return OddsHomogeneity(odds, statistic, df, chi2_sf(statistic, df))


def _expected_at(odds: float, successes: Floats, n1: Floats, n0: Floats) -> Floats:
    """Successes on the current side of each segment if all shared this odds ratio: root of a quadratic.

    The root is written so that an odds ratio of 1, where the quadratic is a line, is no special case.
    """
    a = odds - 1
    b = odds * (n1 + successes) + n0 - successes
    c = odds * n1 * successes
    root: Floats = 2 * c / (b + np.sqrt(b**2 - 4 * a * c))
    return root
