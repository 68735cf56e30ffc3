"""Looking more than once costs something, and no more than it must."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.stats import confseq_upper_halfwidth, obrien_fleming_bounds


def test_the_bounds_for_five_looks_are_the_published_ones() -> None:
    # Lan-DeMets spending of O'Brien-Fleming type, one-sided 0.025: Jennison & Turnbull 2000
    assert obrien_fleming_bounds(5).z == pytest.approx((4.8769, 3.3569, 2.6803, 2.2898, 2.0310), rel=1e-3)


def test_a_single_look_needs_no_correction() -> None:
    assert obrien_fleming_bounds(1).z == pytest.approx((1.959964,), rel=1e-6)


@given(se=st.floats(1e-4, 0.1), ratio=st.floats(0.2, 5), alpha=st.floats(0.001, 0.2))
def test_the_exact_sequence_lies_within_the_closed_form_and_outside_one_look(
    se: float, ratio: float, alpha: float
) -> None:
    from scipy.special import ndtri

    width = confseq_upper_halfwidth(se, se * ratio, alpha)
    assert width.exact_mixture_halfwidth <= width.halfwidth
    assert width.exact_mixture_halfwidth > -ndtri(alpha) * se


@pytest.mark.slow
def test_daily_looks_at_nothing_alarm_no_more_often_than_alpha() -> None:
    rng = np.random.default_rng(3)
    days = np.arange(1, 91)
    estimates = rng.standard_normal((4000, 90)).cumsum(axis=1) / days
    bounds = [confseq_upper_halfwidth(1 / day**0.5, 1 / 14**0.5, 0.05).halfwidth for day in days.tolist()]
    assert (estimates < -np.array(bounds)).any(axis=1).mean() <= 0.05
