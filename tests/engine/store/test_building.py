"""A column says of every row what was set, however it came: single values, texts or numbers in blocks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.engine.kernels import texts as kernel
from pytest_mixpanel.engine.store import building, texts as store_texts
from pytest_mixpanel.engine.store.building import ColumnBuilder
from pytest_mixpanel.engine.store.columns import UNDEFINED, Column, NumberColumn
from pytest_mixpanel.engine.store.texts import Seen, Stretches, text_of
from tests.engine.kernels.test_paths import interpreted

numbers = st.one_of(
    st.integers(-5, 5),
    st.sampled_from([0.5, -0.0, 2.0, 1e300, 0.1 + 0.2]),
    st.integers(-(2**62), 2**62),
)
values = st.one_of(numbers, st.sampled_from(["a", "b", "1", "", "é"]), st.booleans())
blocks = st.lists(
    st.one_of(
        st.lists(st.none() | values, min_size=1, max_size=20),
        st.lists(st.none() | numbers, min_size=1, max_size=20),
    ),
    max_size=6,
)


@given(blocks, st.sampled_from([1, 3, 1000]))
def test_a_column_says_what_was_set(given_blocks: list[list[Any]], many: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "MANY_NUMBERS", many)
        builder, first = ColumnBuilder(), 0
        for block in given_blocks:
            fill(builder, first, block)
            first += len(block)
        told = [value for block in given_blocks for value in block]
        assert values_of(builder.finish(first)) == [None if each is None else text_of(each) for each in told]


def fill(builder: ColumnBuilder, first: int, block: list[Any]) -> None:
    """As numbers, if they are such of one kind; as texts of every row, if some are missing; else as texts."""
    rows = [row for row, value in enumerate(block) if value is not None]
    some = [block[row] for row in rows]
    if {type(each) for each in some} in ({int}, {float}):
        at = np.array(rows) if len(rows) < len(block) else None
        builder.fill_numbers(first, len(block), at, np.array(some))
        return
    distinct = list(dict.fromkeys(map(text_of, some)))
    which = [UNDEFINED if value is None else distinct.index(text_of(value)) for value in block]
    builder.fill(first, len(block), None, np.array(which, np.int32), Stretches.of(distinct))


def values_of(column: Column) -> list[bytes | None]:
    if isinstance(column, NumberColumn):
        return [None if number != number else text_of(number) for number in column.numbers.tolist()]
    return [None if code < 0 else text_of(column.values[code]) for code in column.codes.tolist()]


@pytest.mark.parametrize("kernels", [kernel, interpreted(kernel)])
@given(st.lists(st.lists(st.floats(allow_nan=False) | st.integers(0, 3), max_size=9), max_size=5))
def test_numbers_are_numbered_as_they_come(kernels: Any, batches: list[list[float]]) -> None:
    seen, known = Seen(), np.empty(0)
    with pytest.MonkeyPatch.context() as patch:
        if kernels is not kernel:  # it needs Python's own integers, as without a compiler
            patch.setattr(store_texts, "views", lambda *arrays: tuple(map(memoryview, arrays)))
        patch.setattr(store_texts, "number_bits", kernels.number_bits)
        for batch in batches:
            codes, fresh = seen.codes(np.array(batch, np.float64))
            known = np.append(known, fresh)
            assert known[codes].tolist() == batch
    assert len(np.unique(known.view(np.uint64))) == len(known)


def test_room_for_texts_of_their_own_changes_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "TOLD_BY", 10)
    builder, texts = ColumnBuilder(), [text_of(f"id {number}") for number in range(400)]
    for first in range(0, 400, 20):
        some = Stretches.of(texts[first : first + 20])
        builder.fill(first, 20, None, np.arange(20, dtype=np.int32), some)
        builder.expect(first + 20, 380 - first)
    assert values_of(builder.finish(400)) == texts
