"""What is known to be secret shows nowhere."""

from __future__ import annotations

import html
import json

import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.core import masking
from pytest_mixpanel.core.masking import MASK, mask, masked, remember, reveals

SECRET = 'canary-7f3a/"9c'


@pytest.fixture(autouse=True)
def _one_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masking, "_known", set())
    remember(SECRET)


def test_a_secret_is_masked_in_every_form_it_takes() -> None:
    shown = (repr(SECRET), repr([SECRET + "'"]), repr(SECRET.encode()), html.escape(SECRET))
    for text in (SECRET, "canary-7f3a%2F%229c", json.dumps({"a": SECRET}), *shown):
        assert reveals(text)
        shown = mask(f"before {text} after")
        assert "canary" not in shown
        assert shown.startswith("before ")
        assert shown.endswith(" after")


@given(st.integers(4, 14))
def test_what_a_shortened_repr_leaves_of_a_secret_is_masked(length: int) -> None:
    assert mask(f"'MP_SECRET': '{SECRET[:length]}...") == f"'MP_SECRET': '{MASK}..."
    assert mask(f"x = ...{SECRET[-length:]}') end") == f"x = ...{MASK}') end"


@given(st.text(max_size=30))
def test_other_text_stays(text: str) -> None:
    if SECRET[:4] not in text and SECRET[-4:] not in text:
        assert mask(text) == text
        assert not reveals(text)


def test_fields_named_like_secrets_are_masked_whatever_they_hold() -> None:
    document = {"access_token": "x1y2", "apiKey": "k", "tokens": ["t"], "a": [{"Set-Cookie": "c", "n": 1}]}
    assert masked(document) == {
        "access_token": MASK,
        "apiKey": MASK,
        "tokens": ["t"],
        "a": [{"Set-Cookie": MASK, "n": 1}],
    }


def test_a_word_is_too_short_to_be_a_secret() -> None:
    remember("a")
    remember("")
    assert mask("a banana") == "a banana"
