"""Flows by the rules W-1 to W-11, one user at a time, over plain lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Record:
    """A visible record of one user; ``anchors``: the steps it may be."""

    time: int
    anchors: frozenset[int]
    session: int
    excluded: bool


@dataclass(frozen=True)
class Rules:
    """``columns``: reverse and forward steps of every anchor; ``window`` is ``None`` for so many sessions."""

    columns: tuple[tuple[int, int], ...]
    window: int | None
    counting: str
    sessions: int = 1


Path = list[int | str | None]
"""A cell per column: a record's place, ``"lost"`` after the drop-off, nothing where nothing is shown."""


def paths(user: Sequence[Record], rules: Rules) -> list[Path]:
    """The paths of one user's entries, without those an exclusion drops."""
    found: list[Path] = []
    entered: set[int] = set()
    free = 0
    for place, record in enumerate(user):
        if 0 not in record.anchors or place < free or (rules.window is None and record.session < 0):
            continue
        entry = record.session if rules.counting == "session" else 0
        if rules.counting != "total" and entry in entered:
            continue
        entered.add(entry)
        chain = _chain(user, place, rules)
        complete = len(chain) == len(rules.columns)
        free = chain[-1] + 1 if complete else _end(user, place, rules)
        path = _path(user, chain, rules)
        if not any(isinstance(cell, int) and user[cell].excluded for cell in path):
            found.append(path)
    return found


def _near(user: Sequence[Record], anchor: int, other: int, rules: Rules) -> bool:
    if rules.window is None:
        return abs(user[anchor].session - user[other].session) < rules.sessions
    return abs(user[other].time - user[anchor].time) <= rules.window


def _end(user: Sequence[Record], place: int, rules: Rules) -> int:
    """The first record after the one at ``place`` that no longer belongs to its entry."""
    return next((n for n in range(place + 1, len(user)) if not _near(user, place, n, rules)), len(user))


def _chain(user: Sequence[Record], place: int, rules: Rules) -> list[int]:
    """The records that are the anchors, as many as were reached."""
    chain = [place]
    for number in range(1, len(rules.columns)):
        later = range(chain[-1] + 1, _end(user, place, rules))
        reached = next((n for n in later if number in user[n].anchors), None)
        if reached is None:
            break
        chain.append(reached)
    return chain


def _path(user: Sequence[Record], chain: list[int], rules: Rules) -> Path:
    path: Path = []
    shown = -1
    lost = False
    for number, (reverse, forward) in enumerate(rules.columns):
        if number >= len(chain):
            path += ["lost" if lost else None] * reverse + ["lost"] * (1 + forward)
            lost = True
            continue
        anchor = chain[number]
        before = [n for n in range(anchor) if n > shown and (number > 0 or _near(user, anchor, n, rules))]
        if number == 0:
            before = _unbroken(before, anchor)
        before = before[-reverse:] if reverse else []
        path += [None] * (reverse - len(before)) + list(before) + [anchor]
        last = number + 1 == len(rules.columns)
        stop = chain[number + 1] if number + 1 < len(chain) else len(user)
        start = anchor if last else chain[0]
        after = list(range(anchor + 1, min(stop, _end(user, start, rules))))[:forward]
        path += after
        shown = after[-1] if after else anchor
        missing = forward - len(after)
        lost = number + 1 == len(chain) and missing > 0
        path += (["lost"] if lost else [None]) * missing
    return path


def _unbroken(before: list[int], anchor: int) -> list[int]:
    """The places right before the anchor, without a gap."""
    return [place for place in before if all(n in before for n in range(place, anchor))]
