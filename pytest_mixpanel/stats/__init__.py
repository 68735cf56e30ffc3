"""Pure functions on counts: no I/O, no clock, no global randomness.

Current = 1, baseline = 0; a difference is p1 − p0, negative for a drop; a margin is positive.

| question | function |
|---|---|
| has a conversion rate dropped? | ``compare_conversion`` (daily counts) → ``decide`` |
| is a rate under a floor? | ``rate_level`` → ``holds`` |
| has the mix moved? | ``daily_mix_shift``, ``mix_shift`` |
| which segment moved, or was it the mix? | ``kitagawa``, ``kitagawa_se``, ``heterogeneity_q`` |
| which days may be judged? | ``last_mature_day``, ``retention_bucket_mature`` |
| has volume changed? | ``compare_volume``; one surprising day: ``quasi_poisson_forecast``, ``count_tail`` |
| has a retention curve dropped? | ``retention_auc`` |
| the same question again and again | ``confseq_upper_halfwidth``, ``obrien_fleming_bounds`` |
| many tests at once | ``adjust_pvalues``, ``simes`` |
| what could be seen at all? | ``mde_proportion``, ``mde_mean_d``, ``power_proportion``, ``resolution`` |
"""

from pytest_mixpanel.stats.conversion import Comparison, Decision, compare_conversion, decide
from pytest_mixpanel.stats.days import (
    ar1_design_effect,
    baseline_outliers,
    day_dispersion,
    effective_counts,
)
from pytest_mixpanel.stats.intervals import (
    agresti_caffo_interval,
    clopper_pearson_interval,
    newcombe_interval,
    wilson_interval,
)
from pytest_mixpanel.stats.level import RateLevel, holds, rate_level
from pytest_mixpanel.stats.maturity import last_mature_day, retention_bucket_mature
from pytest_mixpanel.stats.means import median_interval, moments_from_sums, ratio_delta, welch_from_stats
from pytest_mixpanel.stats.mix import DailyMixShift, MixShift, daily_mix_shift, mix_shift
from pytest_mixpanel.stats.multiplicity import adjust_pvalues, simes
from pytest_mixpanel.stats.power import (
    mde_mean_d,
    mde_proportion,
    power_proportion,
    resolution,
    sample_size_arcsine,
)
from pytest_mixpanel.stats.retention import retention_auc
from pytest_mixpanel.stats.score import fisher_test, score_interval, score_test, score_test_exact_size
from pytest_mixpanel.stats.segments import breslow_day_tarone, heterogeneity_q, kitagawa, kitagawa_se
from pytest_mixpanel.stats.sequential import confseq_upper_halfwidth, obrien_fleming_bounds
from pytest_mixpanel.stats.volume import VolumeChange, compare_volume, count_tail, quasi_poisson_forecast

__all__ = [
    "Comparison",
    "DailyMixShift",
    "Decision",
    "MixShift",
    "RateLevel",
    "VolumeChange",
    "adjust_pvalues",
    "agresti_caffo_interval",
    "ar1_design_effect",
    "baseline_outliers",
    "breslow_day_tarone",
    "clopper_pearson_interval",
    "compare_conversion",
    "compare_volume",
    "confseq_upper_halfwidth",
    "count_tail",
    "daily_mix_shift",
    "day_dispersion",
    "decide",
    "effective_counts",
    "fisher_test",
    "heterogeneity_q",
    "holds",
    "kitagawa",
    "kitagawa_se",
    "last_mature_day",
    "mde_mean_d",
    "mde_proportion",
    "median_interval",
    "mix_shift",
    "moments_from_sums",
    "newcombe_interval",
    "obrien_fleming_bounds",
    "power_proportion",
    "quasi_poisson_forecast",
    "rate_level",
    "ratio_delta",
    "resolution",
    "retention_auc",
    "retention_bucket_mature",
    "sample_size_arcsine",
    "score_interval",
    "score_test",
    "score_test_exact_size",
    "simes",
    "welch_from_stats",
    "wilson_interval",
]
