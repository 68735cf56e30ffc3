"""Who belongs to a cohort, by the words of the rules C-3 to C-9: each user's records, counted one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import eq, ge, le
from typing import Any

SIGNS = {"at_least": ge, "at_most": le, "exactly": eq}


@dataclass(frozen=True, slots=True)
class Record:
    """What a user did, when, and the value of the property that is asked for."""

    name: str
    time: int
    value: Any


@dataclass(frozen=True, slots=True)
class Often:
    """Did it so often from ``start`` to before ``end``; with the ``value``, if one is asked for."""

    name: str
    sign: str
    times: int
    start: int
    end: int
    value: str | None = None

    def holds(self, records: Sequence[Record]) -> bool:
        done = [
            record
            for record in records
            if record.name == self.name
            and self.start <= record.time < self.end
            and self.value in (None, record.value)
        ]
        return bool(SIGNS[self.sign](len(done), self.times))


@dataclass(frozen=True, slots=True)
class Combined:
    """All of the parts, or any."""

    parts: tuple[Often | Combined, ...]
    every: bool

    def holds(self, records: Sequence[Record]) -> bool:
        held = [part.holds(records) for part in self.parts]
        return all(held) if self.every else any(held)
