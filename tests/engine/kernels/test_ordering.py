"""Events are put in order by owner and time, equal ones as they came."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.engine.kernels import ordering
from pytest_mixpanel.engine.store import assemble
from tests.engine.kernels.test_paths import interpreted

events = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), max_size=60)


@pytest.mark.parametrize("kernel", [ordering, interpreted(ordering)])
@given(events)
def test_events_are_in_the_order_of_a_stable_sort(kernel: Any, given_events: list[tuple[int, int]]) -> None:
    owner = np.array([who for who, _ in given_events], np.int32)
    time = np.array([moment for _, moment in given_events], np.int64)
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


@given(events, st.integers(1, 7))
def test_repeats_are_found_however_many_events_are_compared_at_once(
    given_events: list[tuple[int, int]], at_once: int
) -> None:
    owner = np.array([who for who, _ in given_events], np.int32)
    time = np.array([moment for _, moment in given_events], np.int64)
    event, ids = np.zeros(len(owner), np.int32), np.arange(len(owner)) % 2
    order = np.lexsort((time, owner))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assemble, "AT_ONCE", at_once)
        dropped, kept = assemble.repeats(order, owner, time, event, ids)
    last = {key: row for row, key in enumerate(zip(owner.tolist(), time.tolist(), ids.tolist(), strict=True))}
    assert set(dropped.tolist()) == set(range(len(owner))) - set(last.values())
    assert len(kept) == len(dropped)
