"""``$session_start`` and ``$session_end`` as events among the stored ones (semantics S-7 to S-9).

They are made for the queries that speak of them, so that filters, breakdowns, funnels and flows treat them
as any other event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.envelope import milliseconds
from pytest_mixpanel.engine.sessions import NO_SESSION, Sessions, find_sessions
from pytest_mixpanel.engine.settings import INHERITED
from pytest_mixpanel.engine.store.columns import UNDEFINED, CodedColumn, Column, NumberColumn
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.visibility import SESSION_END, SESSION_EVENTS, SESSION_START

Positions = NDArray[np.int64]
STORED, START, END = 0, 1, 2
NOWHERE = -1


def seen_by(store: Store, plan: Any, now: datetime) -> Store:
    """The store as a plan needs it: with session events where the plan names them."""
    named = store.once("names session events", plan, lambda: bool(set(SESSION_EVENTS) & _texts(plan)))
    return with_session_events(store, milliseconds(now)) if named else store


def _texts(plan: Any) -> set[str]:
    """All texts of a plan; session events have names no property bears."""
    if isinstance(plan, str):
        return {plan}
    if isinstance(plan, tuple):
        return set().union(*map(_texts, plan))
    if is_dataclass(plan):
        return set().union(*(_texts(getattr(plan, each.name)) for each in fields(plan)))
    return set()


@dataclass(frozen=True, slots=True)
class _Rows:
    """The events of the new store: ``source`` is the stored event, for a virtual one the record beside it."""

    kind: NDArray[np.int8]
    source: Positions
    session: Positions


def with_session_events(store: Store, until: int | None = None) -> Store:
    """The store with two virtual events for every session; as it is where it holds such events already.

    ``until``: sessions are those of the events up to this instant.
    """
    if set(SESSION_EVENTS) & set(store.event_names):
        return store
    found = find_sessions(store, until)
    firsts, lasts = _edges(found.of_event)
    starts, ends = firsts, lasts if found.ends is None else found.ends
    rows = _interleaved(store, found, starts, ends)
    names = (*store.event_names, SESSION_START, SESSION_END)
    codes = np.asarray(store.event, np.int64)[rows.source]
    codes[rows.kind != STORED] = len(store.event_names) + rows.kind[rows.kind != STORED] - START
    added = np.bincount(store.user_of_event()[rows.source[rows.kind != STORED]], minlength=store.n_users)
    return replace(
        store,
        event_names=names,
        event=codes.astype(np.uint16 if len(names) <= 65_536 else np.uint32),
        time=np.ascontiguousarray(store.time[rows.source]),
        offsets=store.offsets + np.r_[0, np.cumsum(added)],
        columns=_Columns(store, found, rows, firsts, lasts),
    )


def _edges(sessions: Positions) -> tuple[Positions, Positions]:
    """The first and the last record of every session, by its number."""
    members = np.flatnonzero(sessions != NO_SESSION)
    if not len(members):
        return members, members
    change = np.flatnonzero(np.diff(sessions[members]) != 0)
    return members[np.r_[0, change + 1]], members[np.r_[change, len(members) - 1]]


def _interleaved(store: Store, found: Sessions, starts: Positions, ends: Positions) -> _Rows:
    """A start right before its record, an end right after (semantics S-9)."""
    stored = np.arange(len(store))
    source = np.concatenate([starts, stored, ends])
    kind = np.repeat(np.array([START, STORED, END], np.int8), [len(starts), len(stored), len(ends)])
    place = np.repeat(np.arange(3), [len(starts), len(stored), len(ends)])
    order = np.argsort(3 * source + place, kind="stable")
    session = found.of_event[source]
    if found.ends is not None and found.paired is not None:
        session[len(starts) + len(stored) :][~found.paired] = NO_SESSION
    return _Rows(kind[order], source[order], session[order])


class _Columns(Mapping[str, Column]):
    """The columns of a store with session events, each made when it is first asked for."""

    def __init__(
        self, store: Store, found: Sessions, rows: _Rows, firsts: Positions, lasts: Positions
    ) -> None:
        self._store, self._found, self._rows = store, found, rows
        self._firsts, self._lasts = firsts, lasts
        self._made: dict[str, Column] = {}
        rules = store.settings.sessions
        self._inherited = {*INHERITED, *rules.inherited}

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self._store.columns), **dict.fromkeys(COMPUTED)})

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, name: str) -> Column:
        if name not in self._made:
            self._made[name] = self._computed(name) if name in COMPUTED else self._taken(name)
        return self._made[name]

    def _taken(self, name: str) -> Column:
        """A stored property; session events have what they inherit, and nothing else."""
        column, rows = self._store.columns[name], self._rows
        source = np.where(rows.kind == STORED, rows.source, NOWHERE)
        if name in self._inherited:
            giver = np.append(self._givers(column), NOWHERE)
            source = np.where(rows.kind == STORED, source, giver[rows.session])
        absent = source == NOWHERE
        if isinstance(column, NumberColumn):
            return NumberColumn(np.where(absent, np.nan, column.numbers[source]))
        codes = np.asarray(column.codes, np.int64)[source]
        return CodedColumn(np.where(absent, UNDEFINED, codes), column.values)

    def _givers(self, column: Column) -> Positions:
        """The record of every session that its events inherit from (semantics S-8)."""
        if self._store.settings.sessions.type != "timeout":
            return self._firsts
        sessions = self._found.of_event
        if isinstance(column, NumberColumn):
            defined = ~np.isnan(column.numbers)
        else:
            known = np.array([value is not None for value in column.values] + [False])
            defined = known[column.codes]
        at = np.flatnonzero(defined & (sessions != NO_SESSION))[::-1]
        giver = np.full(len(self._firsts), NOWHERE, np.int64)
        giver[sessions[at]] = at
        return giver

    def _computed(self, name: str) -> Column:
        """What session events say of their session; no stored event has it."""
        rows, virtual = self._rows, self._rows.kind != STORED
        has = virtual & (rows.session != NO_SESSION)
        number = rows.session[has]
        if name in ("$origin_start", "$origin_end"):
            of = (self._firsts if name == "$origin_start" else self._lasts)[number]
            codes = np.full(len(virtual), UNDEFINED, np.int64)
            codes[has] = self._store.event[of]
            return CodedColumn(codes, self._store.event_names)
        values = np.full(len(virtual), np.nan)
        if name == "$event_count":
            sessions = self._found.of_event
            counts = np.bincount(sessions[sessions != NO_SESSION], minlength=len(self._firsts))
            values[has] = counts[number]
        else:
            lengths = self._store.time[self._lasts] - self._store.time[self._firsts]
            values[has] = np.where(self._ended()[number], lengths[number] / 1000, np.nan)
        return NumberColumn(values)

    def _ended(self) -> NDArray[np.bool_]:
        """Sessions whose length is known; those between two events need both of them (semantics S-5)."""
        found = self._found
        if found.ends is None or found.paired is None:
            return np.ones(len(self._firsts), bool)
        ended = np.zeros(len(self._firsts), bool)
        ended[found.of_event[found.ends[found.paired]]] = True
        return ended


COMPUTED = ("$duration_s", "$event_count", "$origin_start", "$origin_end")
