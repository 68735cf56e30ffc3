"""Working space is a thread's own, and is kept while it is not too large."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from pytest_mixpanel.engine.store import scratch as room
from pytest_mixpanel.engine.store.scratch import scratch


def shares(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.shares_memory(one, other))


def test_a_thread_uses_the_same_memory_again_for_the_same_use() -> None:
    first = scratch("a test's", 100)
    assert shares(first, scratch("a test's", 50, np.int16))
    assert not shares(first, scratch("another test's", 50))
    assert not shares(first, scratch("a test's", 200)), "more than there was"


def test_it_has_the_shape_and_type_that_are_asked_for() -> None:
    found = scratch("a shape", (3, 4), np.float64)
    assert (found.shape, found.dtype) == ((3, 4), np.float64)
    assert scratch("a shape", 0).shape == (0,)


def test_threads_do_not_share_it() -> None:
    mine = scratch("of threads", 10)
    with ThreadPoolExecutor(1) as pool:
        assert not shares(mine, pool.submit(scratch, "of threads", 10).result())


def test_what_is_too_large_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_KEPT", 80)
    large = scratch("large", 11)
    assert not shares(large, scratch("large", 11))
    small = scratch("large", 10)
    assert shares(small, scratch("large", 10))
