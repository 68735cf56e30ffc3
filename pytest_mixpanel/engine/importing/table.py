"""Events as they come in, column by column, one at a time or in blocks."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.importing.blocks import (
    BreaksOffError,
    ByColumn,
    Names,
    Numbers,
    Property,
    Scanned,
    Told,
)
from pytest_mixpanel.engine.importing.companions import NOTHING, Companions
from pytest_mixpanel.engine.importing.identity import owners
from pytest_mixpanel.engine.importing.lines import Event
from pytest_mixpanel.engine.importing.rows import Rows
from pytest_mixpanel.engine.kernels.lines import SCANNED
from pytest_mixpanel.engine.store.assemble import assemble, code_type
from pytest_mixpanel.engine.store.building import BuiltColumns, ColumnBuilder
from pytest_mixpanel.engine.store.manifest import SourceFile
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.store.texts import Dictionary, name_of
from pytest_mixpanel.engine.store.threads import side_by_side

Integers = NDArray[np.integer[Any]]


class Codes(dict[str, int]):
    """Names, numbered as they come; ``known``: texts that name them, and what each of these stands for."""

    def __init__(self) -> None:
        super().__init__()
        self._known = Dictionary()
        self._meant = array("i")

    def of(self, name: str) -> int:
        return self.setdefault(name, len(self))

    def of_lines(self, found: Names | Told) -> NDArray[np.int32]:
        """The code of each line's name, −1 without one."""
        if isinstance(found, Names):
            codes = np.array([*map(self.of, found.names), -1], np.int32)
        else:
            known = self._known.codes(found.texts)
            fresh = map(name_of, self._known.texts(len(self._meant)))
            self._meant.extend([self.setdefault(name, len(self)) for name in fresh])
            codes = np.append(np.frombuffer(self._meant, np.int32)[known], np.int32(-1))
        return np.take(codes, found.which, mode="wrap")  # −1 leads to the end


