"""Funnels by the rules F-1 to F-25, one user at a time, over plain lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GRACE = 2_000


@dataclass(frozen=True)
class Record:
    """An event of one user; ``matches`` are the steps it satisfies, 0-based, ``stops`` the exclusions."""

    time: int
    matches: frozenset[int]
    in_range: bool = True
    held: int = 0
    stops: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Rules:
    """``exclusions[x]``: in force once the first number of steps is done, until the second is."""

    steps: int
    window: int
    now: int
    exclusions: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Attempt:
    """Positions of the records that satisfied each step, and of the one that ended it, if one did."""

    chain: list[int]
    stopped: int | None = None


def attempt(records: Sequence[Record], entry: int, rules: Rules) -> Attempt:
    """The attempt that starts with an entry."""
    chain, start = [entry], records[entry]
    for step in range(1, rules.steps):
        previous = records[chain[-1]].time
        candidates = [
            position
            for position, record in enumerate(records)
            if step in record.matches
            and position not in chain
            and record.held == start.held
            and record.time >= previous - GRACE
            and record.time - start.time <= rules.window
            and record.time <= rules.now
        ]
        following = candidates[0] if candidates else None
        active = {x for x, (after, before) in enumerate(rules.exclusions) if after <= step < before}
        stopping = [
            position
            for position, record in enumerate(records)
            if record.stops & active
            and position not in chain
            and position != following
            and record.time > previous + GRACE
            and (
                record.time < records[following].time - GRACE
                if following is not None
                else record.time <= min(start.time + rules.window, rules.now)
            )
        ]
        if stopping:
            return Attempt(chain, stopping[0])
        if following is None:
            return Attempt(chain)
        chain.append(following)
    return Attempt(chain)


def entries(records: Sequence[Record], rules: Rules) -> list[int]:
    return [
        position
        for position, record in enumerate(records)
        if record.in_range and 0 in record.matches and record.time <= rules.now
    ]


def unique_attempt(records: Sequence[Record], rules: Rules) -> list[list[int]]:
    """The one attempt of a user who is counted once."""
    return [attempt(records, entry, rules).chain for entry in entries(records, rules)[:1]]


def all_attempts(records: Sequence[Record], rules: Rules) -> list[list[int]]:
    """Every attempt of a user who may enter again once the one before, of equal held values, has ended."""
    found: list[list[int]] = []
    blocked: dict[int, tuple[int, int]] = {}
    for entry in entries(records, rules):
        position, time = blocked.get(records[entry].held, (-1, -1))
        if entry <= position or records[entry].time <= time:
            continue
        made = attempt(records, entry, rules)
        found.append(made.chain)
        if made.stopped is not None:
            blocked[records[entry].held] = (made.stopped, -1)
        elif len(made.chain) == rules.steps:
            blocked[records[entry].held] = (max(made.chain), -1)
        else:
            blocked[records[entry].held] = (-1, records[entry].time + rules.window)
    return found


def any_order(records: Sequence[Record], groups: Sequence[set[int]], rules: Rules) -> list[list[int]]:
    """The one attempt of a user where the steps of a group come in any order (F-17 to F-19)."""
    for entry, record in enumerate(records):
        if not (record.in_range and record.matches & groups[0] and record.time <= rules.now):
            continue
        waiting = [set(group) for group in groups]
        chain: list[int] = []
        for position in range(entry, len(records)):
            other = records[position]
            if other.time - record.time > rules.window or other.time > rules.now:
                break
            fits = sorted(other.matches & waiting[0]) if waiting else []
            if fits:
                waiting[0].remove(fits[0])
                chain.append(position)
            if waiting and not waiting[0]:
                waiting.pop(0)
        return [chain]
    return []
