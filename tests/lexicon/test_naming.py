"""Names that mean the same."""

from __future__ import annotations

import pytest

from pytest_mixpanel.lexicon.naming import looks_like, words

PLANNED = ("Checkout Completed", "Purchase", "Sign Up", "Logout", "Login", "Support Ticket")


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("checkoutCompleted", ("checkout", "completed")),
        ("checkout_completed", ("checkout", "completed")),
        ("Checkout Completed", ("checkout", "completed")),
        ("HTTPError 404", ("http", "error", "404")),
        ("été-2026", ("été", "2026")),
        ("--", ()),
    ],
)
def test_a_name_is_split_into_words(name: str, split: tuple[str, ...]) -> None:
    assert words(name) == split


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("checkout_completed", "Checkout Completed"),
        ("Completed Checkout", "Checkout Completed"),
        ("Purchse", "Purchase"),
        ("purchase", "Purchase"),
        ("SignUp", "Sign Up"),
        ("Refund", None),
        ("", None),
    ],
)
def test_another_spelling_is_recognised(name: str, like: str | None) -> None:
    assert looks_like(name, PLANNED) == like


def test_login_is_not_taken_for_logout() -> None:
    assert looks_like("Login", ["Logout"]) is None
