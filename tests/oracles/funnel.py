"""Funnels by the rules F-1 to F-25, one user at a time, over plain lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GRACE = 2_000


@dataclass(frozen=True)
class Record:
    """An event of one user; ``matches`` are the steps it satisfies, 0-based, ``stops`` the exclusions.

    ``session``: its number among the user's, −1 for none.
    """

    time: int
    matches: frozenset[int]
    in_range: bool = True
    held: int = 0
    stops: frozenset[int] = frozenset()
    session: int = 0


@dataclass(frozen=True)
class Rules:
    """``exclusions[x]``: in force once the first number of steps is done, until the second is.

    ``groups``: steps that come in any order before the next group's; none where all come in theirs.
    ``sessions``: how many of them an attempt may stay in, 0 for as many as it likes.
    """

    steps: int
    window: int
    now: int
    exclusions: tuple[tuple[int, int], ...] = ()
    groups: tuple[frozenset[int], ...] = ()
    sessions: int = 0

    @property
    def leading(self) -> frozenset[int]:
        return self.groups[0] if self.groups else frozenset({0})


@dataclass(frozen=True)
class Attempt:
    """Positions of the records that satisfied steps, and of the one that ended it, if one did."""

    chain: list[int]
    stopped: int | None = None


def attempt(
    records: Sequence[Record], entry: int, rules: Rules, used: frozenset[int] = frozenset()
) -> Attempt:
    """The attempt that starts with an entry; ``used``: what earlier attempts have of the same user."""
    start, chain = records[entry], [entry]
    waiting = [set(group) for group in rules.groups or [frozenset({step}) for step in range(rules.steps)]]
    _take(waiting, start)
    while waiting:
        done, previous = len(chain), records[chain[-1]].time
        following = next(
            (
                position
                for position, record in enumerate(records)
                if record.matches & waiting[0]
                and position not in chain
                and position not in used
                and record.held == start.held
                and record.time >= previous - GRACE
                and _within(start, record, rules)
            ),
            None,
        )
        active = {x for x, (after, before) in enumerate(rules.exclusions) if after <= done < before}
        stopping = [
            position
            for position, record in enumerate(records)
            if record.stops & active
            and position not in chain
            and position != following
            and record.time > previous + GRACE
            and _within(start, record, rules)
            and (following is None or record.time < records[following].time - GRACE)
        ]
        if stopping:
            return Attempt(chain, stopping[0])
        if following is None:
            return Attempt(chain)
        _take(waiting, records[following])
        chain.append(following)
    return Attempt(chain)


def _take(waiting: list[set[int]], record: Record) -> None:
    """A record does the first step, in the order of definition, of those it fits."""
    waiting[0].remove(min(record.matches & waiting[0]))
    if not waiting[0]:
        waiting.pop(0)


def _within(start: Record, record: Record, rules: Rules) -> bool:
    if record.time > rules.now or record.time - start.time > rules.window:
        return False
    return not rules.sessions or (
        record.session >= 0 and start.session <= record.session < start.session + rules.sessions
    )


def _before_its_end(start: Record, record: Record, rules: Rules) -> bool:
    """Whether an attempt that nothing ended was still running."""
    if rules.sessions:
        return 0 <= record.session < start.session + rules.sessions
    return record.time - start.time <= rules.window


def entries(records: Sequence[Record], rules: Rules) -> list[int]:
    return [
        position
        for position, record in enumerate(records)
        if record.in_range
        and record.matches & rules.leading
        and record.time <= rules.now
        and (not rules.sessions or record.session >= 0)
    ]


def unique_attempt(records: Sequence[Record], rules: Rules) -> list[list[int]]:
    """The one attempt of a user who is counted once."""
    return [attempt(records, entry, rules).chain for entry in entries(records, rules)[:1]]


def all_attempts(records: Sequence[Record], rules: Rules) -> list[list[int]]:
    """Every attempt of a user who may enter again once the one before, of equal held values, has ended."""
    found: list[list[int]] = []
    over: dict[int, int] = {}
    for entry in entries(records, rules):
        if entry < over.get(records[entry].held, 0):
            continue
        used = frozenset(position for chain in found for position in chain)
        made = attempt(records, entry, rules, used)
        found.append(made.chain)
        if made.stopped is not None:
            last = made.stopped
        elif len(made.chain) == rules.steps:
            last = max(made.chain)
        else:
            start = records[entry]
            last = max(place for place, record in enumerate(records) if _before_its_end(start, record, rules))
        over[records[entry].held] = last + 1
    return found


def every_attempt(records: Sequence[Record], rules: Rules) -> list[list[int]]:
    """An attempt for every entry, whatever the others do (F-14, F-16)."""
    return [attempt(records, entry, rules).chain for entry in entries(records, rules)]


def best_attempt(records: Sequence[Record], rules: Rules, latest: bool) -> list[list[int]]:
    """Of all attempts the deepest, then the earliest done, then by entry (F-13, F-16)."""
    chains = every_attempt(records, rules)
    ranked = sorted(chains, key=lambda chain: (-len(chain), chain[-1], -chain[0] if latest else chain[0]))
    return ranked[:1]


def shared_out(chains: list[list[int]]) -> list[list[int]]:
    """Of entries that reach the same second record the latest has it, the others stay at step 1 (F-14)."""
    return [
        chain[:1]
        if len(chain) > 1 and any(later[1:2] == chain[1:2] for later in chains[place + 1 :])
        else chain
        for place, chain in enumerate(chains)
    ]
