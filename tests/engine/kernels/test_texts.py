"""Texts that rows have are numbered anew without those that none has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.engine.kernels import texts
from tests.engine.kernels.test_paths import interpreted

KERNELS = [texts, interpreted(texts)]


@pytest.mark.parametrize("kernel", KERNELS)
@given(st.lists(st.integers(-1, 5)))
def test_what_is_used_is_marked(kernel: Any, which: list[int]) -> None:
    used = np.zeros(6, np.uint8)
    kernel.mark(np.array(which, np.int32), used)
    assert set(np.flatnonzero(used).tolist()) == set(which) - {-1}


@pytest.mark.parametrize("kernel", KERNELS)
@given(st.lists(st.integers(-1, 5)))
def test_nothing_stays_nothing_where_texts_are_numbered_anew(kernel: Any, which: list[int]) -> None:
    place, out = np.array([3, 1, 4, 0, 5, 2], np.int32), np.empty(len(which), np.int32)
    kernel.replace(np.array(which, np.int32), place, out)
    assert out.tolist() == [-1 if text < 0 else int(place[text]) for text in which]
