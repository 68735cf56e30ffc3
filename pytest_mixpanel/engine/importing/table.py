"""Events as they come in, column by column, one at a time or in blocks."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.importing.blocks import Scanned
from pytest_mixpanel.engine.importing.companions import NOTHING, Companions
from pytest_mixpanel.engine.importing.identity import owners
from pytest_mixpanel.engine.importing.lines import NOT_AN_ID, SECONDS_BELOW, Event
from pytest_mixpanel.engine.kernels.lines import KEY, OTHER, SCANNED
from pytest_mixpanel.engine.store.assemble import ColumnBuilder, assemble
from pytest_mixpanel.engine.store.store import Store

DIGITS = frozenset(b"-0123456789")
WORDS = {b"true": True, b"false": False, b"null": None}


class EventTable:
    """Events in the order they came in."""

    def __init__(self) -> None:
        self.time = array("q")
        self.event = array("q")
        self.user = array("q")
        self.events: dict[str, int] = {}
        self.users: dict[str, int] = {}
        self.columns: dict[str, ColumnBuilder] = {}

    def __len__(self) -> int:
        return len(self.time)

    def add(self, event: Event) -> None:
        self.time.append(event.time)
        self.event.append(self._event(event.name))
        self.user.append(self._user(event.distinct_id))
        self._add_properties(len(self.time) - 1, event)

    def add_block(self, found: Scanned, read_other: Callable[[int, bytes], Event | None]) -> None:
        """Add the events of a block; ``read_other`` reads the lines, by number, that were not scanned."""
        status, time = found.status, found.time
        event, user = found.event.astype(np.int64), found.user.astype(np.int64)
        self._leave_nobodies(found)
        taken = status == SCANNED
        time[taken & (time < SECONDS_BELOW)] *= 1000
        event[taken] = self._codes(found, found.event[taken], self._event)
        user[taken] = self._codes(found, found.user[taken], self._user)
        others: dict[int, Event] = {}
        for line in np.flatnonzero(status == OTHER).tolist():
            other = read_other(found.block.first + line, found.line(line))
            if other is not None:
                others[line] = other
                taken[line] = True
                time[line] = other.time
                event[line], user[line] = self._event(other.name), self._user(other.distinct_id)
        base = len(self)
        row = np.cumsum(taken) - 1
        for column, values in ((self.time, time), (self.event, event), (self.user, user)):
            column.frombytes(values[taken].tobytes())
        self._add_pairs(found, base, int(taken.sum()), row)
        for line, other in others.items():
            self._add_properties(base + int(row[line]), other)

    def _event(self, name: str) -> int:
        return self.events.setdefault(name, len(self.events))

    def _user(self, name: str) -> int:
        return self.users.setdefault(name, len(self.users))

    def _column(self, name: str) -> ColumnBuilder:
        column = self.columns.get(name)
        if column is None:
            column = self.columns[name] = ColumnBuilder()
        return column

    def _add_properties(self, row: int, event: Event) -> None:
        for name, value in event.properties.items():
            self._column(name).add(row, value)

    def _leave_nobodies(self, found: Scanned) -> None:
        """Lines whose user stands for none are left to the reader, who says so."""
        users = np.unique(found.user[found.status == SCANNED])
        bad = [u for u in users.tolist() if u >= 0 and _string(found.text(u)).lower() in NOT_AN_ID]
        if bad:
            found.status[np.isin(found.user, bad) & (found.status == SCANNED)] = OTHER

    def _codes(
        self, found: Scanned, entries: NDArray[np.int32], code_of: Callable[[str], int]
    ) -> NDArray[np.int64]:
        """The table's code for the text of each entry; no entry is the empty text."""
        distinct, place = np.unique(entries, return_inverse=True)
        codes = [code_of("" if entry < 0 else _string(found.text(entry))) for entry in distinct.tolist()]
        return np.array(codes, np.int64)[place]

    def _add_pairs(self, found: Scanned, base: int, rows: int, row: NDArray[np.int64]) -> None:
        """Properties of scanned lines; each distinct value of the block is looked up once."""
        kept = found.status[found.pair_line] == SCANNED
        line, entry = found.pair_line[kept], found.pair_entry[kept]
        key = found.entry_of[entry]
        order = np.argsort(key, kind="stable")
        bounds = np.flatnonzero(np.diff(key[order], prepend=KEY, append=KEY))
        codes = np.zeros(len(found.entry_of), np.int32)
        for low, high in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            part = order[low:high]
            column = self._column(_string(found.text(int(key[part[0]]))))
            entries = entry[part]
            distinct = _distinct(entries, len(codes))
            codes[distinct] = column.codes(_values(found.texts(distinct)))
            column.fill(base, rows, row[line[part]], codes[entries])

    def store(self, beside: Companions = NOTHING, time_zone: str = "UTC") -> tuple[Store, int]:
        """The store, and how many repeated deliveries were left out."""
        rows = len(self)
        event, time = np.asarray(self.event, np.int64), np.asarray(self.time, np.int64)
        names, columns = list(self.events), {name: each.finish(rows) for name, each in self.columns.items()}
        given, settings = np.asarray(self.user, np.int64), beside.settings
        people = owners(settings.identity, given, list(self.users), event, names, time, columns)
        return assemble(
            event=event,
            event_names=names,
            time=time,
            user=people.codes,
            users=people.names,
            columns=columns,
            profiles=people.profiles(beside.profiles),
            lexicon=beside.lexicon,
            time_zone=time_zone,
            settings=settings,
            groups=beside.groups,
        )


def _distinct(entries: NDArray[np.int32], size: int) -> NDArray[np.int64]:
    seen = np.zeros(size, bool)
    seen[entries] = True
    return np.flatnonzero(seen)


def _string(text: bytes) -> str:
    return text[1:-1].decode("utf-8")


def _values(texts: list[bytes]) -> list[Any]:
    """Values as they stand; texts of one kind, which most properties have, are read together."""
    kinds = {text[0] for text in texts}
    if kinds == {34}:  # no string holds a line's end
        return [text[1:-1] for text in b"\n".join(texts).decode("utf-8").split("\n")]
    if kinds <= DIGITS:
        joined = b"".join(texts)
        return list(map(int if b"." not in joined else _number, texts))
    return list(map(_value, texts))


def _number(text: bytes) -> float:
    return float(text) if b"." in text else int(text)


def _value(text: bytes) -> Any:
    """A flat JSON value without escapes."""
    if text[0] == 34:
        return text[1:-1].decode("utf-8")
    if text in WORDS:
        return WORDS[text]
    return _number(text)
