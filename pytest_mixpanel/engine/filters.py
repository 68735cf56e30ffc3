"""Conditions → masks over events. Each is decided once per distinct value, then gathered by code.

The rules are those of the semantics' E-41 to E-46: strings compare without regard to case, types are not
coerced, negative operators also hold where the property is absent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.calendar import midnight, parse_moment
from pytest_mixpanel.engine.properties import at_events, event_column
from pytest_mixpanel.engine.store.columns import CodedColumn, Column, NumberColumn
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan import UNIT_MS, Condition, Filter, Member, Selection

Mask = NDArray[np.bool_]
Test = Callable[[Any], bool]

ALL_EVENTS = ("$any_event", "$all_events")
SESSION_EVENTS = ("$session_start", "$session_end")
TRUE_WHERE_ABSENT = frozenset({"does not equal", "does not contain", "is not set"})
ALIASES = {
    "is equal to": "equals",
    "between": "is between",
    "is greater than or equal to": "is at least",
    "is less than or equal to": "is at most",
}


def select(store: Store, selection: Selection, now: datetime) -> Mask:
    """Events of this name that pass the selection's conditions."""
    mask = _named(store, selection.event)
    if not selection.conditions:
        return mask
    passed = [holds(store, condition, now) for condition in selection.conditions]
    combined = np.logical_or.reduce(passed) if selection.combine == "any" else np.logical_and.reduce(passed)
    return np.asarray(mask & combined)


def _named(store: Store, name: str) -> Mask:
    if name in ALL_EVENTS:
        codes = [store.event_code(hidden) for hidden in hidden_events(store)]
        return np.isin(store.event, [code for code in codes if code is not None], invert=True)
    code = store.event_code(name)
    if code is None and name in SESSION_EVENTS:
        raise ParamValidationError(f"{name}: sessions are not computed by the embedded engine yet")
    mask: Mask = np.zeros(len(store), bool) if code is None else store.event == code
    return mask


def hidden_events(store: Store) -> list[str]:
    """Events the Lexicon hides: left out of "all events", found when chosen by name (semantics I-32)."""
    hidden = []
    for entry in store.lexicon:
        metadata = ((entry.get("schemaJson") or {}).get("metadata") or {}).get("com.mixpanel") or {}
        if entry.get("entityType") == "event" and metadata.get("hidden"):
            hidden.append(str(entry["name"]))
    return hidden


def all_hold(store: Store, conditions: Sequence[Filter], now: datetime) -> Mask | None:
    """Events for which every condition holds; ``None`` where there is no condition."""
    if not conditions:
        return None
    return np.asarray(np.logical_and.reduce([holds(store, condition, now) for condition in conditions]))


def holds(store: Store, condition: Filter, now: datetime) -> Mask:
    """One condition over all events; raises ``ParamValidationError`` for an operator that is none."""
    if isinstance(condition, Member):
        # Cohorts are made of filters, so they are the ones to import this module.
        from pytest_mixpanel.engine.cohorts import members

        return at_events(store, members(store, condition, now), nobody=condition.negated)
    if condition.resource == "people" and condition.custom is None:
        negative = _operator(condition) in TRUE_WHERE_ABSENT
        return at_events(store, of_users(store, condition, now), nobody=negative)
    column = event_column(store, condition.property, condition.resource, condition.custom, now)
    return _decided(column, condition, store.time_zone, now, len(store))


def of_users(store: Store, condition: Condition, now: datetime) -> Mask:
    """A condition on profiles: one verdict for every user."""
    column = store.profiles.get(condition.property)
    return _decided(column, condition, store.time_zone, now, store.n_users)


def _decided(column: Column | None, condition: Condition, zone: str, now: datetime, rows: int) -> Mask:
    if condition.items:
        return _passes(column, _list_test(condition, zone, now), False, rows, whole=True)
    operator = _operator(condition)
    return _passes(column, _test(operator, condition, zone, now), operator in TRUE_WHERE_ABSENT, rows)


def _operator(condition: Condition) -> str:
    return ALIASES.get(condition.operator, condition.operator)


def _list_test(condition: Condition, zone: str, now: datetime) -> Test:
    """Any, or every, object of a list passes all inner conditions; an empty list fails."""
    inner = []
    for item in condition.items:
        operator = _operator(item)
        inner.append((item.property, _test(operator, item, zone, now), operator in TRUE_WHERE_ABSENT))

    def passes(element: Any) -> bool:
        return isinstance(element, dict) and all(
            absent if element.get(key) is None else test(element[key]) for key, test, absent in inner
        )

    quantified = all if condition.every else any
    return lambda found: isinstance(found, list) and bool(found) and quantified(map(passes, found))


