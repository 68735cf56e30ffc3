"""The events that a plan speaks of: those of a part of the store that are looked at to answer it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

import numpy as np

from pytest_mixpanel.engine.envelope import milliseconds
from pytest_mixpanel.engine.selection.chosen import names_chosen, places_named
from pytest_mixpanel.engine.sessions.events import with_session_events
from pytest_mixpanel.engine.store.narrowed import narrowed
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.visibility import ALL_EVENTS, SESSION_EVENTS
from pytest_mixpanel.query.plan.insights import Attribution, InsightsPlan, Metric
from pytest_mixpanel.query.plan.segments import Breakdown
from pytest_mixpanel.query.plan.selecting import (
    Behavior,
    BorrowedProperty,
    Condition,
    Group,
    Member,
    Selection,
)


def seen_by(store: Store, plan: Any, now: datetime) -> Store:
    """The store as a plan needs it: with session events where the plan names them.

    Insights count events by name, so that all others are left out, unless the plan reads no more of them
    than what is stored at the events of one metric.
    """
    named, spoken, direct = store.once(
        "spoken of",
        plan,
        lambda: (_session_events(plan), frozenset(_spoken_of(plan)), _is_direct(plan, store.columns)),
    )
    narrow = isinstance(plan, InsightsPlan) and spoken.isdisjoint(ALL_EVENTS)
    alone = narrow and spoken.issubset(SESSION_EVENTS)
    if named:
        store = with_session_events(store, milliseconds(now), only=named if alone else ())
    return _with(store, spoken) if narrow and not (alone or direct) else store


def _is_direct(plan: Any, stored: Collection[str]) -> bool:
    """Whether a plan has one metric, and asks it of events by what is stored for each, and of users."""
    if not isinstance(plan, InsightsPlan) or len(plan.metrics) != 1:
        return False
    (metric,) = plan.metrics
    if not isinstance(metric, Metric) or metric.attribution is not None or metric.segment_method != "all":
        return False
    selections = (metric.selection, *metric.selection.others)
    conditions = (*plan.where, *(each for selection in selections for each in selection.conditions))
    read = (*plan.breakdowns, *conditions, *((metric,) if metric.property is not None else ()))
    return all(_at_hand(each, stored) for each in read)


def _at_hand(asked: Any, stored: Collection[str]) -> bool:
    """Whether nothing is read for this but what is stored at the events it is about, or of users."""
    match asked:
        case Member(Behavior(by_interval=True)):
            return False
        case Member(inner):
            return _at_hand(inner, stored)
        case Group(parts):
            return all(_at_hand(part, stored) for part in parts)
        case Behavior(selection, aggregation=None):
            several = (selection, *selection.others)
            return all(_at_hand(each, stored) for one in several for each in one.conditions)
        case Condition(custom=None, resource="people"):
            return True
        case Breakdown(custom=None) | Condition(custom=None) | Metric(custom=None):
            return asked.resource == "events" and asked.property in stored
    return False


def _with(store: Store, names: frozenset[str]) -> Store:
    """The store with events of these names alone."""
    none = np.zeros(len(store.event_names), bool)
    at = places_named(store, np.logical_or.reduce([none, *(names_chosen(store, name) for name in names)]))
    return store if len(at) == len(store) else narrowed(store, at)


def _session_events(plan: Any) -> tuple[str, ...]:
    """The session events that a plan names; no property bears such a name."""
    texts = set(_texts(plan))
    return tuple(name for name in SESSION_EVENTS if name in texts)


def _texts(plan: Any) -> Iterator[str]:
    if isinstance(plan, str):
        yield plan
    elif isinstance(plan, tuple):
        for each in plan:
            yield from _texts(each)
    elif is_dataclass(plan):
        for field in fields(plan):
            yield from _texts(getattr(plan, field.name))


def _spoken_of(plan: Any) -> Iterator[str]:
    """The names of the events that something is asked of."""
    match plan:
        case tuple():
            for each in plan:
                yield from _spoken_of(each)
            return
        case Selection() | BorrowedProperty():
            yield plan.event
        case Attribution() | Metric(math="sessions"):
            yield from ALL_EVENTS  # touches are of any event, and so are the records of a session
    if is_dataclass(plan):
        for field in fields(plan):
            yield from _spoken_of(getattr(plan, field.name))
