"""Cohorts → the set of their users at one instant (semantics §6.1)."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.calendar import days_of, local_moment, midnight
from pytest_mixpanel.engine.kernels.owners import count_before, find_doers
from pytest_mixpanel.engine.properties import numbers_of, set_codes
from pytest_mixpanel.engine.selection.chosen import places, stretches
from pytest_mixpanel.engine.selection.filters import Mask, of_users
from pytest_mixpanel.engine.selection.frequencies import times_done
from pytest_mixpanel.engine.store.columns import CodedColumn
from pytest_mixpanel.engine.store.scratch import scratch
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.store.stored import stored
from pytest_mixpanel.query.plan.selecting import Behavior, Cohort, Condition, Member

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]

MOST = 1 << 53
"""Nobody does anything more often."""

_SIGNS: dict[str, Callable[[NDArray[Any], float], Mask]] = {
    ">=": np.greater_equal,
    "<=": np.less_equal,
    "==": np.equal,
    "!=": np.not_equal,
    ">": np.greater,
    "<": np.less,
}
_AGGREGATES: dict[str, Callable[[Numbers], float]] = {
    "average": lambda values: float(np.mean(values)),
    "min": lambda values: float(np.min(values)),
    "max": lambda values: float(np.max(values)),
    "median": lambda values: float(np.median(values)),
}


def members(
    store: Store, cohort: Cohort | Condition | Member, now: datetime, asked: Mask | None = None
) -> Mask:
    """Which users belong to a cohort as of ``now``: one verdict for every user of the store.

    What is said of users who are not ``asked`` about means nothing; without it all are.
    """
    match cohort:
        case Behavior():
            return _behaved(store, cohort, now, asked)
        case Condition():
            return of_users(store, cohort, now)
        case Member(inner, negated):
            return np.logical_xor(members(store, inner, now, asked), negated)
    every = cohort.combine == "all"
    verdicts = np.full(store.n_users, every)
    for part in cohort.parts:
        # Who failed one of all, or passed one of any, need not be asked about the rest.
        undecided = verdicts == every if asked is None else (verdicts == every) & asked
        np.copyto(verdicts, members(store, part, now, undecided), where=undecided)
    return verdicts


def _behaved(store: Store, behavior: Behavior, now: datetime, asked: Mask | None) -> Mask:
    start, end = _window(store, behavior, now)
    within = None if asked is None or asked.all() else stretches(store, asked)
    at = places(store, behavior.selection, now, within)
    if behavior.aggregation is None:
        return _often_enough(behavior, lambda times: _doers(store, at, start, end, times))
    at = at[: np.searchsorted(at, store.offsets[-1])]
    measured = _measured(store, behavior, at[(store.time[at] >= start) & (store.time[at] < end)])
    # An aggregate of nothing is NaN, which passes no comparison but !=; it must fail that too (C-6).
    return np.asarray(_SIGNS[behavior.sign](measured, behavior.operand) & ~np.isnan(measured))


def _often_enough(behavior: Behavior, at_least: Callable[[int], Mask]) -> Mask:
    """Users whose number of times compares as it should, asked as whether it is at least some number."""
    operand = min(max(behavior.operand, -1), MOST)
    equal, more = math.ceil(operand), math.floor(operand) + 1
    match behavior.sign:
        case ">=":
            return at_least(equal)
        case ">":
            return at_least(more)
        case "<":
            return ~at_least(equal)
        case "<=":
            return ~at_least(more)
    same = at_least(equal) & ~at_least(more)
    return same if behavior.sign == "==" else ~same


def _doers(store: Store, at: Positions, start: int, end: int, times: int) -> Mask:
    """Users of whose events at some places at least so many are from ``start`` to before ``end``."""
    if times < 1 or times > len(at):
        return np.full(store.n_users, times < 1)
    found = np.empty(store.n_users, bool)
    before = scratch("before", len(store.offsets))
    count_before(at, store.offsets, before)
    find_doers(before, store.time, at, start, end, times, found.view(np.uint8))
    return found


def often(store: Store, behavior: Behavior, now: datetime) -> Mask:
    """For every event whether its user did it so often in the interval of the event; of nobody's never."""
    assert behavior.span is not None
    times = times_done(store, behavior.selection, behavior.span, False, now).astype(np.float64)
    passed = _SIGNS[behavior.sign](times, behavior.operand)
    passed[store.offsets[-1] :] = False
    return passed


def _window(store: Store, behavior: Behavior, now: datetime) -> tuple[int, int]:
    """Whole local days, up to ``now`` (C-4, C-5)."""
    zone, moment = store.time_zone, round(now.timestamp() * 1000) + 1
    today = local_moment(now, zone).date()
    first, last = behavior.first, behavior.last
    if behavior.span is not None:
        first, last = days_of(behavior.span, today, store)
    if first is not None and last is not None:
        return midnight(first, zone), min(midnight(last + timedelta(days=1), zone), moment)
    return midnight(today - timedelta(days=(behavior.days or 1) - 1), zone), moment


def _measured(store: Store, behavior: Behavior, at: NDArray[np.int64]) -> Numbers:
    """Aggregate of every user's records; NaN where it has no number to work on."""
    owner = store.owners(at)
    column = stored(store, behavior.property or "")
    if behavior.aggregation == "unique":
        # Distinct numbers of a number column, distinct values of a coded one.
        if isinstance(column, CodedColumn):
            return _unique(owner, set_codes(column, at), store.n_users)
        return _unique(owner, numbers_of(column, len(store))[at], store.n_users)
    values = numbers_of(column, len(store))[at]
    known = ~np.isnan(values)
    owner, values = owner[known], values[known]
    if behavior.aggregation == "total":
        return np.bincount(owner, weights=values, minlength=store.n_users).astype(np.float64)
    if behavior.aggregation not in _AGGREGATES:
        raise ParamValidationError(
            f"a cohort aggregates by total, unique, {', '.join(_AGGREGATES)}, not {behavior.aggregation!r}"
        )
    result = np.full(store.n_users, np.nan)
    users, starts = np.unique(owner, return_index=True)
    for user, part in zip(users, np.split(values, starts[1:]), strict=False):
        result[user] = _AGGREGATES[behavior.aggregation](part)
    return result


def _unique(owner: NDArray[np.int64], values: Numbers, n_users: int) -> Numbers:
    known = ~np.isnan(values)
    pairs = np.unique(np.stack([owner[known].astype(np.float64), values[known]]), axis=1)
    return np.bincount(pairs[0].astype(np.int64), minlength=n_users).astype(np.float64)
