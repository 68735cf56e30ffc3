"""Whose events are where, against plain lists."""

from __future__ import annotations

from itertools import pairwise
from types import ModuleType

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

from pytest_mixpanel.engine.kernels import owners as installed
from tests.engine.kernels.test_paths import interpreted

MANY = settings(max_examples=200)

either = pytest.mark.parametrize("owners", [installed, interpreted(installed)], ids=["built", "read"])


@either
@MANY
@given(st.lists(st.integers(0, 4), max_size=8), st.integers(0, 3), st.sets(st.integers(0, 34)))
def test_the_events_of_owners_are_stretches_of_neighbours(
    owners: ModuleType, sizes: list[int], nobodys: int, some: set[int]
) -> None:
    offsets = np.cumsum([0, *sizes]).astype(np.int64)
    at = sorted(place for place in some if place < offsets[-1] + nobodys)
    bounds = np.empty(2 * len(sizes), np.int64)
    found = bounds[: owners.find_owners(offsets, np.array(at, np.int64), bounds)].tolist()
    owner = [user for user, size in enumerate(sizes) for _ in range(size)]
    theirs = {owner[place] for place in at if place < len(owner)}
    stretches = list(zip(found[::2], found[1::2], strict=True))
    inside = [place for low, high in stretches for place in range(low, high)]
    assert inside == [place for place, user in enumerate(owner) if user in theirs]
    assert all(high < low for (_, high), (low, _) in pairwise(stretches))


@either
@MANY
@given(st.sets(st.integers(0, 40)), st.lists(st.integers(0, 45), max_size=8))
def test_places_before_ascending_bounds_are_counted(
    owners: ModuleType, at: set[int], bounds: list[int]
) -> None:
    found, ascending = np.array(sorted(at), np.int64), np.array(sorted(bounds), np.int64)
    before = np.empty(len(ascending), np.int64)
    owners.count_before(found, ascending, before)
    assert before.tolist() == np.searchsorted(found, ascending).tolist()


@either
@MANY
@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=8))
def test_the_events_of_wanted_users_are_stretches_of_neighbours(
    owners: ModuleType, users: list[tuple[int, bool]]
) -> None:
    ends = np.cumsum([0, *(size for size, _ in users)]).astype(np.int64)
    bounds, wanted = np.empty(2 * len(users), np.int64), np.array([chosen for _, chosen in users], bool)
    found = bounds[: owners.find_stretches(ends, wanted.view(np.uint8), bounds)].tolist()
    stretches = list(zip(found[::2], found[1::2], strict=True))
    owner = [user for user, (size, _) in enumerate(users) for _ in range(size)]
    inside = [place for low, high in stretches for place in range(low, high)]
    assert inside == [place for place, user in enumerate(owner) if wanted[user]]
    assert all(high < low for (_, high), (low, _) in pairwise(stretches))


@either
@MANY
@given(st.lists(st.integers(0, 4), max_size=8), st.integers(0, 3), st.data())
def test_owners_are_asked_and_nobody_at_last(
    owners: ModuleType, sizes: list[int], nobodys: int, data: st.DataObject
) -> None:
    verdicts = data.draw(st.lists(st.booleans(), min_size=len(sizes) + 1, max_size=len(sizes) + 1))
    owner = [user for user, size in enumerate(sizes) for _ in range(size)] + [-1] * nobodys
    at = sorted(data.draw(st.sets(st.sampled_from(range(len(owner)))))) if owner else []
    found = np.empty(len(at), bool)
    offsets, told = np.cumsum([0, *sizes]).astype(np.int64), np.array(verdicts)
    owners.ask_owners(offsets, np.array(at, np.int64), told.view(np.uint8), found.view(np.uint8))
    assert found.tolist() == [verdicts[owner[place]] for place in at]


@either
@MANY
@given(
    users=st.lists(
        st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=9).map(sorted), max_size=4
    ),
    window=st.tuples(st.integers(0, 61), st.integers(0, 61)),
    times=st.integers(1, 4),
)
def test_who_did_it_often_enough_within_a_window(
    owners: ModuleType, users: list[list[tuple[int, bool]]], window: tuple[int, int], times: int
) -> None:
    start, end = window
    events = [event for user in users for event in user]
    at = np.array([place for place, (_, wanted) in enumerate(events) if wanted], np.int64)
    time = np.array([when for when, _ in events], np.int64)
    before = np.cumsum([0, *(sum(wanted for _, wanted in user) for user in users)]).astype(np.int64)
    assume(len(at))
    found = np.empty(len(users), np.uint8)
    owners.find_doers(before, time, at, start, end, times, found)
    done = [sum(wanted and start <= when < end for when, wanted in user) for user in users]
    assert found.astype(bool).tolist() == [count >= times for count in done]
