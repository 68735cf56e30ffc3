"""Events are put in order by owner and time, equal ones as they came."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from pytest_mixpanel.engine.kernels import ordering
from pytest_mixpanel.engine.store import assemble
from tests.engine.kernels.test_paths import interpreted

events = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), max_size=60)


@pytest.mark.parametrize("kernel", [ordering, interpreted(ordering)])
@given(events)
def test_events_are_in_the_order_of_a_stable_sort(kernel: Any, given_events: list[tuple[int, int]]) -> None:
    owner, time = _arrays(given_events)
    order, ends = np.full(len(time), -1, np.int64), np.zeros(6, np.int64)
    kernel.place_by_owner(owner, ends, order)
    kernel.sort_by_time(time, ends, order, np.empty(kernel.longest_unsorted(time, ends, order), np.int64))
    assert order.tolist() == sorted(range(len(time)), key=lambda row: (owner[row], time[row]))


@given(events)
def test_nothing_is_sorted_that_is_in_order(given_events: list[tuple[int, int]]) -> None:
    owner = np.array([who for who, _ in given_events], np.int32)
    order, ends = np.full(len(owner), -1, np.int64), np.zeros(6, np.int64)
    ordering.place_by_owner(owner, ends, order)
    assert ordering.longest_unsorted(np.arange(len(owner)), ends, order) == 0


@pytest.mark.parametrize("kernel", [ordering, interpreted(ordering)])
@given(events)
def test_events_are_tied_that_have_owner_and_moment_of_a_neighbour(
    kernel: Any, given_events: list[tuple[int, int]]
) -> None:
    owner, moment = _arrays(given_events)
    order, tied = np.lexsort((moment, owner)), np.empty(len(owner), np.uint8)
    kernel.find_ties(order, owner, moment, tied)
    often = Counter(given_events)
    assert tied.tolist() == [often[given_events[row]] > 1 for row in order.tolist()]


@given(events, st.sampled_from([1, 2, 20, 100]), st.sampled_from([np.int8, np.int32, np.int64]))
def test_of_events_that_repeat_each_other_the_last_one_stays(
    given_events: list[tuple[int, int]], different: int, kind: Any
) -> None:
    """Code −1 is that of events without an id, which repeat nothing."""
    owner, time = _arrays(given_events)
    event, ids = np.zeros(len(owner), np.int32), (np.arange(len(owner)) % (different + 1) - 1).astype(kind)
    order = np.lexsort((time, owner))
    dropped, kept = assemble.repeats(order, owner, time, event, ids)
    keys = zip(owner.tolist(), time.tolist(), ids.tolist(), strict=True)
    last = {key: row for row, key in enumerate(keys) if key[2] >= 0}
    assert set(dropped.tolist()) == set(np.flatnonzero(ids >= 0).tolist()) - set(last.values())
    assert len(kept) == len(dropped)


@pytest.mark.parametrize("kernel", [ordering, interpreted(ordering)])
@given(st.lists(st.integers(-1, 5), max_size=30))
def test_codes_are_counted_up_to_two(kernel: Any, codes: list[int]) -> None:
    times = np.zeros(6, np.uint8)
    kernel.count_to_two(np.array(codes, np.int32), times)
    assert times.tolist() == [min(codes.count(code), 2) for code in range(6)]


@given(st.lists(st.integers(0, 4), max_size=60), st.integers(1, 7))
def test_events_are_counted_and_looked_up_however_many_at_once(owner: list[int], at_once: int) -> None:
    codes, table = np.array(owner, np.int32), np.arange(10, 15)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assemble, "AT_ONCE", at_once)
        assert assemble.counted(codes, 5).tolist() == [owner.count(who) for who in range(5)]
        assert assemble.looked_up(table, codes).tolist() == [10 + who for who in owner]


@pytest.mark.parametrize("kernel", [ordering, interpreted(ordering)])
@given(st.permutations(range(20)), st.sampled_from([np.int8, np.int16, np.float64]), st.booleans())
def test_entries_are_put_in_an_order(kernel: Any, places: list[int], kind: Any, narrow: bool) -> None:
    entries = np.arange(20).astype(kind)
    out, word = np.zeros(20, kind), f"u{np.dtype(kind).itemsize}"
    order = np.array(places, np.int32 if narrow else np.int64)
    kernel.put_in_order(entries.view(word), order, out.view(word))
    assert out.tolist() == places
    kernel.put_in_order(entries.view(word), order - 1, out.view(word), 1)
    assert out.tolist() == places


def _arrays(given_events: list[tuple[int, int]]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    owner = np.array([who for who, _ in given_events], np.int32)
    return owner, np.array([moment for _, moment in given_events], np.int64)
