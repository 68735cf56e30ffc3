"""``$session_start`` and ``$session_end`` as events among the stored ones (semantics S-7 to S-9).

They are made for the queries that speak of them, so that filters, breakdowns, funnels and flows treat them
as any other event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.sessions.finding import NO_SESSION, Sessions, find_sessions, sessions_of
from pytest_mixpanel.engine.settings import INHERITED
from pytest_mixpanel.engine.store.assemble import code_type
from pytest_mixpanel.engine.store.columns import UNDEFINED, CodedColumn, Column, LazyColumns, NumberColumn
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.visibility import SESSION_END, SESSION_EVENTS, SESSION_START

Positions = NDArray[np.int64]
STORED, START, END = 0, 1, 2
NOWHERE = -1


@frozen
class _Rows:
    """The events of the new store: ``source`` is the stored event, for a virtual one the record beside it.

    ``session``: that of every virtual event, ``NO_SESSION`` where it belongs to none, as stored ones do.
    """

    kind: NDArray[np.int8]
    source: Positions
    session: Positions
    offsets: Positions


def with_session_events(store: Store, until: int | None = None, only: Sequence[str] = ()) -> Store:
    """The store with two virtual events for every session; as it is where it holds such events already.

    ``until``: sessions are those of the events up to this instant. With ``only`` some of the virtual events
    are all there is.
    """
    if set(SESSION_EVENTS) & set(store.event_names):
        return store
    found = find_sessions(store, until)
    rows = _virtual(found, only) if only else _interleaved(store, found)
    names = store.once("session events", store.event_names, lambda: (*store.event_names, *SESSION_EVENTS))
    codes = rows.kind.astype(code_type(len(names)))
    codes += len(store.event_names) - START
    if not only:
        stored = rows.kind == STORED
        codes[stored] = store.event[rows.source[stored]]
    return replace(
        store,
        event_names=names,
        event=codes,
        # All places exist; in this mode nothing is buffered.
        time=np.take(store.time, rows.source, mode="clip"),
        offsets=rows.offsets,
        columns=_Properties(store, found, rows, until).columns(),
    )


def _interleaved(store: Store, found: Sessions) -> _Rows:
    """A start right before its record, an end right after (semantics S-9)."""
    before, after = np.zeros(len(store), np.int8), np.zeros(len(store), np.int8)
    before[found.first], after[found.end] = 1, 1
    place = np.arange(len(store)) + np.cumsum(before) + np.cumsum(after) - after
    source = np.repeat(np.arange(len(store)), 1 + before + after)
    kind, session = np.full(len(source), STORED, np.int8), np.full(len(source), NO_SESSION, np.int64)
    starts, ends = place[found.first] - 1, place[found.end] + 1
    kind[starts], kind[ends] = START, END
    session[starts], session[ends] = np.arange(len(starts)), found.ended
    return _Rows(kind, source, session, store.offsets + found.begun + found.closed)


def _virtual(found: Sessions, only: Sequence[str]) -> _Rows:
    """Starts, ends or both, without what happened in between."""
    all_end = found.end is found.last  # every session, so that the ends have their numbers
    numbers = found.ended if all_end else np.arange(len(found.first))
    starts = _Rows(np.full(len(found.first), START, np.int8), found.first, numbers, found.begun)
    if SESSION_END not in only:
        return starts
    ends = _Rows(np.full(len(found.end), END, np.int8), found.end, found.ended, found.closed)
    if SESSION_START not in only:
        return ends
    source, kind = np.append(starts.source, ends.source), np.append(starts.kind, ends.kind)
    order = np.argsort(2 * source + kind, kind="stable")
    session = np.append(starts.session, ends.session)
    return _Rows(kind[order], source[order], session[order], starts.offsets + ends.offsets)


@frozen
class _Properties:
    """What the events of a store with session events have."""

    store: Store
    found: Sessions
    rows: _Rows
    until: int | None

    def columns(self) -> LazyColumns:
        return LazyColumns(tuple(dict.fromkeys((*self.store.columns, *COMPUTED))), self._column)

    def _column(self, name: str) -> Column:
        return self._computed(name) if name in COMPUTED else self._taken(name)

    def _taken(self, name: str) -> Column:
        """A stored property; session events have what they inherit, and nothing else."""
        column, rows = self.store.columns[name], self.rows
        source = np.where(rows.kind == STORED, rows.source, NOWHERE)
        if name in {*INHERITED, *self.store.settings.sessions.inherited}:
            giver = np.append(self._givers(column), NOWHERE)
            source = np.where(rows.kind == STORED, source, giver[rows.session])
        absent = source == NOWHERE
        if isinstance(column, NumberColumn):
            return NumberColumn(np.where(absent, np.nan, column.numbers[source]))
        codes = np.asarray(column.codes, np.int64)[source]
        return CodedColumn(np.where(absent, UNDEFINED, codes), column.values)

    def _givers(self, column: Column) -> Positions:
        """The record of every session that its events inherit from (semantics S-8)."""
        if self.store.settings.sessions.type != "timeout":
            return self.found.first
        sessions = sessions_of(self.store, self.until)
        if isinstance(column, NumberColumn):
            defined = ~np.isnan(column.numbers)
        else:
            known = np.array([value is not None for value in column.values] + [False])
            defined = known[column.codes]
        at = np.flatnonzero(defined & (sessions != NO_SESSION))[::-1]
        giver = np.full(len(self.found.first), NOWHERE, np.int64)
        giver[sessions[at]] = at
        return giver

    def _computed(self, name: str) -> Column:
        """What session events say of their session; no stored event has it."""
        store, found, session = self.store, self.found, self.rows.session
        has = session != NO_SESSION
        number = session[has]
        if name in ("$origin_start", "$origin_end"):
            of = (found.first if name == "$origin_start" else found.last)[number]
            codes = np.full(len(session), UNDEFINED, np.int64)
            codes[has] = store.event[of]
            return CodedColumn(codes, store.event_names)
        values = np.full(len(session), np.nan)
        if name == "$event_count":
            sessions = sessions_of(store, self.until)
            counts = np.bincount(sessions[sessions != NO_SESSION], minlength=len(found.first))
            values[has] = counts[number]
        else:
            # The length is known of sessions that have an end (semantics S-5).
            lengths = np.full(len(found.first), np.nan)
            ended = found.ended[found.ended != NO_SESSION]
            lengths[ended] = (store.time[found.last[ended]] - store.time[found.first[ended]]) / 1000
            values[has] = lengths[number]
        return NumberColumn(values)


COMPUTED = ("$duration_s", "$event_count", "$origin_start", "$origin_end")
