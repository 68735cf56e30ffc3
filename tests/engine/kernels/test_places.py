"""Where events of interest are, against NumPy's searches."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from pytest_mixpanel.engine.kernels import places as installed
from tests.engine.kernels.test_paths import interpreted

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
@pytest.mark.parametrize("width", [np.uint8, np.uint16, np.uint32])
@pytest.mark.parametrize("wanted", [0, 1, 3, 12, 13, 20])
@pytest.mark.parametrize("bounds", [None, [], [3, 4_099, 4_099, 4_100, 4_200, 9_000]])
def test_places_are_found_block_by_block_and_stretch_by_stretch(
    places: ModuleType, wanted: int, width: type, bounds: list[int] | None
) -> None:
    random = np.random.default_rng(wanted)
    kind, chosen = random.integers(0, 20, 9_500).astype(width), np.zeros(20, bool)
    chosen[random.permutation(20)[:wanted]] = True
    at, within = np.empty(len(kind), np.int64), None if bounds is None else np.array(bounds, np.int64)
    found = places.find_places(kind, chosen.view(np.uint8), at, within)
    inside = np.full(len(kind), bounds is None)
    for low, high in zip(*[iter(bounds or ())] * 2, strict=True):
        inside[low:high] = True
    assert at[:found].tolist() == np.flatnonzero(chosen[kind] & inside).tolist()


@either
@pytest.mark.parametrize("width", [np.int8, np.int16, np.int32, np.int64])
@pytest.mark.parametrize("wanted", [0, 2, 15])
@pytest.mark.parametrize("bounds", [None, [3, 4_099, 4_099, 4_100, 4_200, 9_000]])
def test_those_whose_code_passes_are_found_in_the_same_walk(
    places: ModuleType, wanted: int, width: type, bounds: list[int] | None
) -> None:
    random = np.random.default_rng(wanted)
    kind, chosen = random.integers(0, 20, 9_500).astype(np.uint8), np.arange(20) < wanted
    codes, decided = random.integers(-1, 6, 9_500).astype(width), np.array([1, 0, 0, 1, 0, 1, 1], np.uint8)
    at, within = np.empty(len(kind), np.int64), None if bounds is None else np.array(bounds, np.int64)
    found = places.find_passing(kind, chosen.view(np.uint8), codes, decided, at, within)
    named = np.empty(len(kind), np.int64)
    named = named[: places.find_places(kind, chosen.view(np.uint8), named, within)]
    assert at[:found].tolist() == named[decided[codes[named]] == 1].tolist()


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
@given(
    st.lists(st.integers(-1, 5), min_size=1, max_size=20),
    st.data(),
    choices,
    st.sampled_from([np.int8, np.int16, np.int32, np.int64]),
    st.booleans(),
)
def test_rows_are_kept_by_the_code_of_their_event(
    places: ModuleType, codes: list[int], data: st.DataObject, verdicts: list[bool], width: type, same: bool
) -> None:
    at = np.array(data.draw(st.lists(st.integers(0, len(codes) - 1), max_size=20)), np.int64)
    rows = np.array(sorted(data.draw(st.sets(st.sampled_from(range(len(at) or 1))))), np.int64)
    rows = rows[rows < len(at)]
    column, decided = np.array(codes, width), np.array([*verdicts, True])
    expected = rows[decided[column[at[rows]]]].tolist()
    kept = rows if same else np.empty(len(rows), np.int64)
    found = places.keep_passing(column, at, rows, decided.view(np.uint8), kept)
    assert kept[:found].tolist() == expected


@either
@MANY
@given(st.sets(st.integers(0, 20)), st.sampled_from([np.uint8, np.uint16, np.uint32, np.uint64]))
def test_rows_get_a_bit(places: ModuleType, rows: set[int], width: type) -> None:
    bits = np.full(21, 1, width)
    places.mark_rows(np.array(sorted(rows), np.int64), 4, bits)
    assert np.flatnonzero(bits & 4).tolist() == sorted(rows)
    assert (bits & 1).all()
