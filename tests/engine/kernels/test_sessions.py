"""The kernels that find sessions against lists of them, on random users around two midnights."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from pytest_mixpanel.engine.kernels import sessions as installed
from tests.engine.kernels.test_paths import interpreted
from tests.oracles import session

KERNELS = pytest.mark.parametrize(
    "kernel", [installed, interpreted(installed)], ids=["installed", "by Python"]
)
MINUTE = 60_000
TIMEOUT = 30 * MINUTE
FOREVER = np.iinfo(np.int64).max
NAMES = ["X", "Left out", "Start", "End"]
"""A name's place is the kind of an event."""

EXCLUDED = "Left out"
DAYS = np.arange(-1, 5, dtype=np.int64) * session.DAY_MS
NOTHING = np.empty(0, np.int64)

Users = list[list[session.Record]]

USERS: st.SearchStrategy[Users] = st.lists(
    st.lists(
        st.builds(
            session.Record,
            # On a clock of ten minutes, so that ties and gaps of exactly the timeout come often.
            st.integers(0, 2 * 144 + 12).map(lambda tick: tick * 10 * MINUTE),
            st.sampled_from(NAMES),
            st.sampled_from([None, "", "1"]),
        ),
        max_size=12,
    ).map(lambda user: sorted(user, key=lambda record: record.time)),
    max_size=4,
)
UNTIL = st.one_of(st.just(FOREVER), st.integers(0, 300).map(lambda tick: tick * 10 * MINUTE))


def arrays(users: Users) -> tuple[Any, Any, Any]:
    """Offsets, times and kinds; two events of nobody come last."""
    flat = [record for user in users for record in user]
    offsets = np.array([0, *accumulate(map(len, users))], np.int64)
    time = np.array([*(record.time for record in flat), 0, 0], np.int64)
    kind = np.array([*(NAMES.index(record.name) for record in flat), 0, 2], np.uint8)
    return offsets, time, kind


@KERNELS
@pytest.mark.parametrize("by", ["timeout", "property"])
@settings(max_examples=150)
@given(users=USERS, until=UNTIL)
def test_runs_begin_and_end_where_the_rules_say(kernel: Any, by: str, users: Users, until: int) -> None:
    offsets, time, kind = arrays(users)
    role = np.array([kernel.INSIDE, kernel.OUTSIDE, kernel.INSIDE, kernel.INSIDE], np.uint8)
    keys = {None: -1, "": 0, "1": 1}
    key = np.array([*(keys[record.key] for user in users for record in user), 0, 1], np.int64)
    timeout = TIMEOUT
    if by == "timeout":
        key = NOTHING
    else:
        timeout = FOREVER
    first, last = np.empty(len(time), np.int64), np.empty(len(time), np.int64)
    begun = np.empty(len(offsets), np.int64)
    found = kernel.find_runs(
        offsets, time, kind, role, key, timeout, DAYS, session.DAY_MS, until, first, last, begun
    )
    wanted, sizes = [], []
    for low, user in zip(offsets.tolist(), users, strict=False):
        seen = [record for record in user if record.time <= until]
        runs = (
            session.by_timeout(seen, TIMEOUT, EXCLUDED)
            if by == "timeout"
            else session.by_property(seen, EXCLUDED)
        )
        wanted += [(low + run.members[0], low + run.members[-1]) for run in runs]
        sizes.append(len(runs))
    assert list(zip(first[:found].tolist(), last[:found].tolist(), strict=True)) == wanted
    assert begun.tolist() == [0, *accumulate(sizes)]


@KERNELS
@settings(max_examples=150)
@given(users=USERS, until=UNTIL)
def test_sessions_lie_between_a_start_and_the_next_end(kernel: Any, users: Users, until: int) -> None:
    offsets, time, kind = arrays(users)
    role = np.array([kernel.INSIDE, kernel.OUTSIDE, kernel.START, kernel.END], np.uint8)
    first, last, end, ended = (np.empty(len(time), np.int64) for _ in range(4))
    begun, closed = np.empty(len(offsets), np.int64), np.empty(len(offsets), np.int64)
    kernel.find_between(
        offsets, time, kind, role, DAYS, session.DAY_MS, until, first, last, end, ended, begun, closed
    )
    wanted, sizes, ends = [], [], []
    for low, user in zip(offsets.tolist(), users, strict=False):
        seen = [record for record in user if record.time <= until]
        told, count = session.by_events(seen, "Start", "End", EXCLUDED)
        wanted += [(low + one.members[0], low + one.members[-1]) for one in told]
        sizes.append(len(told))
        ends.append(count)
    found = int(begun[-1])
    assert list(zip(first[:found].tolist(), last[:found].tolist(), strict=True)) == wanted
    assert begun.tolist() == [0, *accumulate(sizes)]
    assert closed.tolist() == [0, *accumulate(ends)]
    assert all(NAMES[kind[place]] == "End" for place in end[: closed[-1]].tolist())
