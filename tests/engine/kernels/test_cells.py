"""The kernels that count records and users in buckets against sets and dictionaries, on random users."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from pytest_mixpanel.engine.kernels import cells as installed
from tests.engine.kernels.test_paths import interpreted
from tests.oracles import counts

KERNELS = pytest.mark.parametrize(
    "kernel", [installed, interpreted(installed)], ids=["installed", "by Python"]
)
NOTHING = np.empty(0, np.int64)
GROUPS = 3

Users = list[list[tuple[int, int, bool]]]
"""Of each user the times, groups and whether they are asked for, of events by time."""

USERS: st.SearchStrategy[Users] = st.lists(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, GROUPS - 1), st.booleans()), max_size=12).map(
        sorted
    ),
    max_size=4,
)
EDGES = st.tuples(st.integers(5, 20), st.lists(st.integers(1, 15), min_size=1, max_size=6)).map(
    lambda drawn: list(accumulate([drawn[0], *drawn[1]]))
)
"""Uneven buckets, as months and days of 23 hours are."""


def arrays(users: Users, nobodys: list[int]) -> tuple[Any, Any, Any, Any]:
    """Offsets, times, the places asked for and their groups; nobody's events are all asked for."""
    flat = [event for user in users for event in user] + [(time, 0, True) for time in nobodys]
    at = [place for place, (_, _, asked) in enumerate(flat) if asked]
    return (
        np.cumsum([0, *map(len, users)]).astype(np.int64),
        np.array([time for time, _, _ in flat], np.int64),
        np.array(at, np.int64),
        np.array([flat[place][1] for place in at], np.int64),
    )


def bucket_of(time: int, edges: list[int]) -> int:
    return next((n for n, (low, high) in enumerate(pairwise(edges)) if low <= time < high), -1)


def asked(users: Users, grouped: bool) -> list[tuple[int, int, int]]:
    """User, time and group of the records asked for."""
    return [
        (number, time, group if grouped else 0)
        for number, user in enumerate(users)
        for time, group, wanted in user
        if wanted
    ]


@KERNELS
@settings(max_examples=150)
@given(users=USERS, edges=EDGES, nobodys=st.lists(st.integers(0, 60), max_size=3), grouped=st.booleans())
def test_records_and_users_are_counted_in_their_buckets(
    kernel: Any, users: Users, edges: list[int], nobodys: list[int], grouped: bool
) -> None:
    offsets, time, at, group = arrays(users, nobodys)
    width, bounds = len(edges) - 1, np.array(edges, np.int64)
    done = asked(users, grouped)
    nobody = [(-1, when, 0) for when in nobodys]
    records, people = np.zeros((GROUPS, width), np.int64), np.zeros((GROUPS, width), np.int64)
    for _, when, segment in [*done, *nobody]:
        if (bucket := bucket_of(when, edges)) >= 0:
            records[segment, bucket] += 1
    for _, segment, bucket in {(user, segment, bucket_of(when, edges)) for user, when, segment in done}:
        if bucket >= 0:
            people[segment, bucket] += 1

    given_groups = group if grouped else NOTHING
    counted, distinct = np.zeros_like(records), np.zeros_like(people)
    kernel.count_records(time, at, given_groups, bounds, counted)
    kernel.count_users(offsets, time, at, given_groups, bounds, np.full_like(people, -1), distinct)
    found = np.empty(len(at), np.int64)
    inside = kernel.find_buckets(time, at, bounds, found)

    assert counted.tolist() == records.tolist()
    assert distinct.tolist() == people.tolist()
    assert found.tolist() == [bucket_of(int(time[place]), edges) for place in at]
    assert inside == records.sum()


@KERNELS
@settings(max_examples=150)
@given(users=USERS, edges=EDGES, nobodys=st.lists(st.integers(0, 60), max_size=3), length=st.integers(1, 4))
@pytest.mark.parametrize("grouped", [False, True])
def test_a_user_is_active_for_some_days(
    kernel: Any, users: Users, edges: list[int], nobodys: list[int], length: int, grouped: bool
) -> None:
    offsets, time, at, group = arrays(users, nobodys)
    changes = np.zeros((GROUPS, len(edges) - 1), np.int64)
    kernel.count_active(
        offsets,
        time,
        at,
        group if grouped else NOTHING,
        np.array(edges, np.int64),
        length,
        np.full((GROUPS, 2), -1, np.int64),
        changes,
    )
    for segment in range(GROUPS):
        done = [
            (str(user), bucket_of(when, edges))
            for user, when, of in asked(users, grouped)
            if of == segment and bucket_of(when, edges) >= 0
        ]
        wanted = [counts.in_the_last(done, day, length) for day in range(len(edges) - 1)]
        assert np.cumsum(changes[segment]).tolist() == wanted


@KERNELS
@pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32, np.int64])
@settings(max_examples=50)
@given(codes=st.lists(st.integers(-1, 4), max_size=20), data=st.data())
def test_codes_are_looked_up_where_records_are_asked_for(
    kernel: Any, kind: Any, codes: list[int], data: st.DataObject
) -> None:
    at = data.draw(st.lists(st.sampled_from(range(len(codes))))) if codes else []
    table = [10, 11, 12, 13, 14, 99]
    found = np.empty(len(at), np.int32)
    kernel.find_segments(np.array(codes, kind), np.array(at, np.int64), np.array(table, np.int32), found)
    assert found.tolist() == [table[codes[place]] for place in at]
