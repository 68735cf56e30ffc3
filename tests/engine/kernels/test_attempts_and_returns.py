"""The kernels against slow evaluators written from the rules, on random users."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray

from pytest_mixpanel.engine.kernels.attempts import count_first_attempts, find_attempts
from pytest_mixpanel.engine.kernels.floating import find_floating
from pytest_mixpanel.engine.kernels.returns import count_returns
from pytest_mixpanel.query.parse.funnels import FOREVER_MS
from tests.oracles import funnel, retention

Bits = NDArray[np.uint64]

RANGE = (4_000, 27_000)
"""Entries lie here."""

MANY = settings(max_examples=300)


@st.composite
def funnel_users(draw: st.DrawFn) -> list[list[funnel.Record]]:
    """Up to four users with up to twelve events on a coarse clock, so that ties and grace come often."""
    some = st.frozensets(st.integers(0, 3), max_size=3)
    stops = st.frozensets(st.integers(0, 1), max_size=1)

    def made(tick: int, matches: frozenset[int], held: int, stopping: frozenset[int]) -> funnel.Record:
        return funnel.Record(tick * 1_000, matches, RANGE[0] <= tick * 1_000 < RANGE[1], held, stopping)

    record = st.builds(made, st.integers(0, 30), some, st.integers(0, 1), stops)
    users = draw(st.lists(st.lists(record, max_size=12), min_size=1, max_size=4))
    return [sorted(user, key=lambda event: event.time) for user in users]


@st.composite
def funnel_rules(draw: st.DrawFn) -> funnel.Rules:
    steps = draw(st.integers(2, 4))
    after = st.integers(1, steps - 1)
    reaches = st.builds(lambda a, n: (a, min(a + n, steps)), after, st.integers(1, 3))
    exclusions = draw(st.lists(reaches, max_size=2))
    return funnel.Rules(steps, draw(st.integers(0, 20_000)), draw(st.integers(0, 40_000)), tuple(exclusions))


class Arrays:
    """Users as the kernels see them."""

    def __init__(self, users: list[list[funnel.Record]], rules: funnel.Rules) -> None:
        self.events = [event for user in users for event in user]
        self.offsets = np.cumsum([0, *map(len, users)]).astype(np.int64)
        self.time = np.array([event.time for event in self.events], np.int64)
        self.kind = np.arange(len(self.events), dtype=np.uint16)  # each event is of a kind of its own
        self.matches = np.array([bits(event.matches) for event in self.events], np.uint64)
        self.record = np.empty((max(len(self.events), 1), rules.steps), np.int64)

    def chains(self, count: int) -> list[list[int]]:
        """The attempts found, as positions within their user."""
        found = []
        for row in self.record[:count]:
            start = self.offsets[np.searchsorted(self.offsets, row[0], side="right") - 1]
            found.append([int(at - start) for at in row if at >= 0])
        return found


def bits(numbers: frozenset[int]) -> int:
    return sum(1 << number for number in numbers)


def exclusions_of(users: list[list[funnel.Record]], rules: funnel.Rules) -> tuple[Bits, Bits]:
    """Those in force once so many steps are done, and those that every event fits."""
    active = np.zeros(rules.steps + 1, np.uint64)
    for number, (after, before) in enumerate(rules.exclusions):
        active[after:before] |= np.uint64(1 << number)
    return active, np.array([bits(event.stops) for user in users for event in user], np.uint64)


def run_funnel(
    users: list[list[funnel.Record]],
    rules: funnel.Rules,
    entering: int,
    edges: Sequence[int] = RANGE,
    general: bool = False,
) -> list[list[int]]:
    """What the faster kernel finds, or the ``general`` one."""
    arrays = Arrays(users, rules)
    active, stops = exclusions_of(users, rules)
    seen = (
        arrays.offsets,
        arrays.time,
        arrays.kind,
        arrays.matches,
        np.array([event.held for event in arrays.events], np.int64),
        stops,
        active,
        np.array(edges, np.int64),
    )
    until = np.empty(len(arrays.record), np.int64)
    told = (rules.window, funnel.GRACE, rules.now, entering, arrays.record, until)
    if not general:
        return arrays.chains(find_attempts(*seen, rules.steps, *told, np.empty((2, rules.steps), np.int64)))
    groups = rules.groups or [{step} for step in range(rules.steps)]
    ends = np.array([max(group) + 1 for group in groups for _ in group], np.int32)
    place = [event.session for event in arrays.events] if rules.sessions else []
    placed = np.array(place, np.int64)
    return arrays.chains(find_floating(*seen, placed, rules.sessions, ends, rules.steps, *told))


EVALUATORS = {
    0: funnel.unique_attempt,
    1: funnel.all_attempts,
    2: funnel.every_attempt,
    3: lambda user, rules: funnel.best_attempt(user, rules, latest=False),
    4: lambda user, rules: funnel.best_attempt(user, rules, latest=True),
}


@MANY
@given(funnel_users(), funnel_rules(), st.sampled_from(sorted(EVALUATORS)))
def test_attempts_follow_the_rules(
    users: list[list[funnel.Record]], rules: funnel.Rules, entering: int
) -> None:
    expected = [chain for user in users for chain in EVALUATORS[entering](user, rules)]
    assert run_funnel(users, rules, entering) == expected


@MANY
@given(funnel_users(), funnel_rules(), st.sampled_from([RANGE, (RANGE[0], 15_000, RANGE[1])]))
def test_first_attempts_are_counted_as_they_are_found(
    users: list[list[funnel.Record]], rules: funnel.Rules, edges: Sequence[int]
) -> None:
    users = [[replace(record, held=0) for record in user] for user in users]
    arrays, active, stops = Arrays(users, rules), *exclusions_of(users, rules)
    buckets = np.array(edges, np.int64)
    counted, expected = np.zeros((2, 3, len(edges) - 1, rules.steps), np.int64)
    count_first_attempts(
        arrays.offsets,
        arrays.time,
        arrays.kind,
        arrays.matches,
        stops,
        active,
        buckets,
        rules.window,
        funnel.GRACE,
        rules.now,
        np.empty(rules.steps, np.int64),
        *counted,
    )
    for start, chain in attempts_found(users, rules, edges):
        bucket = int(np.searchsorted(buckets, start[chain[0]].time, side="right")) - 1
        for step, at in enumerate(chain):
            took = [start[at].time - start[chain[before]].time for before in (max(step - 1, 0), 0)]
            expected[:, bucket, step] += [1, *(max(each, 0) for each in took)]
    assert counted.tolist() == expected.tolist()


def attempts_found(
    users: list[list[funnel.Record]], rules: funnel.Rules, edges: Sequence[int]
) -> list[tuple[list[funnel.Record], list[int]]]:
    """The first attempt of every user and bucket, by the rules."""
    return [
        (user, chain)
        for user in users
        for low, high in pairwise(edges)
        for chain in funnel.unique_attempt([replace(r, in_range=low <= r.time < high) for r in user], rules)
    ]


@MANY
@given(funnel_users(), funnel_rules(), st.sampled_from(sorted(EVALUATORS)))
def test_every_bucket_is_a_funnel_of_its_own(
    users: list[list[funnel.Record]], rules: funnel.Rules, entering: int
) -> None:
    edges = (RANGE[0], 15_000, RANGE[1])
    expected = [
        chain
        for user in users
        for low, high in pairwise(edges)
        for chain in EVALUATORS[entering]([replace(r, in_range=low <= r.time < high) for r in user], rules)
    ]
    assert run_funnel(users, rules, entering, edges) == expected


@pytest.mark.slow
@settings(max_examples=10_000)
@given(funnel_users(), funnel_rules(), st.sampled_from(sorted(EVALUATORS)))
def test_attempts_follow_the_rules_ten_thousand_times(
    users: list[list[funnel.Record]], rules: funnel.Rules, entering: int
) -> None:
    expected = [chain for user in users for chain in EVALUATORS[entering](user, rules)]
    assert run_funnel(users, rules, entering) == expected


@st.composite
def any_rules(draw: st.DrawFn) -> funnel.Rules:
    """Rules with groups of steps in any order, and windows of sessions, which then are all that ends one."""
    rules = draw(funnel_rules())
    ends = sorted({rules.steps, *draw(st.sets(st.integers(1, rules.steps)))})
    groups = tuple(frozenset(range(start, end)) for start, end in zip([0, *ends], ends, strict=False))
    sessions = draw(st.integers(0, 3))
    return replace(rules, groups=groups, sessions=sessions, window=FOREVER_MS if sessions else rules.window)


def in_sessions(users: list[list[funnel.Record]]) -> list[list[funnel.Record]]:
    """The same records in sessions of six seconds; those that stop an attempt at odd seconds are in none."""
    return [
        [
            replace(event, session=-1 if event.stops and event.time // 1_000 % 2 else event.time // 6_000)
            for event in user
        ]
        for user in users
    ]


@MANY
@given(funnel_users(), any_rules(), st.sampled_from(sorted(EVALUATORS)))
def test_attempts_in_any_order_and_over_sessions_follow_the_rules(
    users: list[list[funnel.Record]], rules: funnel.Rules, entering: int
) -> None:
    users = in_sessions(users)
    edges = (RANGE[0], 15_000, RANGE[1])
    expected = [
        chain
        for user in users
        for low, high in pairwise(edges)
        for chain in EVALUATORS[entering]([replace(r, in_range=low <= r.time < high) for r in user], rules)
    ]
    assert run_funnel(users, rules, entering, edges, general=True) == expected


@pytest.mark.slow
@settings(max_examples=10_000)
@given(funnel_users(), any_rules(), st.sampled_from(sorted(EVALUATORS)))
def test_attempts_in_any_order_follow_the_rules_ten_thousand_times(
    users: list[list[funnel.Record]], rules: funnel.Rules, entering: int
) -> None:
    users = in_sessions(users)
    expected = [chain for user in users for chain in EVALUATORS[entering](user, rules)]
    assert run_funnel(users, rules, entering, general=True) == expected


@st.composite
def retention_users(draw: st.DrawFn) -> list[list[retention.Record]]:
    users = []
    for _ in range(draw(st.integers(1, 4))):
        times = sorted(draw(st.lists(st.integers(0, 60), max_size=12)))
        users.append(
            [
                retention.Record(time, draw(st.booleans()), draw(st.booleans()), min(time // 10, 3))
                for time in times
            ]
        )
    return users


@MANY
@given(
    retention_users(),
    st.integers(1, 15),
    st.integers(0, 70),
    st.booleans(),
    st.integers(1, 70),
    st.booleans(),
)
def test_returns_are_counted_by_the_rules(
    users: list[list[retention.Record]], unit: int, now: int, records: bool, buckets: int, same: bool
) -> None:
    events = [event for user in users for event in user]
    first = np.zeros((4, 1), np.int64)
    counts = np.zeros((4, 1, buckets), np.int64)
    time = np.array([event.time for event in events], np.int64)
    count_returns(
        np.cumsum([0, *map(len, users)]).astype(np.int64),
        time,
        np.arange(len(events), dtype=np.uint16),
        np.array([event.is_birth + 2 * event.is_return for event in events], np.uint64),
        np.array([0, 10, 20, 30, 1_000], np.int64),
        np.empty(0, np.int32),
        np.empty(0, np.int64),
        unit,
        np.arange(buckets, dtype=np.int32),
        now,
        records,
        0,
        same,
        np.full((4, 1), -1, np.int64),
        np.empty(len(events), np.int64),
        np.empty(len(events), np.int64),
        first,
        counts,
    )
    for row in range(4):
        came_back = [retention.returns(user, row, unit, now, same) for user in users]
        born = [returned for returned in came_back if returned is not None]
        expected: Counter[int] = Counter()
        for returned in born:
            expected.update(returned if records else set(returned))
        assert first[row, 0] == len(born)
        assert counts[row, 0].tolist() == [expected[bucket] for bucket in range(buckets)]
