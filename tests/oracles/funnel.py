"""Funnels by the rules F-1 to F-11, one user at a time, over plain lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GRACE = 2_000


@dataclass(frozen=True)
class Record:
    """An event of one user; ``matches`` are the steps it satisfies, 0-based."""

    time: int
    matches: frozenset[int]
    in_range: bool = True


def attempt(records: Sequence[Record], entry: int, steps: int, window: int, now: int) -> list[int]:
    """Positions of the records that satisfied each step, from an entry on."""
    chain = [entry]
    for step in range(1, steps):
        previous = records[chain[-1]].time
        candidates = [
            position
            for position, record in enumerate(records)
            if step in record.matches
            and position not in chain
            and record.time >= previous - GRACE
            and record.time - records[entry].time <= window
            and record.time <= now
        ]
        if not candidates:
            break
        chain.append(candidates[0])
    return chain


def unique_attempt(records: Sequence[Record], steps: int, window: int, now: int) -> list[int]:
    """The one attempt of a user who is counted once; empty without an entry."""
    for position, record in enumerate(records):
        if record.in_range and 0 in record.matches and record.time <= now:
            return attempt(records, position, steps, window, now)
    return []


def all_attempts(records: Sequence[Record], steps: int, window: int, now: int) -> list[list[int]]:
    """Every attempt of a user who may enter again once the one before has ended."""
    found: list[list[int]] = []
    blocked_until_position, blocked_until_time = -1, -1
    for position, record in enumerate(records):
        enters = record.in_range and 0 in record.matches and record.time <= now
        if not enters or position <= blocked_until_position or record.time <= blocked_until_time:
            continue
        chain = attempt(records, position, steps, window, now)
        found.append(chain)
        if len(chain) == steps:
            blocked_until_position, blocked_until_time = max(chain), -1
        else:
            blocked_until_time = record.time + window
    return found
