"""Events as they come in, column by column, one at a time or in blocks."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.importing.blocks import Names, Numbers, Property, Scanned
from pytest_mixpanel.engine.importing.companions import NOTHING, Companions
from pytest_mixpanel.engine.importing.identity import owners
from pytest_mixpanel.engine.importing.lines import Event
from pytest_mixpanel.engine.importing.rows import Rows
from pytest_mixpanel.engine.kernels.lines import SCANNED
from pytest_mixpanel.engine.store.assemble import assemble
from pytest_mixpanel.engine.store.building import ColumnBuilder
from pytest_mixpanel.engine.store.columns import Column
from pytest_mixpanel.engine.store.segments import SourceFile
from pytest_mixpanel.engine.store.store import Store


class EventTable:
    """Events in the order they came in; ``event`` and ``user`` are codes into ``events`` and ``users``."""

    def __init__(self) -> None:
        self.time = array("q")
        self.event = array("i")
        self.user = array("i")
        self.events: dict[str, int] = {}
        self.users: dict[str, int] = {}
        self.columns: dict[str, ColumnBuilder] = {}

    def __len__(self) -> int:
        return len(self.time)

    def add(self, event: Event) -> None:
        self.time.append(event.time)
        self.event.append(_code(self.events, event.name))
        self.user.append(_code(self.users, event.distinct_id))
        self._add_properties(len(self.time) - 1, event)

    def add_block(self, found: Scanned, read_other: Callable[[int, bytes], Event | None]) -> None:
        """Add the events of a block; ``read_other`` reads the lines, by number, that were not scanned."""
        taken, time = found.status == SCANNED, found.time.copy()
        event, user = _coded(self.events, found.event), _coded(self.users, found.user)
        if (user[taken] < 0).any():
            user[taken & (user < 0)] = _code(self.users, "")
        others: dict[int, Event] = {}
        for line, text in found.others.items():
            other = read_other(found.first + line, text)
            if other is not None:
                others[line] = other
                taken[line], time[line] = True, other.time
                event[line] = _code(self.events, other.name)
                user[line] = _code(self.users, other.distinct_id)
        base, count, row = len(self), int(taken.sum()), np.cumsum(taken) - 1
        self.time.frombytes(time[taken].tobytes())
        self.event.frombytes(event[taken].tobytes())
        self.user.frombytes(user[taken].tobytes())
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

    def _finished(self, rows: int) -> dict[str, Column]:
        """The columns; what they were made from is let go, one after the other."""
        return {name: self.columns.pop(name).finish(rows) for name in [*self.columns]}

    def rows(self, files: Sequence[SourceFile]) -> Rows:
        """The events as they came, each file's after those of the one before."""
        rows = len(self)
        return Rows(
            files=tuple(files),
            time=np.asarray(self.time, np.int64),
            event=np.asarray(self.event),
            event_names=list(self.events),
            user=np.asarray(self.user),
            users=list(self.users),
            columns=self._finished(rows),
            order=np.arange(rows),
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
    row: NDArray[np.int64],
    taken: NDArray[np.bool_],
) -> None:
    """Set a property of ``count`` events from ``first`` on: of those ``taken`` of a block's lines."""
    rows = None if found.line is None else row[found.line]
    if isinstance(found, Numbers):
        column.fill_numbers(first, count, rows, found.numbers)
    else:
        which = found.which if rows is not None or count == len(taken) else found.which[taken]
        column.fill(first, count, rows, which, found.texts)


def _code(codes: dict[str, int], name: str) -> int:
    return codes.setdefault(name, len(codes))


def _coded(codes: dict[str, int], names: Names) -> NDArray[np.int32]:
    """The table's code of each line's name, −1 without one."""
    table = [codes.setdefault(name, len(codes)) for name in names.names]
    return np.array([*table, -1], np.int32)[names.which]
