"""A property as a plan names it → a value for every event: stored, the user's, or derived from others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.kernels.owners import ask_owners
from pytest_mixpanel.engine.store.columns import UNDEFINED, CodedColumn, Column, NumberColumn
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.store.stored import stored
from pytest_mixpanel.query.plan.selecting import (
    BorrowedProperty,
    CustomProperty,
    Derived,
    LookupColumn,
    Resource,
)
from pytest_mixpanel.query.plan.times import DAY_MS

LENDING_MS = 7 * DAY_MS
"""How long a property may be borrowed (semantics E-62)."""


def event_column(
    store: Store, name: str, resource: Resource, derived: Derived | None, now: datetime
) -> Column | None:
    """The property's value at every event; ``None`` where the project has no such property."""
    match derived:
        case CustomProperty():
            return _computed(store, derived, now)
        case LookupColumn(base, column, owner):
            return looked_up(
                event_column(store, base, owner, None, now), store.settings.lookups.get(base, {}), column
            )
        case BorrowedProperty():
            return _borrowed(store, derived)
    if resource == "events":
        return stored(store, name) or _reserved(store, name)
    column_of_users = store.profiles.get(name)
    return None if column_of_users is None else _at_events(store, column_of_users)


def _computed(store: Store, custom: CustomProperty, now: datetime) -> CodedColumn:
    # The grammar's parser is loaded by the queries that need it.
    from pytest_mixpanel.engine.formulas import Input, compile_formula, formula_column

    inputs = {letter: Input(name, resource) for letter, name, resource in custom.inputs}
    formula = compile_formula(custom.formula, frozenset(inputs))
    return formula_column(store, formula, inputs, now)


def _reserved(store: Store, name: str) -> CodedColumn | None:
    """What every event has without a property of that name (semantics 1.6)."""
    if name in ("$event_name", "event"):
        return CodedColumn(np.asarray(store.event, np.int64), store.event_names)
    if name in ("$distinct_id", "distinct_id"):
        return CodedColumn(store.user_of_event(), store.users)
    if name in ("$time", "time"):
        moments, codes = np.unique(store.time, return_inverse=True)
        texts = [datetime.fromtimestamp(moment / 1000, UTC).isoformat() for moment in moments.tolist()]
        return CodedColumn(codes.astype(np.int64), texts)
    return None


def looked_up(column: Column | None, table: Mapping[str, Mapping[str, Any]], name: str) -> CodedColumn | None:
    """The column of a joined table, the items of a list one by one; no match is undefined (E-61)."""
    if column is None:
        return None
    coded = as_coded(column)

    def joined(value: Any) -> Any:
        if isinstance(value, list):
            return [joined(item) for item in value]
        if value is None or isinstance(value, dict):
            return None
        found = table.get(_key(value), {}).get(name)
        truth = {"true": True, "false": False}
        return truth.get(found.lower(), found) if isinstance(found, str) else found

    return CodedColumn(coded.codes, [joined(value) for value in coded.values])


def _key(value: Any) -> str:
    """Keys compare as texts: 5 and 5.0 are ``5``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def as_coded(column: Column) -> CodedColumn:
    """Any column through a dictionary of its distinct values."""
    if isinstance(column, CodedColumn):
        return column
    numbers, codes = np.unique(column.numbers, return_inverse=True)
    values = [None if number != number else number for number in numbers.tolist()]
    return CodedColumn(codes.astype(np.int64), values)


def held_codes(column: Column | None, rows: int) -> NDArray[np.int64]:
    """A code for every value: equal for the same type and value, what is absent equals itself (F-26)."""
    if column is None:
        return np.zeros(rows, np.int64)
    coded = as_coded(column)
    place: dict[Any, int] = {None: 0}
    table = [place.setdefault(_identity(value), len(place)) for value in coded.values]
    codes: NDArray[np.int64] = np.array([*table, 0], np.int64)[coded.codes]
    return codes


def _identity(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return ("number", float(value)) if is_number else (type(value).__name__, repr(value))


def _borrowed(store: Store, borrowed: BorrowedProperty) -> CodedColumn | None:
    """What the user's last earlier event of a name said of a property, lists apart."""
    column, code = stored(store, borrowed.property), store.event_code(borrowed.event)
    if column is None or code is None:
        return None
    coded = as_coded(column)
    lends = [value is not None and not isinstance(value, list) for value in coded.values]
    lending = np.array([*lends, False], bool)[coded.codes] & (store.event == code)
    lenders = np.flatnonzero(lending[: store.offsets[-1]])
    codes = np.full(len(store), UNDEFINED, np.int64)
    if not len(lenders):
        return CodedColumn(codes, coded.values)
    at = np.arange(int(store.offsets[-1]))
    before = np.searchsorted(lenders, at) - 1
    lender = lenders[np.maximum(before, 0)]
    user = store.user_of_event()
    valid = (before >= 0) & (user[lender] == user[at]) & (store.time[at] - store.time[lender] <= LENDING_MS)
    codes[at[valid]] = coded.codes[lender[valid]]
    return CodedColumn(codes, coded.values)


def _at_events(store: Store, column: Column) -> Column:
    counts, nobodys = np.diff(store.offsets), len(store) - int(store.offsets[-1])
    if isinstance(column, NumberColumn):
        numbers = np.repeat(column.numbers, counts)
        return NumberColumn(np.concatenate([numbers, np.full(nobodys, np.nan)]))
    codes = np.repeat(column.codes, counts).astype(np.int64)
    return CodedColumn(np.concatenate([codes, np.full(nobodys, UNDEFINED)]), column.values)


def at_events(
    store: Store, users: NDArray[np.bool_], nobody: bool, at: NDArray[np.int64] | None = None
) -> NDArray[np.bool_]:
    """A verdict per user as one per event, or per event ``at`` some ascending places.

    ``nobody``: the verdict for events without a user.
    """
    if at is not None:
        found, verdicts = np.empty(len(at), bool), np.append(users, nobody)
        ask_owners(store.offsets, np.ascontiguousarray(at), verdicts.view(np.uint8), found.view(np.uint8))
        return found
    mask = np.full(len(store), nobody)
    mask[: store.offsets[-1]] = np.repeat(users, np.diff(store.offsets))
    return mask


def with_profile(store: Store) -> NDArray[np.bool_]:
    """Which users have a profile, whatever it holds."""
    known: NDArray[np.bool_] = np.zeros(store.n_users, bool)
    for column in store.profiles.values():
        here = ~np.isnan(column.numbers) if isinstance(column, NumberColumn) else column.codes >= 0
        known = np.logical_or(known, here)
    return known


def set_codes(column: CodedColumn, at: NDArray[np.int64]) -> NDArray[np.float64]:
    """The codes of these events' values, NaN where there is none."""
    values = [*(np.nan if value is None else code for code, value in enumerate(column.values)), np.nan]
    found: NDArray[np.float64] = np.array(values, np.float64)[column.codes[at]]
    return found


def numbers_of(column: Column | None, rows: int) -> NDArray[np.float64]:
    """A property's numbers, NaN for everything else (semantics E-38)."""
    if column is None:
        return np.full(rows, np.nan)
    if isinstance(column, NumberColumn):
        return column.numbers
    assert isinstance(column, CodedColumn)
    table = np.array([*(_number(value) for value in column.values), np.nan])
    return np.asarray(table[column.codes])


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    return float(value)
