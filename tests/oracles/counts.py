"""How many different users, by the words of the rules I-6 and I-8: sets of users, day by day."""

from __future__ import annotations

from collections.abc import Sequence

Done = Sequence[tuple[str, int]]
"""Users with the days, numbered, on which they did something."""


def on(done: Done, day: int) -> int:
    return len({user for user, when in done if when == day})


def in_the_last(done: Done, day: int, days: int) -> int:
    """Users of the so many days that end with a day."""
    return len({user for user, when in done if day - days < when <= day})


def until(done: Done, first: int, day: int) -> int:
    """Users from the first day of the range on."""
    return len({user for user, when in done if first <= when <= day})
