"""A change of the daily level of a count."""

import numpy as np
import pytest

from pytest_mixpanel.stats import compare_volume

WEEK = [1.0, 1.0, 1.0, 1.0, 0.9, 0.7, 0.6]


def _series(days: int, level: float, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.poisson(level * np.resize(WEEK, days))


def test_a_third_less_is_seen() -> None:
    counts = np.concatenate([_series(28, 1000, 1), _series(7, 670, 2)])
    change = compare_volume(counts.tolist(), [day % 7 for day in range(35)], 7, margin_rel=0.1)
    assert change.estimate == pytest.approx(-0.33, abs=0.03)
    assert change.p_drop < 1e-6
    assert change.lo < change.estimate < change.hi


def test_no_change_rules_a_drop_out() -> None:
    counts = np.concatenate([_series(28, 1000, 3), _series(7, 1000, 4)])
    change = compare_volume(counts.tolist(), [day % 7 for day in range(35)], 7, margin_rel=0.1)
    assert change.p_drop > 0.05
    assert change.p_noninferior < 0.01