def _passes(column: Column | None, test: Test, absent: bool, rows: int, whole: bool = False) -> Mask:
    """``whole``: a list is decided as it is, not item by item."""
    if column is None:
        return np.full(rows, absent)
    if isinstance(column, NumberColumn):
        distinct, inverse = np.unique(column.numbers, return_inverse=True)
        verdicts = np.array([absent if value != value else test(value) for value in distinct.tolist()], bool)
        return np.asarray(verdicts[inverse])
    return gather(
        column,
        [
            absent if value is None else test(value) if whole else _any_item(test, value, absent)
            for value in column.values
        ],
        absent,
    )


def gather(column: CodedColumn, verdicts: Sequence[bool], absent: bool) -> Mask:
    """Verdicts by distinct value → a mask over rows; the last entry serves the absent (code −1)."""
    table = np.array([*verdicts, absent], bool)
    return np.asarray(table[column.codes])


def _any_item(test: Test, value: Any, negative: bool) -> bool:
    """A list passes if any of its items does; a negative operator, if none fails (semantics E-43)."""
    if isinstance(value, list):
        return all(map(test, value)) if negative else any(map(test, value))
    return test(value)


def _test(operator: str, condition: Condition, time_zone: str, now: datetime) -> Test:
    value = condition.value
    if operator in ("equals", "does not equal"):
        return _equality(value, negative=operator != "equals")
    if operator in _TEXT:
        return _textual(operator, value)
    if operator in _NUMERIC:
        return _numeric(operator, value)
    if operator in ("is set", "is not set"):
        return lambda _: operator == "is set"
    if operator in ("true", "false"):
        return lambda found: found is (operator == "true")
    if operator.startswith("was"):
        return _temporal(operator, value, condition.date_unit or "day", time_zone, now)
    raise ParamValidationError(f"no such filter operator: {operator!r}")


def _equality(value: Any, negative: bool) -> Test:
    wanted = {_comparable(item) for item in (value if isinstance(value, list) else [value])}
    return lambda found: (_comparable(found) in wanted) != negative


def _comparable(value: Any) -> Any:
    if isinstance(value, str):
        return value.lower()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return (type(value).__name__, str(value))
    return ("number", value)


_TEXT: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda found, part: part in found,
    "does not contain": lambda found, part: part not in found,
    "starts with": lambda found, part: found.startswith(part),
    "ends with": lambda found, part: found.endswith(part),
}


def _textual(operator: str, part: Any) -> Test:
    decide, wanted = _TEXT[operator], str(part).lower()
    negative = operator == "does not contain"
    return lambda found: decide(found.lower(), wanted) if isinstance(found, str) else negative


_NUMERIC: dict[str, Callable[[float, Any], bool]] = {
    "is greater than": lambda found, limit: found > limit,
    "is less than": lambda found, limit: found < limit,
    "is at least": lambda found, limit: found >= limit,
    "is at most": lambda found, limit: found <= limit,
    "is between": lambda found, limits: limits[0] <= found <= limits[1],
    "not between": lambda found, limits: not limits[0] <= found <= limits[1],
}


def _numeric(operator: str, limit: Any) -> Test:
    decide = _NUMERIC[operator]
    return lambda found: (
        isinstance(found, int | float) and not isinstance(found, bool) and decide(found, limit)
    )


def _temporal(operator: str, value: Any, unit: str, time_zone: str, now: datetime) -> Test:
    lo, hi = _span(operator, value, unit, time_zone, now)
    outside = operator in ("was not on", "was not between", "was not in the")

    def test(found: Any) -> bool:
        moment = parse_moment(found, time_zone)
        return moment == moment and (lo <= moment < hi) != outside

    return test


def _span(operator: str, value: Any, unit: str, time_zone: str, now: datetime) -> tuple[float, float]:
    """First and end of the instants a date operator speaks of."""

    def begins(day: str, shift: int = 0) -> int:
        return midnight(date.fromisoformat(day[:10]) + timedelta(days=shift), time_zone)

    moment = now.timestamp() * 1000
    if operator in ("was on", "was not on"):
        return begins(value), begins(value, 1)
    if operator == "was before":
        return -np.inf, begins(value)
    if operator == "was since":
        return begins(value), np.inf
    if operator in ("was between", "was not between"):
        return begins(value[0]), begins(value[1], 1)
    if operator in ("was in the", "was not in the"):
        return moment - value * UNIT_MS[unit], moment + 1
    if operator == "was in the next":
        return moment, moment + value * UNIT_MS[unit] + 1
    raise ParamValidationError(f"no such filter operator: {operator!r}")
