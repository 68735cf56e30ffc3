"""What is made of many numbers: percentiles against NumPy's and by hand, tallies of parts as one."""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.insights import tallies
from pytest_mixpanel.engine.insights.aggregates import aggregate_of, one_by_one, percentiles
from pytest_mixpanel.engine.insights.tallies import Values
from pytest_mixpanel.engine.kernels import cells as installed
from pytest_mixpanel.query.plan.insights import Metric
from pytest_mixpanel.query.plan.selecting import Selection
from tests.engine.kernels.test_paths import interpreted

KERNELS = pytest.mark.parametrize(
    "kernel", [installed, interpreted(installed)], ids=["installed", "by Python"]
)
NUMBERS = st.one_of(
    st.integers(-3, 3).map(float),  # ties are many
    st.floats(allow_nan=False, allow_infinity=True),
)
SHARES = st.one_of(st.sampled_from([0.0, 25.0, 50.0, 75.0, 90.0, 99.0, 100.0]), st.floats(0, 100))


@given(st.lists(st.lists(NUMBERS, min_size=1, max_size=30), min_size=1, max_size=5), SHARES)
def test_percentiles_are_numpys_to_the_bit(stretches: list[list[float]], share: float) -> None:
    bounds = np.cumsum([0, *map(len, stretches)]).astype(np.int64)
    found = percentiles(np.concatenate([np.array(each) for each in stretches]), bounds, share)
    with np.errstate(all="ignore"):
        wanted = [float(np.percentile(each, share)) for each in stretches]
    assert [repr(value) for value in found.tolist()] == [repr(value) for value in wanted]


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=40), st.integers(0, 100))
def test_a_percentile_lies_between_the_nearest_ranks_in_proportion(numbers: list[int], share: int) -> None:
    """Semantics I-5: r = p/100 · (n − 1), linear between floor(r) and the next."""
    ordered, rank = sorted(numbers), Fraction(share, 100) * (len(numbers) - 1)
    low = math.floor(rank)
    high = min(low + 1, len(numbers) - 1)
    wanted = ordered[low] + (rank - low) * (ordered[high] - ordered[low])
    (found,) = percentiles(np.array(numbers, float), np.array([0, len(numbers)]), share).tolist()
    assert found == pytest.approx(float(wanted), rel=1e-12, abs=1e-9)


@pytest.mark.parametrize("share", [-1, 100.5])
def test_a_percentile_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ParamValidationError, match="between 0 and 100"):
        aggregate_of(Metric(Selection("Buy"), math="custom_percentile", property="p", percentile=share))


@KERNELS
@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.uint32, np.uint64])
@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(-9, 9)), max_size=40))
def test_values_are_placed_by_cell_in_their_order(
    kernel: Any, kind: Any, told: list[tuple[int, int]]
) -> None:
    cell, value = np.array([at for at, _ in told], kind), np.array([number for _, number in told], float)
    counts, placed = np.zeros(7, np.int64), np.empty(len(told))
    kernel.count_values(cell, counts)
    place = np.cumsum(counts) - counts
    kernel.place_values(cell, value, place, placed)
    assert placed.tolist() == [number for _, number in sorted(told, key=lambda one: one[0])]
    assert place.tolist() == np.cumsum(counts).tolist()


PARTS = st.lists(
    st.tuples(
        st.permutations(range(3)),
        st.lists(st.tuples(st.integers(0, 1), st.integers(0, 3), NUMBERS), max_size=15),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize("threads", ["1", "3"])
@settings(max_examples=100)
@given(parts=PARTS)
def test_values_of_parts_are_those_of_the_whole(threads: str, parts: Any) -> None:
    """Every part has two of three groups, somewhere else each; buckets are four."""
    whole: dict[int, list[float]] = defaultdict(list)
    moved = []
    for places, told in parts:
        for group, bucket, number in told:
            whole[places[group] * 4 + bucket].append(number)
        cell = np.array([group * 4 + bucket for group, bucket, _ in told], np.int64)
        numbers = np.array([number for *_, number in told], float)
        values = Values.of(cell, 8, numbers, one_by_one(np.max), nothing=-99)
        moved.append(values.moved(np.array(places[:2]), 3, 4))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tallies, "MANY_VALUES", 1)
        patch.setenv("MIXPANEL_THREADS", threads)
        found = moved[0].added(moved[1:]).cells(12)
    assert found == [max(whole[cell]) if cell in whole else -99 for cell in range(12)]
