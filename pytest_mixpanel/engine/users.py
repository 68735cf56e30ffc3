"""User queries: profiles, sorted and paged, or an aggregate of them (semantics §6.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.envelope import milliseconds
from pytest_mixpanel.engine.formulas import event_selector_mask, selector_mask, syntax
from pytest_mixpanel.engine.formulas.syntax import FormulaError, parse_formula
from pytest_mixpanel.engine.grouped import as_asked
from pytest_mixpanel.engine.properties import numbers_of, with_profile
from pytest_mixpanel.engine.selection.chosen import select
from pytest_mixpanel.engine.selection.cohorts import members
from pytest_mixpanel.engine.selection.seen import seen_by
from pytest_mixpanel.engine.store.columns import Column, NumberColumn
from pytest_mixpanel.engine.store.store import BARE_PROFILE, Store
from pytest_mixpanel.query.parse.node import Saved
from pytest_mixpanel.query.parse.users import parse_users
from pytest_mixpanel.query.plan.selecting import Selection
from pytest_mixpanel.query.plan.users import NamedBehavior, UsersPlan

PAGE = 1_000
"""Profiles of one page (semantics C-20)."""

Mask = NDArray[np.bool_]


def answer_users(
    params: Mapping[str, Any], store: Store, now: datetime, saved: Saved | None = None
) -> dict[str, Any]:
    """The answer to a user query; raises ``PlanError`` and ``FormulaError`` for what cannot be read."""
    plan = parse_users(params, saved)
    store = seen_by(as_asked(store, params), plan, now)
    chosen = _chosen(plan, store, now)
    answer = {"computed_at": now.astimezone(UTC).isoformat(), "status": "ok"}
    if plan.action is None:
        return {**_profiles(plan, store, chosen), **answer}
    action = _action(plan.action)
    if not plan.segments:
        return {"results": _aggregate(action, store, chosen), **answer}
    at = _instant(plan, now)
    results = {
        number: _aggregate(action, store, chosen & members(store, cohort, at))
        for number, cohort in plan.segments
    }
    return {"results": results, **answer}


def _instant(plan: UsersPlan, now: datetime) -> datetime:
    """When behaviour is judged; profiles have no history (C-19)."""
    return now if plan.as_of is None else datetime.fromtimestamp(plan.as_of, UTC)


def _chosen(plan: UsersPlan, store: Store, now: datetime) -> Mask:
    chosen = with_profile(store)
    if plan.cohort is not None:
        if plan.include_all_users:
            chosen = np.ones(store.n_users, bool)
        chosen = chosen & members(store, plan.cohort, _instant(plan, now))
    if plan.where is not None:
        counts = {one.name: _times(one, store, _instant(plan, now)) for one in plan.behaviors}
        chosen = chosen & selector_mask(store, plan.where, now, counts)
    if plan.distinct_ids is not None:
        wanted = set(plan.distinct_ids)
        chosen = chosen & np.array([user in wanted for user in store.users], bool)
    if plan.search is not None:
        chosen = chosen & _found(store, plan.search.lower())
    return chosen


def _times(behavior: NamedBehavior, store: Store, at: datetime) -> NDArray[np.int64]:
    """How often every user did any of the behavior's events in its window, which ends now."""
    end = milliseconds(at)
    done = np.zeros(len(store), bool)
    for event, selector in behavior.events:
        found = select(store, Selection(event), at)
        done |= found & event_selector_mask(store, selector, at) if selector else found
    done &= (store.time > end - behavior.window_ms) & (store.time <= end)
    owner = store.user_of_event()[done]
    return np.bincount(owner[owner >= 0], minlength=store.n_users)


def _found(store: Store, part: str) -> Mask:
    """Users whose id or any text of their profile holds the part, in any case (C-16)."""
    found = np.array([part in user.lower() for user in store.users], bool)
    for column in store.profiles.values():
        if not isinstance(column, NumberColumn):
            hits = [isinstance(value, str) and part in value.lower() for value in column.values]
            found |= np.array([*hits, False])[column.codes]
    return found


