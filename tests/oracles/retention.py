"""Retention by the rules R-1 to R-9, one user at a time, over plain lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Record:
    """An event of one user; ``row`` is the cohort it would be born into, −1 outside the range."""

    time: int
    is_birth: bool
    is_return: bool
    row: int


def returns(records: Sequence[Record], row: int, unit: int, now: int, same: bool) -> list[int] | None:
    """The buckets of a user's returns in one row, one entry per return record; ``None`` if not born there.

    ``same``: users are born and return by one event, of which another at the same time is no return (R-9).
    """
    births = [r for r in records if r.is_birth and r.row == row and r.time <= now]
    if not births:
        return None
    birth = births[0]
    return [
        (record.time - birth.time) // unit
        for record in records
        if record.is_return
        and record is not birth
        and record.time <= now
        and (record.time > birth.time or (record.time == birth.time and not same))
    ]


def retained(returned: set[int], bucket: int, criterion: str, same: bool) -> bool:
    """Whether a user with returns in these buckets counts in one (semantics §4.2, read aloud)."""
    match criterion:
        case "carry_back":
            return any(later >= bucket for later in returned)
        case "carry_forward":
            return any(earlier <= bucket for earlier in returned)
        case "consecutive_forward":
            filled = returned | {0} if same else returned
            return all(number in filled for number in range(bucket + 1))
        case _:
            return bucket in returned
