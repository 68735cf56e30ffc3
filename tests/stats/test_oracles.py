"""Random inputs against SciPy and statsmodels, which share no code with ours.

The score test with a margin is not compared here: statsmodels has an open bug in it (its issue 10269).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings, strategies as st

from pytest_mixpanel import stats
from pytest_mixpanel.stats.distributions import normal_quantile, t_quantile

pytest.importorskip("statsmodels")

counts = st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
inner = st.integers(20, 5_000).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n)))
levels = st.sampled_from([0.8, 0.9, 0.95, 0.99])


@given(sample=counts, conf=levels, method=st.sampled_from(["wilson", "beta"]))
def test_intervals_of_one_rate(sample: tuple[int, int], conf: float, method: str) -> None:
    from statsmodels.stats.proportion import proportion_confint

    x, n = sample
    ours = {"wilson": stats.wilson_interval, "beta": stats.clopper_pearson_interval}[method](x, n, conf)
    low, high = proportion_confint(x, n, 1 - conf, method)
    assert ours.lo == pytest.approx(0.0 if np.isnan(low) else low, abs=1e-9)
    assert ours.hi == pytest.approx(1.0 if np.isnan(high) else high, abs=1e-9)


@given(p=st.floats(1e-4, 1 - 1e-4), df=st.integers(1, 1_000))
@example(p=0.975, df=1)
@example(p=0.5, df=2)
@example(p=1e-4, df=1)
def test_quantiles_of_t_for_whole_degrees_of_freedom(p: float, df: int) -> None:
    from scipy.special import stdtrit

    assert t_quantile(p, df) == pytest.approx(stdtrit(df, p), rel=1e-9, abs=1e-9)


@given(p=st.floats(1e-12, 1 - 1e-12))
def test_quantiles_of_the_normal_distribution(p: float) -> None:
    from scipy.special import ndtri

    assert normal_quantile(p) == pytest.approx(ndtri(p), rel=1e-12, abs=1e-12)


def test_quantiles_at_the_ends_are_infinite() -> None:
    assert (normal_quantile(0), normal_quantile(1), t_quantile(1, 5)) == (-np.inf, np.inf, np.inf)


@given(now=inner, before=inner, conf=levels)
def test_newcombes_interval_of_a_difference(
    now: tuple[int, int], before: tuple[int, int], conf: float
) -> None:
    from statsmodels.stats.proportion import confint_proportions_2indep

    theirs = confint_proportions_2indep(*now, *before, method="newcomb", compare="diff", alpha=1 - conf)
    ours = stats.newcombe_interval(*now, *before, conf=conf)
    assert (ours.lo, ours.hi) == pytest.approx(theirs, abs=1e-9)


@given(now=counts, before=counts, alternative=st.sampled_from(["less", "greater", "two-sided"]))
@settings(max_examples=60)
def test_fishers_exact_test(now: tuple[int, int], before: tuple[int, int], alternative: Any) -> None:
    from scipy.stats import fisher_exact

    table = np.array([[now[0], now[1] - now[0]], [before[0], before[1] - before[0]]])
    theirs = fisher_exact(table, alternative=alternative).pvalue
    ours = stats.fisher_test(*now, *before, alternative=alternative)
    assert ours.p_value == pytest.approx(theirs, rel=1e-6, abs=1e-9)


@given(now=inner, before=inner)
def test_the_score_test_without_a_margin(now: tuple[int, int], before: tuple[int, int]) -> None:
    """Pearson's chi-square is the square of the pooled z; Miettinen and Nurminen's has the factor (N−1)/N."""
    from scipy.stats import chi2_contingency

    table = [[now[0], now[1] - now[0]], [before[0], before[1] - before[0]]]
    total = now[1] + before[1]
    chi2 = chi2_contingency(table, correction=False).statistic * (total - 1) / total
    assert stats.score_test(*now, *before).z ** 2 == pytest.approx(chi2, rel=1e-6, abs=1e-9)


@given(
    p=st.lists(st.floats(0, 1), min_size=1, max_size=30),
    method=st.sampled_from(
        [
            ("holm", "holm"),
            ("hochberg", "simes-hochberg"),
            ("bonferroni", "bonferroni"),
            ("bh", "fdr_bh"),
            ("by", "fdr_by"),
        ]
    ),
)
def test_adjusted_pvalues(p: list[float], method: tuple[Any, str]) -> None:
    from statsmodels.stats.multitest import multipletests

    ours, theirs = method
    assert stats.adjust_pvalues(p, ours).adjusted == pytest.approx(
        multipletests(p, method=theirs)[1], abs=1e-12
    )


@given(rows=st.lists(st.tuples(st.integers(1, 900), st.integers(1, 900)), min_size=2, max_size=12))
def test_the_shift_of_a_mix(rows: list[tuple[int, int]]) -> None:
    from scipy.spatial.distance import jensenshannon
    from scipy.stats import chi2_contingency

    before, now = map(list, zip(*rows, strict=True))
    ours = stats.mix_shift(before, now)
    theirs = chi2_contingency([before, now], correction=False)
    assert ours.chi2 == pytest.approx(theirs.statistic, rel=1e-9, abs=1e-9)
    assert ours.p_value == pytest.approx(theirs.pvalue, rel=1e-9, abs=1e-12)
    assert ours.js_distance_base2 == pytest.approx(jensenshannon(before, now, base=2), abs=1e-7)


strata = st.lists(st.tuples(inner, inner), min_size=2, max_size=6)


@given(pairs=strata)
@example(pairs=[((55, 404), (12, 66))] * 3)  # the sum rounds to a little under 0
def test_breslow_and_days_test_with_tarones_correction(pairs: list[Any]) -> None:
    from statsmodels.stats.contingency_tables import StratifiedTable

    tables = [np.array([[a, m - a], [b, k - b]]) for (a, m), (b, k) in pairs]
    columns = list(zip(*[(a, m, b, k) for (a, m), (b, k) in pairs], strict=True))
    ours = stats.breslow_day_tarone(*columns)
    assume(abs(ours.mh_odds_ratio - 1) > 0.01)  # statsmodels divides by odds ratio - 1
    theirs = StratifiedTable(tables).test_equal_odds(adjust=True)
    assert ours.mh_odds_ratio == pytest.approx(StratifiedTable(tables).oddsratio_pooled, rel=1e-9)
    assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-5, abs=1e-5)
    assert ours.p_value == pytest.approx(theirs.pvalue, rel=1e-4, abs=1e-6)


@given(seed=st.integers(0, 10_000), weeks=st.integers(4, 9))
@settings(max_examples=40)
def test_day_dispersion_is_weighted_least_squares(seed: int, weeks: int) -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(seed)
    days = 7 * weeks
    n = rng.integers(50, 3_000, days)
    x = rng.binomial(n, rng.uniform(0.05, 0.6, days))
    weekday = (np.arange(days) + seed) % 7
    design = np.column_stack([weekday == day for day in range(7)] + [np.arange(days) >= days - 7]).astype(
        float
    )
    fit = sm.WLS(x / n, design, weights=n).fit()
    ours = stats.day_dispersion(n.tolist(), x.tolist(), weekday.tolist(), 7)
    rate = np.clip(fit.fittedvalues, 1e-12, 1 - 1e-12)
    pearson = (x - n * rate) / np.sqrt(n * rate * (1 - rate))
    assert ours.delta_wls == pytest.approx(fit.params[-1], rel=1e-8, abs=1e-10)
    assert ours.phi == pytest.approx((pearson**2).sum() / (days - 8), rel=1e-8)


@given(seed=st.integers(0, 10_000), weeks=st.integers(4, 9))
@settings(max_examples=30)
def test_the_volume_forecast_is_a_quasi_poisson_regression(seed: int, weeks: int) -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(seed)
    days = 7 * weeks
    weekday = (np.arange(days) + seed) % 7
    y = rng.poisson(rng.gamma(20, 10, days) * np.where(weekday >= 5, 0.7, 1.0))
    design = np.column_stack([weekday == day for day in range(7)] + [np.arange(days) / days]).astype(float)
    fit = sm.GLM(y, design, family=sm.families.Poisson()).fit(tol=1e-12, scale="X2")
    tomorrow = (int(weekday[-1]) + 1) % 7
    ahead = np.array([float(day == tomorrow) for day in range(7)] + [1.0])
    ours = stats.quasi_poisson_forecast(y.tolist(), weekday.tolist(), tomorrow, reweight=False)
    assert ours.mu == pytest.approx(float(np.exp(ahead @ fit.params)), rel=1e-6)
    assert ours.phi == pytest.approx(fit.scale, rel=1e-6)


@given(mean=st.floats(1, 5_000), excess=st.floats(0.05, 20), data=st.data())
def test_the_tail_of_a_count_is_negative_binomial(mean: float, excess: float, data: st.DataObject) -> None:
    from scipy.stats import nbinom, norm, t

    y = data.draw(st.integers(0, int(4 * mean) + 2))
    ours = stats.count_tail(y, mean, mean * (1 + excess), 20, 0.001)
    inflation = (t.ppf(0.9995, 20) / norm.ppf(0.9995)) ** 2
    variance = mean * (1 + excess) * inflation
    law = nbinom(mean**2 / (variance - mean), mean / variance)
    lower = law.cdf(y - 1) + law.pmf(y) / 2
    assert ours.inflation == pytest.approx(inflation, rel=1e-9)
    assert ours.p_value == pytest.approx(min(1.0, 2 * min(lower, 1 - lower)), rel=1e-6, abs=1e-10)


@given(
    one=st.tuples(st.floats(-100, 100), st.floats(0.1, 50), st.integers(2, 500)),
    two=st.tuples(st.floats(-100, 100), st.floats(0.1, 50), st.integers(2, 500)),
)
def test_welchs_test(one: tuple[float, float, int], two: tuple[float, float, int]) -> None:
    from scipy.stats import ttest_ind_from_stats

    theirs = ttest_ind_from_stats(*one, *two, equal_var=False)
    ours = stats.welch_from_stats(*one, *two)
    assert ours.t == pytest.approx(theirs.statistic, rel=1e-9, abs=1e-12)
    assert ours.p_two_sided == pytest.approx(theirs.pvalue, rel=1e-7, abs=1e-12)


@given(pair=st.tuples(inner, inner), k=st.integers(2, 5))
def test_equal_segments_are_homogeneous_even_at_an_odds_ratio_of_one(pair: Any, k: int) -> None:
    """Where statsmodels divides by zero."""
    (a, m), (b, n) = pair
    same = stats.breslow_day_tarone([a] * k, [m] * k, [b] * k, [n] * k)
    assert same.statistic == pytest.approx(0, abs=1e-6)
    half = stats.breslow_day_tarone([m // 2] * k, [m] * k, [m // 2] * k, [m] * k)
    assert (half.mh_odds_ratio, half.p_value) == pytest.approx((1, 1), abs=1e-6)


@given(
    sizes=st.tuples(st.integers(3, 50_000), st.integers(3, 50_000)),
    alpha=st.sampled_from([0.01, 0.05, 0.1]),
    power=st.sampled_from([0.5, 0.8, 0.9, 0.95]),
)
def test_the_detectable_effect_of_two_means_has_the_power_asked_for(
    sizes: tuple[int, int], alpha: float, power: float
) -> None:
    from statsmodels.stats.power import TTestIndPower

    effect = stats.mde_mean_d(*sizes, alpha, power).cohen_d
    found = TTestIndPower().power(effect, sizes[0], alpha, ratio=sizes[1] / sizes[0], alternative="larger")
    assert found == pytest.approx(power, abs=1e-8)
