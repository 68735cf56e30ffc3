"""Has a conversion rate dropped? Daily counts in, one comparison with its verdict out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.stats.choices import check_word
from pytest_mixpanel.stats.days import baseline_outliers, day_dispersion, effective_counts
from pytest_mixpanel.stats.distributions import t_cdf, t_quantile
from pytest_mixpanel.stats.intervals import newcombe_interval
from pytest_mixpanel.stats.power import mde_proportion, resolution
from pytest_mixpanel.stats.score import fisher_test, score_z

Ruling = Literal["pass", "fail", "inconclusive"]
FailRule = Literal["material", "exceeds", "any_drop"]

SPARSE = 10
"""Fewer expected conversions, or non-conversions, than this in the current window are too few."""


@frozen
class Decision:
    """``verdict``, and the ``reason`` of an inconclusive one."""

    verdict: Ruling
    reason: str | None = None


@frozen
class Comparison:
    """A rate now against before. Rates and differences are fractions, ``estimate`` = p1 − p0.

    ``lo``/``hi`` bound the estimate at ``conf``; ``p_drop`` tests for any drop, ``p_noninferior`` for a drop
    of at least ``margin_abs``. ``outliers`` are the positions of imputed baseline days.
    """

    estimate: float
    p1: float
    p0: float
    phi: float
    df: int
    r1: float
    r1_used: float
    week_inflation: float
    n1: float
    n0: float
    x1: float
    x0: float
    n1_eff: float
    n0_eff: float
    lo: float
    hi: float
    conf: float
    p_drop: float
    p_noninferior: float
    margin_abs: float
    mde: float | None
    resolution: float
    sparse: bool
    outliers: tuple[int, ...]
    verdict: Ruling
    reason: str | None


def decide(
    estimate: float,
    margin: float,
    p_drop: float,
    p_noninferior: float,
    mature: bool = True,
    n_ok: bool = True,
    alpha_fail: float = 0.01,
    alpha_pass: float = 0.05,
    mde: float | None = None,
    fail_when: FailRule = "material",
    p_exceeds: float | None = None,
) -> Decision:
    """The verdict on a drop, with ``margin`` > 0 the largest one tolerated.

    Fail: the drop is significant and at least the margin. Pass: a drop of the margin is excluded.
    Anything else is inconclusive, with a reason: ``immature``, ``sparse``, ``underpowered``,
    ``unresolved_drop`` or ``borderline``. ``fail_when="exceeds"`` asks that the margin itself be exceeded
    significantly (``p_exceeds``), ``"any_drop"`` drops the materiality clause.
    Schuirmann 1987; Murphy & Myors 1999; Schultzberg, Ankargren & Frånberg 2024.
    """
    check_word("fail_when", fail_when, FailRule)
    if not mature:
        return Decision("inconclusive", "immature")
    if not n_ok:
        return Decision("inconclusive", "sparse")
    significant = p_drop <= alpha_fail
    harmful = {
        "material": significant and estimate <= -margin,
        "exceeds": p_exceeds is not None and p_exceeds <= alpha_fail,
        "any_drop": significant,
    }
    if harmful[fail_when]:
        return Decision("fail")
    if p_noninferior <= alpha_pass:
        return Decision("pass")
    if significant:
        return Decision("inconclusive", "unresolved_drop")
    if mde is None or mde > margin:
        return Decision("inconclusive", "underpowered")
    return Decision("inconclusive", "borderline")


def compare_conversion(
    n: Sequence[float],
    x: Sequence[float],
    dow: Sequence[int],
    current_days: int,
    margin_rel: float | None = None,
    margin_abs: float | None = None,
    alpha_fail: float = 0.01,
    alpha_pass: float = 0.05,
    conf: float = 0.9,
    power: float = 0.8,
    fail_when: FailRule = "material",
    impute: bool = True,
) -> Comparison:
    """Compare the last ``current_days`` with the days before them, on effective counts.

    ``n`` and ``x`` are daily entrants and conversions; the margin is relative to the baseline rate
    (``margin_rel``) or absolute.
    Raises ``ValueError`` for an empty side, and for a margin given twice or not at all.
    """
    margin_given = [value for value in (margin_rel, margin_abs) if value is not None]
    if len(margin_given) != 1:
        raise ValueError("give one margin: margin_rel or margin_abs")
    entrants, counts = np.asarray(n, float), np.asarray(x, float).copy()
    baseline = len(entrants) - current_days
    outliers = baseline_outliers(n, x, dow, current_days) if impute else None
    if outliers is not None:
        counts[list(outliers.flagged)] = outliers.x_imputed
    n1, n0 = float(entrants[baseline:].sum()), float(entrants[:baseline].sum())
    if n1 <= 0 or n0 <= 0:
        raise ValueError("one side of the comparison has no entrants")
    x1, x0 = float(counts[baseline:].sum()), float(counts[:baseline].sum())
    p1, p0 = x1 / n1, x0 / n0
    margin = margin_abs if margin_abs is not None else (margin_rel or 0.0) * p0
    spread = day_dispersion(n, counts.tolist(), dow, current_days)
    worth = effective_counts(n, counts.tolist(), current_days, spread.phi, spread.r1)
    m1, m0 = worth.n1_eff, worth.n0_eff
    df = max(spread.df, 1)
    interval = newcombe_interval(p1 * m1, m1, p0 * m0, m0, z=t_quantile(0.5 + conf / 2, df))
    sparse = min(n1 * p0, n1 * (1 - p0)) < SPARSE
    p_drop = t_cdf(score_z(p1 * m1, m1, p0 * m0, m0), df)
    if sparse:
        p_drop = fisher_test(round(x1), round(n1), round(x0), round(n0)).mid_p
    z_margin = score_z(p1 * m1, m1, p0 * m0, m0, -margin)
    detectable = mde_proportion(p0, m1, m0, df, margin_abs=margin, alpha_fail=alpha_fail, power=power).mde_abs
    ruling = decide(
        interval.estimate,
        margin,
        p_drop,
        1 - t_cdf(z_margin, df),
        n_ok=not sparse,
        alpha_fail=alpha_fail,
        alpha_pass=alpha_pass,
        mde=detectable,
        fail_when=fail_when,
        p_exceeds=t_cdf(z_margin, df),
    )
    return Comparison(
        estimate=interval.estimate,
        p1=p1,
        p0=p0,
        phi=spread.phi,
        df=spread.df,
        r1=spread.r1,
        r1_used=worth.r1_used,
        week_inflation=worth.week_inflation,
        n1=n1,
        n0=n0,
        x1=x1,
        x0=x0,
        n1_eff=m1,
        n0_eff=m0,
        lo=interval.lo,
        hi=interval.hi,
        conf=conf,
        p_drop=p_drop,
        p_noninferior=1 - t_cdf(z_margin, df),
        margin_abs=margin,
        mde=detectable,
        resolution=resolution(p0, m1, m0, df).resolution,
        sparse=sparse,
        outliers=outliers.flagged if outliers else (),
        verdict=ruling.verdict,
        reason=ruling.reason,
    )
