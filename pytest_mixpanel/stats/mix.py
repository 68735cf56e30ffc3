"""Has the mix moved? Shares of a breakdown, before and now."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.stats.days import ar1_design_effect, lag1_correlation
from pytest_mixpanel.stats.distributions import chi2_sf, f_sf

FEWEST_EXPECTED = 5.0


@frozen
class MixShift:
    """Chi-square of two rows of counts, and how far apart the shares are.

    ``tvd`` (total variation distance) is the share of users in a different segment: the effect size that
    gates; the others are reported.
    """

    chi2: float
    df: int
    p_value: float
    g: float
    cramers_v: float
    tvd: float
    psi: float
    js_distance_base2: float
    cohen_w: float


@frozen
class DailyMixShift:
    """A mix shift tested against the spread between days. ``segments`` names the cells that were tested."""

    shift: MixShift
    p_value: float
    design_effect: float
    expected_tvd: float
    segments: tuple[str, ...]


def mix_shift(baseline: Sequence[float], current: Sequence[float]) -> MixShift:
    """Compare two rows of segment counts. Cohen 1988; Lin 1991; Yurdakul 2018."""
    before, now = np.asarray(baseline, float), np.asarray(current, float)
    observed = np.vstack([before, now])
    columns, rows, total = observed.sum(axis=0), observed.sum(axis=1), observed.sum()
    used = columns > 0
    expected = np.outer(rows, columns[used]) / total
    cells = observed[:, used]
    chi2 = float(((cells - expected) ** 2 / expected).sum())
    df = int(used.sum()) - 1
    logs = np.log(np.divide(cells, expected, out=np.ones_like(cells), where=cells > 0))
    a, b = before / rows[0], now / rows[1]
    either = (a > 0) | (b > 0)
    return MixShift(
        chi2=chi2,
        df=df,
        p_value=chi2_sf(chi2, df) if df > 0 else 1.0,
        g=float(2 * (cells * logs).sum()),
        cramers_v=math.sqrt(chi2 / total),
        tvd=float(np.abs(a - b).sum() / 2),
        psi=_psi(before[used], now[used]),
        js_distance_base2=_jensen_shannon(a[either], b[either]),
        cohen_w=_cohen_w(a, b),
    )


def _psi(before: NDArray[np.float64], now: NDArray[np.float64]) -> float:
    """Population stability index, with half a count added to every cell so that it stays finite."""
    a, b = (before + 0.5) / (before + 0.5).sum(), (now + 0.5) / (now + 0.5).sum()
    return float(((b - a) * np.log(b / a)).sum())


def _jensen_shannon(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    middle = (a + b) / 2

    def divergence(p: NDArray[np.float64]) -> float:
        ratio = np.divide(p, middle, out=np.ones_like(p), where=p > 0)
        return float((p * np.log2(ratio)).sum())

    return math.sqrt(max(0.0, (divergence(a) + divergence(b)) / 2))


def _cohen_w(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    known = a > 0
    if (b[~known] > 0).any():
        return math.inf
    return math.sqrt(float(((b[known] - a[known]) ** 2 / a[known]).sum()))


def daily_mix_shift(
    baseline: Sequence[Sequence[float]], current: Sequence[Sequence[float]], segments: Sequence[str]
) -> DailyMixShift | None:
    """Test a mix against the spread of its own days; rows are days, columns are ``segments``.

    Cells expected below five in the current window are merged; ``None`` when fewer than two remain.
    The chi-square is divided by the day-cluster design effect and referred to F with Satterthwaite's
    degrees of freedom. Rao & Scott 1981, 1984.
    """
    before, now = np.asarray(baseline, float), np.asarray(current, float)
    before, now, names = _merge_rare(before, now, list(segments))
    if len(names) < 2 or before.sum() == 0 or now.sum() == 0:
        return None
    shift = mix_shift(before.sum(axis=0).tolist(), now.sum(axis=0).tolist())
    residual = np.vstack([_residuals(before), _residuals(now)])
    days, k = residual.shape
    cell = np.maximum((residual**2).sum(axis=0) / max(days - 2, 1), 1.0)
    shares = (before.sum(axis=0) + now.sum(axis=0)) / (before.sum() + now.sum())
    mean = (
        float((cell * (1 - shares)).sum() / (k - 1)) * ar1_design_effect(len(now), _correlation(residual)).g
    )
    spread = float(np.var(cell) / np.mean(cell) ** 2)
    df = (k - 1) / (1 + spread)
    statistic = shift.chi2 / (mean * (1 + spread) * df)
    p_value = f_sf(statistic, df, df * max(days - 2, 1))
    expected = _expected_tvd(shares, float(before.sum()), float(now.sum()), mean)
    return DailyMixShift(shift, p_value, mean, expected, tuple(names))


def _merge_rare(
    before: NDArray[np.float64], now: NDArray[np.float64], names: list[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str]]:
    totals = before.sum(axis=0) + now.sum(axis=0)
    expected = totals * now.sum() / max(totals.sum(), 1.0)
    rare = expected < FEWEST_EXPECTED
    if not rare.any():
        return before, now, names
    kept = [name for name, is_rare in zip(names, rare, strict=True) if not is_rare]
    merged = [np.column_stack([side[:, ~rare], side[:, rare].sum(axis=1)]) for side in (before, now)]
    if merged[0][:, -1].sum() + merged[1][:, -1].sum() == 0:
        return before[:, ~rare], now[:, ~rare], kept
    return merged[0], merged[1], [*kept, "(rare)"]


def _residuals(days: NDArray[np.float64]) -> NDArray[np.float64]:
    totals = days.sum(axis=1, keepdims=True)
    shares = days.sum(axis=0) / days.sum()
    variance = np.maximum(totals * shares * (1 - shares), 1e-300)
    return np.where(totals > 0, (days - totals * shares) / np.sqrt(variance), 0.0)


def _correlation(residual: NDArray[np.float64]) -> float:
    days = len(residual)
    r1 = lag1_correlation(residual)
    return min(0.8, max(0.0, r1 + 2 * (1 + 3 * max(r1, 0.0)) / days))


def _expected_tvd(shares: NDArray[np.float64], n0: float, n1: float, design_effect: float) -> float:
    """What noise alone is expected to show: half the sum of the mean absolute differences."""
    se = np.sqrt(shares * (1 - shares) * (1 / n0 + 1 / n1) * design_effect)
    return float(math.sqrt(2 / math.pi) * se.sum() / 2)
