"""Events as they come in, column by column, one at a time or in blocks."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.importing.blocks import Names, Numbers, Property, Scanned, Told
from pytest_mixpanel.engine.importing.companions import NOTHING, Companions
from pytest_mixpanel.engine.importing.identity import owners
from pytest_mixpanel.engine.importing.lines import Event
from pytest_mixpanel.engine.importing.rows import Rows
from pytest_mixpanel.engine.kernels.lines import SCANNED
from pytest_mixpanel.engine.store.assemble import assemble, code_type
from pytest_mixpanel.engine.store.building import BuiltColumns, ColumnBuilder
from pytest_mixpanel.engine.store.segments import SourceFile
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.store.texts import Dictionary, name_of


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
            for code in range(len(self._meant), len(self._known)):
                self._meant.append(self.of(name_of(self._known.text(code))))
            codes = np.append(np.frombuffer(self._meant, np.int32)[known], np.int32(-1))
        return codes[found.which]


class EventTable:
    """Events in the order they came in; ``event`` and ``user`` are codes into ``events`` and ``users``."""

    def __init__(self) -> None:
        self.time = array("q")
        self.event = array("i")
        self.user = array("i")
        self.events = Codes()
        self.users = Codes()
        self.columns: dict[str, ColumnBuilder] = {}

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
        base, count, row = len(self), int(taken.sum()), np.cumsum(taken, dtype=np.int32) - 1
        all_are = count == len(taken)
        for values, of_lines in ((self.time, time), (self.event, event), (self.user, user)):
            values.frombytes((of_lines if all_are else of_lines[taken]).view(np.uint8).data)
        for each in found.properties:
            _fill(self._column(each.name), each, base, count, row, taken)
        for line, other in others.items():
            self._add_properties(base + int(row[line]), other)

    def _column(self, name: str) -> ColumnBuilder:
        column = self.columns.get(name)
        if column is None:
            column = self.columns[name] = ColumnBuilder()
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
    column: ColumnBuilder,
    found: Property | Numbers,
    first: int,
    count: int,
    row: NDArray[np.int32],
    taken: NDArray[np.bool_],
) -> None:
    """Set a property of ``count`` events from ``first`` on: of those ``taken`` of a block's lines."""
    rows = found.line
    if rows is not None and count < len(taken):
        rows = row[rows]
    if isinstance(found, Numbers):
        column.fill_numbers(first, count, rows, found.numbers)
    else:
        which = found.which if rows is not None or count == len(taken) else found.which[taken]
        column.fill(first, count, rows, which, found.texts)
