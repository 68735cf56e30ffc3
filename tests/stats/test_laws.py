"""Laws that hold whatever the counts."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st

from pytest_mixpanel import stats
from pytest_mixpanel.stats import (
    adjust_pvalues,
    compare_conversion,
    compare_volume,
    daily_mix_shift,
    day_dispersion,
    decide,
    effective_counts,
    holds,
    kitagawa,
    newcombe_interval,
    rate_level,
    retention_auc,
    score_interval,
    score_test,
    wilson_interval,
)

sizes = st.integers(1, 5000)


@st.composite
def rate(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(sizes)
    return draw(st.integers(0, n)), n


@given(rate(), rate())
def test_swapping_the_sides_mirrors_newcombes_interval(a: tuple[int, int], b: tuple[int, int]) -> None:
    forth, back = newcombe_interval(*a, *b), newcombe_interval(*b, *a)
    assert forth.lo == pytest.approx(-back.hi)
    assert forth.hi == pytest.approx(-back.lo)


@given(rate(), rate(), st.just(0.0) | st.floats(0.001, 0.5))
def test_swapping_the_sides_mirrors_the_score_test(
    a: tuple[int, int], b: tuple[int, int], margin: float
) -> None:
    assert score_test(*a, *b, margin).z == pytest.approx(-score_test(*b, *a, -margin).z, abs=1e-6)


@given(rate(), rate())
def test_the_score_interval_contains_the_estimate(a: tuple[int, int], b: tuple[int, int]) -> None:
    interval = score_interval(*a, *b)
    assert interval.lo - 1e-9 <= a[0] / a[1] - b[0] / b[1] <= interval.hi + 1e-9


@given(st.integers(20, 2000), st.integers(20, 2000), st.data())
def test_the_score_interval_inverts_the_test(n1: int, n0: int, data: st.DataObject) -> None:
    x1, x0 = data.draw(st.integers(1, n1 - 1)), data.draw(st.integers(1, n0 - 1))
    interval = score_interval(x1, n1, x0, n0, conf=0.9)
    assume(interval.lo > -0.999)
    assert score_test(x1, n1, x0, n0, -interval.lo, "greater").p_value == pytest.approx(0.05, abs=1e-6)


@given(rate(), rate())
def test_more_conversions_never_make_a_drop_more_significant(a: tuple[int, int], b: tuple[int, int]) -> None:
    x1, n1 = a
    assume(x1 < n1)
    assert score_test(x1 + 1, n1, *b).p_value >= score_test(x1, n1, *b).p_value - 1e-9


@given(
    st.floats(-0.5, 0.5),
    st.floats(0.001, 0.5),
    st.floats(0, 1),
    st.floats(0, 1),
    st.booleans(),
    st.booleans(),
)
def test_a_verdict_is_one_of_three_and_always_reasoned(
    estimate: float, margin: float, p_drop: float, p_noninferior: float, mature: bool, n_ok: bool
) -> None:
    decision = decide(estimate, margin, p_drop, p_noninferior, mature, n_ok)
    assert (decision.verdict == "inconclusive") == (decision.reason is not None)
    if decision.verdict == "fail":
        assert estimate <= -margin
        assert p_drop <= 0.01
    if not (mature and n_ok):
        assert decision.verdict == "inconclusive"


series = st.lists(st.tuples(st.integers(30, 3000), st.floats(0.02, 0.98)), min_size=21, max_size=56)


@given(series)
def test_a_comparison_never_both_fails_and_rules_a_drop_out(days: list[tuple[int, float]]) -> None:
    n = [count for count, _ in days]
    x = [round(count * share) for count, share in days]
    result = compare_conversion(n, x, [day % 7 for day in range(len(n))], 7, margin_rel=0.1)
    assert result.n1_eff <= sum(n[-7:]) + 1e-6
    assert result.n0_eff <= sum(n[:-7]) + 1e-6
    assert result.lo - 1e-9 <= result.estimate <= result.hi + 1e-9
    if result.verdict == "fail":
        assert result.p_noninferior >= 0.5


def test_upsampled_counts_leave_the_verdict_nearly_where_it_was() -> None:
    """A tenfold up-sampling makes counts look ten times as sure; the dispersion between days corrects it."""
    random = np.random.default_rng(7)
    n = random.poisson(2000, 35)
    x = random.binomial(n, 0.1 * np.exp(random.normal(0, 0.05, 35)))
    dow = [day % 7 for day in range(35)]
    once = compare_conversion(n.tolist(), x.tolist(), dow, 7, margin_rel=0.1)
    tenfold = compare_conversion((n * 10).tolist(), (x * 10).tolist(), dow, 7, margin_rel=0.1)
    assert tenfold.hi - tenfold.lo == pytest.approx(once.hi - once.lo, rel=0.1)


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 500)), min_size=1, max_size=8), st.randoms())
def test_the_decomposition_adds_up_and_mirrors_in_time(pairs: list[tuple[int, int]], random: object) -> None:
    n1, n0 = [a for a, _ in pairs], [b for _, b in pairs]
    x1, x0 = [a // 3 for a in n1], [b // 2 for b in n0]
    forth, back = kitagawa(x1, n1, x0, n0), kitagawa(x0, n0, x1, n1)
    assert forth.rate_effect + forth.mix_effect == pytest.approx(forth.total, abs=1e-12)
    assert forth.rate_effect == pytest.approx(-back.rate_effect, abs=1e-12)
    assert math.fsum(forth.mix_by_segment) == pytest.approx(forth.mix_effect, abs=1e-12)


def test_a_segment_new_today_counts_as_mix_alone() -> None:
    result = kitagawa([10, 5], [100, 50], [10, 0], [100, 0])
    assert result.rate_by_segment[1] == 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.sampled_from(["holm", "hochberg", "bh", "by"]))
def test_adjusted_pvalues_are_no_smaller_and_keep_their_order(p: list[float], method: str) -> None:
    adjusted = adjust_pvalues(p, method).adjusted  # type: ignore[arg-type]  # drawn from the literals
    assert all(a >= b - 1e-12 for a, b in zip(adjusted, p, strict=True))
    by_raw = [a for _, a in sorted(zip(p, adjusted, strict=True))]
    assert all(x <= y + 1e-12 for x, y in pairwise(by_raw))


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.sampled_from(["<", "<=", ">", ">="]))
def test_a_level_condition_and_its_opposite_never_both_hold(
    a: float, b: float, limit: float, op: str
) -> None:
    lo, hi = sorted((a, b))
    opposite = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}[op]
    told = holds(op, limit, (lo + hi) / 2, lo, hi)  # type: ignore[arg-type]  # drawn from the literals
    mirrored = holds(opposite, limit, (lo + hi) / 2, lo, hi)  # type: ignore[arg-type]  # as above
    assert {told, mirrored} in ({"holds", "holds not"}, {"undecided"})


def test_a_level_over_quiet_days_is_wilsons_interval() -> None:
    level = rate_level([100] * 7, [20] * 7, list(range(7)))
    wilson = wilson_interval(140, 700)
    assert (level.lo, level.hi) == pytest.approx((wilson.lo, wilson.hi))


def test_a_level_nobody_entered_is_anything() -> None:
    level = rate_level([0] * 7, [0] * 7, list(range(7)))
    assert (level.lo, level.hi) == (0.0, 1.0)
    assert math.isnan(level.estimate)


def test_shaky_days_widen_the_interval_of_a_level() -> None:
    dow = [day % 7 for day in range(28)]
    calm = rate_level([1000] * 28, [200] * 28, dow)
    shaky = rate_level([1000] * 28, [150, 250] * 14, dow)
    assert shaky.hi - shaky.lo > 2 * (calm.hi - calm.lo)


def test_effective_counts_shrink_with_dispersion() -> None:
    n, x = [100] * 35, [10] * 35
    assert effective_counts(n, x, 7, phi=4, r1=0).n1_eff < effective_counts(n, x, 7, phi=1, r1=0).n1_eff


def test_a_mix_that_only_wobbles_by_day_is_not_a_shift() -> None:
    """Plain chi-square rejects overdispersed days; the day-cluster test does not."""
    random = np.random.default_rng(11)

    def days(count: int, shares: list[float]) -> list[list[float]]:
        wobble = [random.dirichlet(np.array(shares) * 400) for _ in range(count)]
        return [random.multinomial(10_000, share).tolist() for share in wobble]

    before, now = days(28, [0.5, 0.3, 0.2]), days(7, [0.5, 0.3, 0.2])
    same = daily_mix_shift(before, now, ["a", "b", "c"])
    moved = daily_mix_shift(before, days(7, [0.4, 0.3, 0.3]), ["a", "b", "c"])
    assert same is not None
    assert moved is not None
    assert same.shift.p_value < 0.01 < same.p_value
    assert moved.p_value < 1e-4
    assert moved.shift.tvd == pytest.approx(0.1, abs=0.02)


def test_segments_too_small_to_judge_are_merged() -> None:
    shift = daily_mix_shift([[500, 400, 1]] * 14, [[500, 400, 0]] * 7, ["web", "ios", "tv"])
    assert shift is not None
    assert shift.segments == ("web", "ios", "(rare)")


def test_a_side_without_entrants_cannot_be_decomposed() -> None:
    with pytest.raises(ValueError, match="no entrants"):
        kitagawa([0, 0], [0, 0], [1, 2], [3, 4])


@given(st.integers(1, 400), st.integers(2, 9), st.integers(2, 8))
def test_days_without_spread_show_no_correlation_whatever_rounding_left(n: int, k: int, weeks: int) -> None:
    """Residuals of 1e-16 have a lag-1 correlation of anything, another on every machine."""
    days = 7 * weeks
    entrants = [n * k * (1 + day % 7) for day in range(days)]
    conversions = [n * (1 + day % 7) for day in range(days)]
    weekday = [day % 7 for day in range(days)]
    assert day_dispersion(entrants, conversions, weekday, 7).r1 == 0
    assert rate_level(entrants, conversions, weekday).phi < 1e-9
    assert math.isfinite(retention_auc(entrants, [[x] for x in conversions], weekday, 7).t)
    assert compare_volume(conversions, weekday, 7, 0.1).estimate == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("function", "arguments", "told"),
    [
        (stats.adjust_pvalues, {"p": [0.1], "method": "sidak"}, "method is one of holm"),
        (stats.score_test, {"alternative": "lesser"}, "alternative is one of less"),
        (stats.fisher_test, {"alternative": "lesser"}, "alternative is one of less"),
    ],
)
def test_a_word_that_chooses_nothing_is_refused(function: Any, arguments: dict[str, Any], told: str) -> None:
    counts = {} if "p" in arguments else {"x1": 1, "n1": 10, "x0": 2, "n0": 10}
    with pytest.raises(ValueError, match=told):
        function(**counts, **arguments)


def test_a_rule_that_fails_nothing_is_refused() -> None:
    wrong: Any = "any"
    with pytest.raises(ValueError, match="fail_when is one of material, exceeds, any_drop"):
        stats.decide(0, 0.1, 1, 1, fail_when=wrong)
