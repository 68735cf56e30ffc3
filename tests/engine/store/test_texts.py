"""Distinct texts are numbered as they come, and found again under their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from pytest_mixpanel.engine.kernels import texts as kernel
from pytest_mixpanel.engine.store import texts as store_texts
from pytest_mixpanel.engine.store.texts import Dictionary, Stretches, Texts
from tests.engine.kernels.test_paths import interpreted

texts = st.sampled_from([b'"%d"' % number for number in range(150)])
batches = st.lists(st.lists(texts, unique=True, max_size=90), max_size=6)


def of_one_hash(data: Any, at: Any, size: Any, hashes: Any) -> None:
    """Texts of a size have one hash: they are looked for in one slot, and told apart by their bytes."""
    for place in range(len(size)):
        hashes[place] = size[place] << 33


@pytest.mark.parametrize("kernels", [kernel, interpreted(kernel)])
@given(
    given_texts=batches,
    hashed=st.sampled_from([store_texts.hash_texts, of_one_hash]),
    at_once=st.sampled_from([1, 7, store_texts.MANY]),
    in_four_bytes=st.sampled_from([0, 100, store_texts.MOST_IN_FOUR_BYTES]),
)
def test_texts_are_numbered_as_they_come_however_many_and_whatever_their_hashes(
    kernels: Any, given_texts: list[list[bytes]], hashed: Any, at_once: int, in_four_bytes: int
) -> None:
    known: dict[bytes, int] = {}
    with pytest.MonkeyPatch.context() as patch:
        for name in ("look_up", "take_slots"):
            patch.setattr(store_texts, name, getattr(kernels, name))
        patch.setattr(store_texts, "hash_texts", hashed)
        patch.setattr(store_texts, "MANY", at_once)
        patch.setattr(store_texts, "MOST_IN_FOUR_BYTES", in_four_bytes)
        dictionary = Dictionary()
        for batch in given_texts:
            before = len(known)
            codes = dictionary.codes(Stretches.of(batch))
            assert codes.tolist() == [known.setdefault(text, len(known)) for text in batch]
            assert list(dictionary.texts(before)) == list(known)[before:]
        assert list(dictionary.texts(0)) == list(known)
        assert list(dictionary.values()) == [text[1:-1].decode() for text in known]


def test_where_texts_end_takes_eight_bytes_only_beyond_four_gigabytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store_texts, "MANY", 0)
    dictionary = Dictionary()
    dictionary.codes(Stretches.of([b'"a"', b'"b"']))
    assert ends_of(dictionary).dtype == np.uint32
    monkeypatch.setattr(store_texts, "MOST_IN_FOUR_BYTES", 8)
    dictionary = Dictionary()
    dictionary.codes(Stretches.of([b'"a"', b'"b"']))
    assert ends_of(dictionary).dtype == np.uint32
    dictionary.codes(Stretches.of([b'"c"']))
    assert ends_of(dictionary).tolist() == [3, 6, 9]
    assert ends_of(dictionary).dtype == np.int64


def ends_of(dictionary: Dictionary) -> NDArray[Any]:
    values = dictionary.values()
    assert isinstance(values, Texts)
    return values.ends
