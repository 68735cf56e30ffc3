"""Where events of interest are, against NumPy's searches."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from pytest_mixpanel.engine.kernels import places as installed
from tests.engine.test_path_kernel import interpreted

MANY = settings(max_examples=200)
kinds = st.lists(st.integers(0, 5), max_size=40)
choices = st.lists(st.booleans(), min_size=6, max_size=6)


either = pytest.mark.parametrize("places", [installed, interpreted(installed)], ids=["built", "read"])


@either
@MANY
@given(kinds, choices, st.sampled_from([np.uint8, np.uint16, np.uint32]))
def test_the_places_of_wanted_kinds_are_found_in_order(
    places: ModuleType, kinds: list[int], wanted: list[bool], width: type
) -> None:
    kind, chosen = np.array(kinds, width), np.array(wanted)
    at = np.empty(len(kind), np.int64)
    found = places.find_places(kind, chosen.view(np.uint8), at)
    assert at[:found].tolist() == np.flatnonzero(chosen[kind]).tolist()


@either
@MANY
@given(st.sets(st.integers(0, 40)), st.lists(st.integers(0, 45), max_size=8))
def test_places_before_ascending_bounds_are_counted(
    places: ModuleType, at: set[int], bounds: list[int]
) -> None:
    found, ascending = np.array(sorted(at), np.int64), np.array(sorted(bounds), np.int64)
    before = np.empty(len(ascending), np.int64)
    places.count_before(found, ascending, before)
    assert before.tolist() == np.searchsorted(found, ascending).tolist()
