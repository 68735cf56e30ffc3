"""Retention curves compared cohort by cohort: the cohort is the replicate, never the bucket."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.stats.days import SMALLEST_ERROR, ar1_design_effect, correlation_used, lag1_correlation
from pytest_mixpanel.stats.distributions import t_cdf


@frozen
class RetentionChange:
    """Change of the mean retention over all buckets (``delta``, a fraction), with its one-sided test."""

    delta: float
    se_unadjusted: float
    r1: float
    r1_used: float
    t: float
    df: int
    p_less: float


def retention_auc(
    cohort_size: Sequence[float],
    counts: Sequence[Sequence[float]],
    dow: Sequence[int],
    current_cohorts: int,
) -> RetentionChange:
    """Weighted regression of each cohort's mean retention on weekday and period.

    ``counts`` has a row per cohort and a column per bucket; every bucket must be mature in every cohort.
    Liang & Zeger 1986 (the cohort as cluster); Williams 1982.
    """
    size = np.asarray(cohort_size, float)
    mean = np.asarray(counts, float).mean(axis=1) / size
    design = np.column_stack(
        [np.equal(dow, day) for day in sorted(set(dow))]
        + [np.arange(len(size)) >= len(size) - current_cohorts]
    ).astype(float)
    inverse = np.linalg.inv((design.T * size) @ design)
    beta = inverse @ ((design.T * size) @ mean)
    residual = (mean - design @ beta) * np.sqrt(size)
    df = len(size) - design.shape[1]
    squares = float(residual @ residual)
    se = max(math.sqrt(squares / df * float(inverse[-1, -1])), SMALLEST_ERROR)
    r1 = lag1_correlation(residual)
    used = correlation_used(r1, len(size))
    delta = float(beta[-1])
    t = delta / (se * math.sqrt(ar1_design_effect(current_cohorts, used).g))
    return RetentionChange(delta, se, r1, used, t, df, t_cdf(t, df))
