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
@given(kinds, st.integers(1, 20), choices, st.sampled_from([np.uint8, np.uint16, np.uint32]))
def test_the_places_of_wanted_kinds_are_found_in_order(
    places: ModuleType, kinds: list[int], repeated: int, wanted: list[bool], width: type
) -> None:
    kind, chosen = np.array(kinds * repeated, width), np.array(wanted)
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


@either
@MANY
@given(
    st.lists(st.integers(-1, 5), min_size=1, max_size=20),
    st.data(),
    choices,
    st.sampled_from([np.int8, np.int16, np.int32, np.int64]),
)
def test_verdicts_are_looked_up_by_code_with_one_for_what_is_absent(
    places: ModuleType, codes: list[int], data: st.DataObject, verdicts: list[bool], width: type
) -> None:
    at = np.array(data.draw(st.lists(st.integers(0, len(codes) - 1), max_size=20)), np.int64)
    column, decided = np.array(codes, width), np.array([*verdicts, True])
    found = np.empty(len(at), bool)
    places.look_up(column, at, decided.view(np.uint8), found.view(np.uint8))
    assert found.tolist() == decided[column[at]].tolist()


@either
@MANY
@given(st.sets(st.integers(0, 20)), st.data(), st.sampled_from([np.uint8, np.uint16, np.uint32, np.uint64]))
def test_rows_that_pass_get_their_bit(
    places: ModuleType, rows: set[int], data: st.DataObject, width: type
) -> None:
    some = np.array(sorted(rows), np.int64)
    passed = np.array(data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))), bool)
    bits = np.full(21, 1, width)
    places.mark_passing(some, passed.view(np.uint8), 4, bits)
    assert np.flatnonzero(bits & 4).tolist() == some[passed].tolist()
    assert (bits & 1).all()
