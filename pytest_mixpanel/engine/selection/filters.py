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
from pytest_mixpanel.engine.kernels.places import look_up
from pytest_mixpanel.engine.properties import at_events, event_column
from pytest_mixpanel.engine.store.columns import CodedColumn, Column, NumberColumn
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.selecting import Behavior, Condition, Filter, Member
from pytest_mixpanel.query.plan.times import UNIT_MS

Mask = NDArray[np.bool_]
Positions = NDArray[np.int64]
Test = Callable[[Any], bool]

Decided = tuple[NDArray[Any], Mask]
"""The codes of events and the verdict on each code, at last that on −1."""

TRUE_WHERE_ABSENT = frozenset({"does not equal", "does not contain", "is not set"})


def all_hold(
    store: Store, conditions: Sequence[Filter], now: datetime, at: Positions | None = None
) -> Mask | None:
    """Events for which every condition holds, of all or of those ``at`` some ascending places.

    ``None`` where there is no condition.
    """
    if not conditions:
        return None
    return np.asarray(np.logical_and.reduce([holds(store, condition, now, at) for condition in conditions]))


def holds(store: Store, condition: Filter, now: datetime, at: Positions | None = None) -> Mask:
    """One condition over all events, or those ``at`` some ascending places.

    Raises ``ParamValidationError`` for an operator that is none.
    """
    told = by_user(store, condition, now)
    if told is not None:
        return at_events(store, told[:-1], bool(told[-1]), at)
    if isinstance(condition, Member):
        from pytest_mixpanel.engine.selection.cohorts import often

        assert isinstance(condition.cohort, Behavior)
        passed = often(store, condition.cohort, now)
        return passed if at is None else passed[at]
    column = event_column(store, condition.property, condition.resource, condition.custom, now)
    return _decided(store, column, condition, now, len(store), at)


def by_user(store: Store, condition: Filter, now: datetime) -> Mask | None:
    """One verdict for every user and at last for nobody; ``None`` where a user's events differ."""
    if isinstance(condition, Member):
        # Cohorts are made of filters, so they are the ones to import this module.
        from pytest_mixpanel.engine.selection.cohorts import members

        if isinstance(condition.cohort, Behavior) and condition.cohort.by_interval:
            return None
        return np.append(members(store, condition, now), condition.negated)
    if condition.resource == "people" and condition.custom is None:
        return np.append(of_users(store, condition, now), condition.operator in TRUE_WHERE_ABSENT)
    return None


def of_users(store: Store, condition: Condition, now: datetime) -> Mask:
    """A condition on profiles: one verdict for every user."""
    column = store.profiles.get(condition.property)
    return _decided(store, column, condition, now, store.n_users)


def by_code(store: Store, condition: Filter, now: datetime) -> Decided | None:
    """A condition that the code of a value decides; ``None`` where none does."""
    if isinstance(condition, Member) or (condition.resource == "people" and condition.custom is None):
        return None
    column = event_column(store, condition.property, condition.resource, condition.custom, now)
    if not isinstance(column, CodedColumn):
        return None
    return np.ascontiguousarray(column.codes), _verdicts_on(store, column, condition, now)


def _decided(
    store: Store,
    column: Column | None,
    condition: Condition,
    now: datetime,
    rows: int,
    at: Positions | None = None,
) -> Mask:
    if column is None:
        return np.full(rows if at is None else len(at), _absent(condition))
    if isinstance(column, NumberColumn):
        numbers = column.numbers if at is None else column.numbers[at]
        return _numbers_pass(numbers, condition, store.time_zone, now, _absent(condition))
    verdicts = _verdicts_on(store, column, condition, now)
    if at is None:
        return np.asarray(verdicts[column.codes])
    found = np.empty(len(at), bool)
    look_up(np.ascontiguousarray(column.codes), at, verdicts.view(np.uint8), found.view(np.uint8))
    return found


def _absent(condition: Condition) -> bool:
    """The verdict where the property is absent."""
    return not condition.items and condition.operator in TRUE_WHERE_ABSENT


def _verdicts_on(store: Store, column: CodedColumn, condition: Condition, now: datetime) -> Mask:
    return store.once(
        ("verdicts", repr(condition), now),
        column.values,
        lambda: _verdicts(column.values, condition, store.time_zone, now, _absent(condition)),
    )


def _list_test(condition: Condition, zone: str, now: datetime) -> Test:
    """Any, or every, object of a list passes all inner conditions; an empty list fails."""
    inner = []
    for item in condition.items:
        operator = item.operator
        inner.append((item.property, _test(operator, item, zone, now), operator in TRUE_WHERE_ABSENT))

    def passes(element: Any) -> bool:
        return isinstance(element, dict) and all(
            absent if element.get(key) is None else test(element[key]) for key, test, absent in inner
        )

    quantified = all if condition.every else any
    return lambda found: isinstance(found, list) and bool(found) and quantified(map(passes, found))


def _verdicts(values: Sequence[Any], condition: Condition, zone: str, now: datetime, absent: bool) -> Mask:
    """A verdict for every distinct value; the last entry serves the absent (code −1)."""
    if condition.items:
        whole = _list_test(condition, zone, now)
        return np.array([*(value is not None and whole(value) for value in values), False], bool)
    test = _test(condition.operator, condition, zone, now)
    passes = _every_item if condition.every else _any_item
    found = (absent if value is None else passes(test, value, absent) for value in values)
    return np.array([*found, absent], bool)


def _numbers_pass(
    numbers: NDArray[np.float64], condition: Condition, zone: str, now: datetime, absent: bool
) -> Mask:
    """Numbers with too many distinct values are compared as they are, where they can be."""
    operator = condition.operator
    if condition.items:
        return np.zeros(len(numbers), bool)  # a number is no list
    if operator in _NUMERIC:
        return np.asarray(_NUMERIC[operator](numbers, condition.value) & ~np.isnan(numbers))
    test = _test(operator, condition, zone, now)
    distinct, inverse = np.unique(numbers, return_inverse=True)
    verdicts = np.array([absent if value != value else test(value) for value in distinct.tolist()], bool)
    return np.asarray(verdicts[inverse])


def _any_item(test: Test, value: Any, negative: bool) -> bool:
    """A list passes if any of its items does; a negative operator, if none fails (semantics E-43)."""
    if isinstance(value, list):
        return all(map(test, value)) if negative else any(map(test, value))
    return test(value)


def _every_item(test: Test, value: Any, negative: bool) -> bool:
    """A list passes if it has items and all of them do; a negative operator, if none fails."""
    if isinstance(value, list):
        return (negative or bool(value)) and all(map(test, value))
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


_NUMERIC: dict[str, Callable[[Any, Any], Any]] = {
    "is greater than": lambda found, limit: found > limit,
    "is less than": lambda found, limit: found < limit,
    "is at least": lambda found, limit: found >= limit,
    "is at most": lambda found, limit: found <= limit,
    "is between": lambda found, limits: (limits[0] <= found) & (found <= limits[1]),
    "not between": lambda found, limits: (found < limits[0]) | (limits[1] < found),
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
    if operator == "was before the last":
        return -np.inf, moment - value * UNIT_MS[unit]
    if operator == "was in the next":
        return moment, moment + value * UNIT_MS[unit] + 1
    raise ParamValidationError(f"no such filter operator: {operator!r}")