def _profiles(plan: UsersPlan, store: Store, chosen: Mask) -> dict[str, Any]:
    users = sorted(np.flatnonzero(chosen).tolist(), key=lambda user: store.users[user])
    if plan.sort_key is not None:
        users = _sorted(users, store.profiles.get(_property(parse_formula(plan.sort_key))), plan.ascending)
    total = len(users)
    users = users[: plan.limit] if plan.limit is not None else users
    start = plan.page * PAGE
    page = users[start : start + PAGE]
    return {
        "results": [_profile(store, user, plan.properties) for user in page],
        "session_id": "local" if start + PAGE < len(users) else None,
        "page": plan.page,
        "page_size": PAGE,
        "total": total,
    }


def _sorted(users: list[int], column: Column | None, ascending: bool) -> list[int]:
    """Numbers before texts, what is undefined last in both orders, ties by id (C-17)."""
    kinds: list[list[tuple[Any, int]]] = [[], [], []]
    for user in users:
        value = _value(column, user) if column is not None else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            kinds[0].append((value, user))
        elif value is not None:
            kinds[1].append((str(value), user))
        else:
            kinds[2].append((0, user))
    for kind in kinds:
        kind.sort(key=lambda pair: pair[0], reverse=not ascending)
    return [user for kind in kinds for _, user in kind]


def _profile(store: Store, user: int, properties: tuple[str, ...] | None) -> dict[str, Any]:
    names = store.profiles if properties is None else [name for name in properties if name in store.profiles]
    values = {name: _value(store.profiles[name], user) for name in names}
    known = {name: value for name, value in values.items() if value is not None and name != BARE_PROFILE}
    return {"$distinct_id": store.users[user], "$properties": known}


def _value(column: Column, user: int) -> Any:
    if isinstance(column, NumberColumn):
        number = float(column.numbers[user])
        return None if number != number else int(number) if number.is_integer() else number
    code = int(column.codes[user])
    return None if code < 0 else column.values[code]


def _property(node: syntax.Node) -> str:
    match node:
        case syntax.Index(syntax.Name("properties" | "user"), syntax.Constant(str() as name)):
            return name
    raise FormulaError('a property is written properties["name"]')


def _action(text: str) -> syntax.Call:
    node = parse_formula(text)
    match node:
        case syntax.Call("COUNT", ()) | syntax.Call("EXTREMES" | "NUMERIC_SUMMARY", (_,)):
            return node
        case syntax.Call("PERCENTILE", (_, syntax.Constant(int() | float()))):
            return node
    raise FormulaError(
        f"action {text!r}: write count(), extremes(properties[…]), percentile(properties[…], n) "
        "or numeric_summary(properties[…])"
    )


def _aggregate(action: syntax.Call, store: Store, chosen: Mask) -> Any:
    """Aggregates are over users with a number (C-18)."""
    if action.function == "COUNT":
        return int(chosen.sum())
    column = store.profiles.get(_property(action.arguments[0]))
    numbers = numbers_of(column, store.n_users)[chosen]
    numbers = numbers[~np.isnan(numbers)]
    match action:
        case syntax.Call("PERCENTILE", (_, syntax.Constant(share))):
            return {"percentile": share, "result": _percentile(numbers, share)}
        case syntax.Call("EXTREMES", _):
            least, most = (float(numbers.min()), float(numbers.max())) if len(numbers) else (None, None)
            return {"max": most, "min": least, "nth_percentile": _percentile(numbers, 50)}
    return {
        "count": len(numbers),
        "mean": float(numbers.mean()) if len(numbers) else None,
        "var": float(numbers.var()) if len(numbers) else None,
        "sum_of_squares": float((numbers**2).sum()),
    }


def _percentile(numbers: NDArray[np.float64], share: float) -> float | None:
    if not 0 <= share <= 100:
        raise FormulaError(f"a percentile lies between 0 and 100, not at {share}")
    return float(np.percentile(numbers, share)) if len(numbers) else None
