"""Selections → where the events are that they choose: by name, then by one condition after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.kernels.owners import find_stretches
from pytest_mixpanel.engine.kernels.places import find_passing, find_places, keep_passing
from pytest_mixpanel.engine.selection.filters import Decided, Mask, all_hold, by_code, by_user, holds
from pytest_mixpanel.engine.store.parts import PART_EVENTS
from pytest_mixpanel.engine.store.scratch import scratch
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.visibility import ALL_EVENTS, not_any_event
from pytest_mixpanel.query.plan.selecting import Filter, Member, Selection

Positions = NDArray[np.int64]

MOST_KEPT = PART_EVENTS * 9 // 8
"""Parts are cut between users, and so may be somewhat larger than they should."""
_all_places: list[Positions] = []


def select(store: Store, selection: Selection, now: datetime) -> Mask:
    """Events of this name, or of any of its alternatives, that pass their selection's conditions."""
    if by_name_alone(selection):
        return named(store, names_chosen(store, selection.event))
    mask = np.zeros(len(store), bool)
    mask[places(store, selection, now)] = True
    return mask


def places(store: Store, selection: Selection, now: datetime, within: Positions | None = None) -> Positions:
    """Where the events are that ``select`` chooses, ascending.

    ``within``: where, by turns, the events begin and end of the users who are asked about, if not of all.
    """
    found = [_places_of_one(store, one, now, within) for one in alternatives(selection)]
    return found[0] if len(found) == 1 else np.unique(np.concatenate(found))


def places_where(
    store: Store, selection: Selection, conditions: Sequence[Filter], now: datetime
) -> Positions:
    """Those of the ``places`` for which all conditions hold, too.

    What speaks of users is asked of them first, and the events of the others are not looked at.
    """
    told = [by_user(store, condition, now) for condition in conditions]
    of_users = [verdicts for verdicts in told if verdicts is not None]
    within = stretches(store, np.logical_and.reduce(of_users)) if of_users else None
    at = places(store, selection, now, within)
    rest = [condition for condition, verdicts in zip(conditions, told, strict=True) if verdicts is None]
    return at[all_hold(store, rest, now, at)] if rest else at


def stretches(store: Store, wanted: Mask) -> Positions:
    """Where, by turns, the events begin and end of the users, and at last of nobody, who are wanted.

    In working space, until more are asked for.
    """
    bounds = scratch("bounds", 2 * len(wanted))
    ends = np.append(store.offsets, len(store))
    return bounds[: find_stretches(ends, wanted.view(np.uint8), bounds)]


def _places_of_one(store: Store, one: Selection, now: datetime, within: Positions | None) -> Positions:
    chosen = names_chosen(store, one.event)
    if by_name_alone(one):
        return places_named(store, chosen, within)
    # Cohorts and first times look for places, too, and so in the same working space.
    alone = not one.first_time and not any(isinstance(each, Member) for each in one.conditions)
    if not alone:
        at = places_named(store, chosen, within)
    elif one.combine == "all" and (decided := by_code(store, one.conditions[0], now)) is not None:
        at = _in_working_space(store, chosen, within, decided)
        one = replace(one, conditions=one.conditions[1:])
    else:
        at = _in_working_space(store, chosen, within)
    rows = passing(store, one, now, at, everyone(len(at)))
    return at.copy() if len(rows) == len(at) else at[rows]


def places_named(store: Store, chosen: Mask, within: Positions | None = None) -> Positions:
    """Where the events are whose name is chosen, ascending; ``within``: as for ``places``."""
    at = _in_working_space(store, chosen, within)
    return everyone(len(at)) if len(at) == len(store) else at.copy()