class EventTable:
    """Events in the order they came in; ``event`` and ``user`` are codes into ``events`` and ``users``.

    ``room``: a folder for what need not be in memory.
    """

    def __init__(self, room: Path | None = None) -> None:
        self._room = room
        self.time = array("q")
        self.event = array("i")
        self.user = array("i")
        self.events = Codes()
        self.users = Codes()
        self.columns: dict[str, ColumnBuilder] = {}
        self._alone = array("q")
        """Rows of events that were read by themselves."""

    def __len__(self) -> int:
        return len(self.time)

    def add(self, event: Event) -> None:
        self.time.append(event.time)
        self.event.append(self.events.of(event.name))
        self.user.append(self.users.of(event.distinct_id))
        self._add_properties(len(self.time) - 1, event)

    def add_block(self, found: Scanned, read_other: Callable[[int, bytes], Event | None]) -> None:
        """Add the events of a block; ``read_other`` reads the lines, by number, that were not scanned."""
        taken, time = found.status == SCANNED, found.time
        event, user = self.events.of_lines(found.event), self.users.of_lines(found.user)
        if (nobody := taken & (user < 0)).any():
            user[nobody] = self.users.of("")
        others: dict[int, Event] = {}
        for line, text in found.others.items():
            other = read_other(found.first + line, text)
            if other is not None:
                others[line] = other
                taken[line], time[line] = True, other.time
                event[line] = self.events.of(other.name)
                user[line] = self.users.of(other.distinct_id)
        base, count = len(self), int(np.count_nonzero(taken))
        all_are = count == len(taken)
        for values, of_lines in ((self.time, time), (self.event, event), (self.user, user)):
            values.frombytes((of_lines if all_are else of_lines[taken]).view(np.uint8).data)
        for each in found.properties if count else ():
            _fill(self._column(each.name), each, taken, range(base, base + count))
        row = np.cumsum(taken, dtype=np.int32) - 1 if others else ()
        for line, other in others.items():
            self._alone.append(base + int(row[line]))
            self._add_properties(self._alone[-1], other)

    def add_columns(self, given: ByColumn) -> None:
        """Add the properties of the events of the blocks before, column by column, as threads share them.

        Raises ``BreaksOffError`` where a column cannot be read; the table is of no use then.
        """

        def read(name: str) -> ColumnBuilder | BreaksOffError | None:
            column, anything, rows = self.columns.get(name) or ColumnBuilder(self._room), False, last
            try:
                for piece in given.pieces(name):
                    count = int(np.count_nonzero(piece.plain))
                    here, rows = rows[:count], rows[count:]
                    if piece.found is not None:
                        _fill(column, piece.found, piece.plain, here)
                        column.expect(len(last) - len(rows), len(rows))
                        anything = True
            except BreaksOffError as error:
                return error
            return column if anything else None

        last = self._last(given.plain)
        names = sorted(given.weights, key=lambda name: -given.weights[name])  # what takes longest first
        found = dict(zip(names, side_by_side(read, names), strict=True))
        broken = [each for each in found.values() if isinstance(each, BreaksOffError)]
        if broken:
            raise min(broken, key=lambda each: each.row)
        columns = {name: found[name] for name in given.weights}
        self.columns |= {name: each for name, each in columns.items() if isinstance(each, ColumnBuilder)}

    def _last(self, count: int) -> range | Integers:
        """The rows of so many events, the last ones of those that were not read by themselves."""
        first = len(self) - count
        if not len(self._alone) or self._alone[-1] < first:
            return range(first, len(self))
        alone = np.asarray(self._alone)
        some = np.arange(max(0, first - len(alone)), len(self))
        return np.setdiff1d(some, alone, assume_unique=True)[-count:]

    def _column(self, name: str) -> ColumnBuilder:
        column = self.columns.get(name)
        if column is None:
            column = self.columns[name] = ColumnBuilder(self._room)
        return column

    def _add_properties(self, row: int, event: Event) -> None:
        for name, value in event.properties.items():
            self._column(name).add(row, value)

    def rows(self, files: Sequence[SourceFile]) -> Rows:
        """The events as they came, each file's after those of the one before."""
        rows = len(self)
        return Rows(
            files=tuple(files),
            time=np.asarray(self.time, np.int64),
            event=np.asarray(self.event).astype(code_type(len(self.events))),
            event_names=list(self.events),
            user=np.asarray(self.user),
            users=list(self.users),
            columns=BuiltColumns(self.columns, rows),
            order=np.arange(rows, dtype=np.uint32 if rows < 2**32 else np.int64),
        )

    def store(self, beside: Companions = NOTHING, time_zone: str = "UTC") -> tuple[Store, int]:
        """The store, and how many repeated deliveries were left out."""
        rows, settings = self.rows(()), beside.settings
        people = owners(
            settings.identity, rows.user, rows.users, rows.event, rows.event_names, rows.time, rows.columns
        )
        return assemble(
            event=rows.event,
            event_names=rows.event_names,
            time=rows.time,
            user=people.codes,
            users=people.names,
            columns=rows.columns,
            profiles=people.profiles(beside.profiles),
            lexicon=beside.lexicon,
            time_zone=time_zone,
            settings=settings,
            groups=beside.groups,
        )


def _fill(
    column: ColumnBuilder, found: Property | Numbers, plain: NDArray[np.bool_], rows: range | Integers
) -> None:
    """Set a property in ``rows``, which are those of the ``plain`` ones of some lines."""
    first, count, line = int(rows[0]), int(rows[-1] - rows[0]) + 1, found.line
    entries = found.numbers if isinstance(found, Numbers) else found.which
    if count < len(plain):
        if line is None:
            line = np.flatnonzero(plain if isinstance(found, Numbers) else found.which >= 0)
            entries = entries[line]
        line = np.asarray(rows)[np.cumsum(plain)[line] - 1] - first
    if isinstance(found, Numbers):
        column.fill_numbers(first, count, line, entries)
    else:
        column.fill(first, count, line, entries, found.texts)
