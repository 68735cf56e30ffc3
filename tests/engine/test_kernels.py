"""The kernels against slow evaluators written from the rules, on random users."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from pytest_mixpanel.engine.kernels.attempts import find_attempts
from pytest_mixpanel.engine.kernels.returns import count_returns
from tests.oracles import funnel, retention

MANY = settings(max_examples=300, deadline=None)


@st.composite
def funnel_users(draw: st.DrawFn) -> list[list[funnel.Record]]:
    """Up to four users with up to twelve events on a coarse clock, so that ties and grace come often."""
    moments = st.integers(0, 30).map(lambda tick: tick * 1_000)
    matches = st.frozensets(st.integers(0, 3), max_size=3)
    record = st.builds(funnel.Record, moments, matches, st.booleans())
    users = draw(st.lists(st.lists(record, max_size=12), min_size=1, max_size=4))
    return [sorted(user, key=lambda event: event.time) for user in users]


def run_funnel(
    users: list[list[funnel.Record]], steps: int, window: int, now: int, every: bool
) -> list[list[int]]:
    """The kernel's attempts as positions within their user."""
    events = [event for user in users for event in user]
    offsets = np.cumsum([0, *map(len, users)]).astype(np.int64)
    record = np.empty((max(len(events), 1), steps), np.int64)
    count = find_attempts(
        offsets,
        np.array([event.time for event in events], np.int64),
        np.array([sum(1 << step for step in event.matches) for event in events], np.uint64),
        np.array([0 if event.in_range and event.time <= now else -1 for event in events], np.int32),
        steps,
        window,
        funnel.GRACE,
        now,
        every,
        record,
    )
    found = []
    for row in record[:count]:
        start = offsets[np.searchsorted(offsets, row[0], side="right") - 1]
        found.append([int(at - start) for at in row if at >= 0])
    return found


@MANY
@given(funnel_users(), st.integers(2, 4), st.integers(0, 20_000), st.integers(0, 40_000))
def test_unique_attempts_follow_the_rules(
    users: list[list[funnel.Record]], steps: int, window: int, now: int
) -> None:
    expected = [funnel.unique_attempt(user, steps, window, now) for user in users]
    assert run_funnel(users, steps, window, now, every=False) == [chain for chain in expected if chain]


@MANY
@given(funnel_users(), st.integers(2, 4), st.integers(0, 20_000), st.integers(0, 40_000))
def test_repeated_attempts_follow_the_rules(
    users: list[list[funnel.Record]], steps: int, window: int, now: int
) -> None:
    expected = [chain for user in users for chain in funnel.all_attempts(user, steps, window, now)]
    assert run_funnel(users, steps, window, now, every=True) == expected


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None)
@given(funnel_users(), st.integers(2, 4), st.integers(0, 20_000), st.integers(0, 40_000), st.booleans())
def test_attempts_follow_the_rules_ten_thousand_times(
    users: list[list[funnel.Record]], steps: int, window: int, now: int, every: bool
) -> None:
    evaluate = funnel.all_attempts if every else lambda *a: [c for c in [funnel.unique_attempt(*a)] if c]
    expected = [chain for user in users for chain in evaluate(user, steps, window, now)]
    assert run_funnel(users, steps, window, now, every) == expected


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
@given(retention_users(), st.integers(1, 15), st.integers(0, 70), st.booleans(), st.integers(1, 70))
def test_returns_are_counted_by_the_rules(
    users: list[list[retention.Record]], unit: int, now: int, records: bool, buckets: int
) -> None:
    events = [event for user in users for event in user]
    first = np.zeros((4, 1), np.int64)
    counts = np.zeros((4, 1, buckets), np.int64)
    time = np.array([event.time for event in events], np.int64)
    count_returns(
        np.cumsum([0, *map(len, users)]).astype(np.int64),
        time,
        np.array([event.is_birth for event in events], np.uint8),
        np.array([event.is_return for event in events], np.uint8),
        np.array([event.row for event in events], np.int32),
        np.zeros(len(events), np.int32),
        time,
        unit,
        np.arange(buckets, dtype=np.int32),
        now,
        records,
        np.full((4, 1), -1, np.int64),
        first,
        counts,
    )
    for row in range(4):
        came_back = [retention.returns(user, row, unit, now) for user in users]
        born = [returned for returned in came_back if returned is not None]
        expected: Counter[int] = Counter()
        for returned in born:
            expected.update(returned if records else set(returned))
        assert first[row, 0] == len(born)
        assert counts[row, 0].tolist() == [expected[bucket] for bucket in range(buckets)]