def _in_working_space(
    store: Store, chosen: Mask, within: Positions | None, decided: Decided | None = None
) -> Positions:
    """As ``places_named``, until more are asked for; ``decided``: of events alone whose code passes."""
    if within is None and decided is None and chosen.all():
        return everyone(len(store))
    at, event, wanted = scratch("places", len(store)), np.asarray(store.event), chosen.view(np.uint8)
    if decided is None:
        return at[: find_places(event, wanted, at, within)]
    codes, verdicts = decided
    return at[: find_passing(event, wanted, codes, verdicts.view(np.uint8), at, within)]


def everyone(count: int) -> Positions:
    """All places of so many, not to be written to; those of a part are made once."""
    if count > MOST_KEPT:
        return np.arange(count)
    if not _all_places:
        _all_places.append(np.arange(MOST_KEPT))
        _all_places[0].flags.writeable = False
    return _all_places[0][:count]


def alternatives(selection: Selection) -> Sequence[Selection]:
    """A selection as the several it stands for."""
    return (replace(selection, others=()), *selection.others) if selection.others else (selection,)


def by_name_alone(selection: Selection) -> bool:
    """Whether nothing but its name decides whether an event is chosen."""
    return not (selection.conditions or selection.first_time or selection.others)


def passing(store: Store, selection: Selection, now: datetime, at: Positions, rows: Positions) -> Positions:
    """Those of some rows whose events pass a selection's conditions, alternatives apart.

    Row r is of the event ``at[r]``; both ascend, and all events of the selection's name are among the rows'.
    They are in working space until more are asked for.
    """
    if selection.first_time:
        rows = rows[_first_ever(store, selection, at[rows])]
    if selection.combine == "any" and selection.conditions:
        here = at[rows]
        passed = [holds(store, condition, now, here) for condition in selection.conditions]
        return np.asarray(rows[np.logical_or.reduce(passed)])
    for condition in selection.conditions:
        rows = _still_passing(store, condition, now, at, rows)
    return rows


def _still_passing(
    store: Store, condition: Filter, now: datetime, at: Positions, rows: Positions
) -> Positions:
    decided = by_code(store, condition, now)
    if decided is None:
        rows = rows.copy()  # what a cohort is made of needs the working space, too
        return np.asarray(rows[holds(store, condition, now, at[rows])])
    kept = scratch("passing", len(rows))
    codes, verdicts = decided
    return kept[: keep_passing(codes, at, rows, verdicts.view(np.uint8), kept)]


def named(store: Store, chosen: Mask) -> Mask:
    """Events whose name is chosen; one name is compared, many are looked up."""
    codes = np.flatnonzero(chosen)
    if len(codes) == len(chosen):
        return np.ones(len(store), bool)
    if len(codes) > 3:
        return np.asarray(chosen[store.event])
    mask = np.zeros(len(store), bool)
    for code in codes.tolist():
        mask |= store.event == code
    return mask


def names_chosen(store: Store, name: str) -> Mask:
    """Which of the project's event names a name stands for, by code."""
    return store.once(("names", name), store.event_names, lambda: _names_chosen(store, name))


def _names_chosen(store: Store, name: str) -> Mask:
    if name in ALL_EVENTS:
        apart = not_any_event(store)
        return np.array([known not in apart for known in store.event_names], bool)
    name = store.settings.merged_events.get(name, name)
    return np.array([known == name for known in store.event_names], bool)


def _first_ever(store: Store, selection: Selection, at: Positions) -> Mask:
    """Events at the time of the user's first one of all, ties included (semantics E-64)."""
    of_any = at
    if selection.first_of:
        chosen = [names_chosen(store, name) for name in selection.first_of]
        of_any = places_named(store, np.logical_or.reduce(chosen))
    owner = store.owners(of_any)
    begins = np.flatnonzero(np.diff(owner, prepend=-2))
    earliest = np.zeros(store.n_users + 1, np.int64)  # the last one is nobody's
    earliest[owner[begins]] = store.time[of_any[begins]]
    owner = store.owners(at)
    return np.asarray((store.time[at] == earliest[owner]) & (owner >= 0))
