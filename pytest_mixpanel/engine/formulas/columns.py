"""A formula over a store: evaluated once for each distinct combination of its inputs, gathered by code."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.calendar import local_moment
from pytest_mixpanel.engine.formulas.evaluate import NOW, Formula, compile_selector, input_name
from pytest_mixpanel.engine.formulas.syntax import FormulaError, parse_formula
from pytest_mixpanel.engine.store.columns import UNDEFINED, CodedColumn, Column, NumberColumn
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.store.stored import stored

Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]
TIME = "$time"
USER = ("$distinct_id", "distinct_id")


@frozen
class Input:
    """The property a letter of a formula stands for."""

    property: str
    resource: Literal["events", "people"] = "events"


def formula_column(store: Store, formula: Formula, inputs: Mapping[str, Input], now: datetime) -> CodedColumn:
    """The formula's value for every event; undefined where it has none."""
    coded = [_event_input(store, source) for source in inputs.values()]
    return _evaluated(formula, tuple(inputs), coded, len(store), _midnight(store, now))


def profile_formula_column(
    store: Store, formula: Formula, inputs: Mapping[str, Input], now: datetime
) -> CodedColumn:
    """The formula's value for every user; it sees profile properties only (semantics 8.1)."""
    coded = [_coded(store.profiles.get(source.property), store.n_users) for source in inputs.values()]
    return _evaluated(formula, tuple(inputs), coded, store.n_users, _midnight(store, now))


def _midnight(store: Store, now: datetime) -> str:
    return f"{local_moment(now, store.time_zone).date().isoformat()}T00:00:00"


def _evaluated(
    formula: Formula,
    letters: tuple[str, ...],
    coded: Sequence[tuple[Codes, Sequence[Any]]],
    rows: int,
    today: str,
) -> CodedColumn:
    combined = np.zeros(rows, np.int64)
    for codes, values in coded:
        # Renumbered after every input, so that many inputs cannot overflow.
        combined = np.unique(combined * (len(values) + 1) + codes + 1, return_inverse=True)[1]
    _, first_rows, inverse = np.unique(combined, return_index=True, return_inverse=True)
    table = np.empty(len(first_rows), np.int64)
    places: dict[str, int] = {}
    distinct: list[Any] = []
    for place, row in enumerate(first_rows.tolist()):
        record = {
            letter: _value(values, codes[row]) for letter, (codes, values) in zip(letters, coded, strict=True)
        }
        value = formula(record, today)
        table[place] = UNDEFINED if value is None else _place(value, places, distinct)
    return CodedColumn(table[inverse], distinct)


def _value(values: Sequence[Any], code: Any) -> Any:
    return None if code == UNDEFINED else values[code]


def _place(value: Any, places: dict[str, int], distinct: list[Any]) -> int:
    key = json.dumps(value, sort_keys=True)
    if key not in places:
        places[key] = len(distinct)
        distinct.append(value)
    return places[key]


def _event_input(store: Store, source: Input) -> tuple[Codes, Sequence[Any]]:
    if source.resource == "events":
        if source.property in (TIME, "time") and source.property not in store.columns:
            return _local_times(store)
        if source.property in USER and source.property not in store.columns:
            owner = store.user_of_event()
            return np.where(owner < 0, UNDEFINED, owner), store.users
        return _coded(stored(store, source.property), len(store))
    codes, values = _coded(store.profiles.get(source.property), store.n_users)
    spread = np.full(len(store), UNDEFINED, np.int64)
    spread[: store.offsets[-1]] = np.repeat(codes, np.diff(store.offsets))
    return spread, values


def _coded(column: Column | None, rows: int) -> tuple[Codes, Sequence[Any]]:
    if column is None:
        return np.full(rows, UNDEFINED, np.int64), ()
    if isinstance(column, NumberColumn):
        numbers, inverse = np.unique(column.numbers, return_inverse=True)
        return inverse.astype(np.int64), [None if number != number else number for number in numbers.tolist()]
    return column.codes.astype(np.int64), column.values


def _local_times(store: Store) -> tuple[Codes, Sequence[str]]:
    """The event's time as a formula reads it: local, to the second (P-6)."""
    seconds, inverse = np.unique(store.time // 1000, return_inverse=True)
    zone = ZoneInfo(store.time_zone)
    texts = [
        datetime.fromtimestamp(second, zone).strftime("%Y-%m-%dT%H:%M:%S") for second in seconds.tolist()
    ]
    return inverse.astype(np.int64), texts


def selector_mask(
    store: Store, text: str, now: datetime, behaviors: Mapping[str, NDArray[np.int64]] | None = None
) -> Mask:
    """Users for whose profile a selector is true; raises ``FormulaError`` for one that cannot be read.

    ``behaviors``: by name, how often every user did something.
    """
    formula, read = compile_selector(parse_formula(text), text)
    coded = [_user_input(store, root, name, behaviors or {}) for root, name in read]
    return _true_of(_selected(store, formula, read, coded, store.n_users, now))


def _user_input(
    store: Store, root: str, name: str, behaviors: Mapping[str, NDArray[np.int64]]
) -> tuple[Codes, Sequence[Any]]:
    if root != "behaviors":
        return _coded(store.profiles.get(name), store.n_users)
    if name not in behaviors:
        known = ", ".join(behaviors) or "there are none"
        raise FormulaError(f"no behavior is called {name!r} (behaviors: {known})")
    distinct, codes = np.unique(behaviors[name], return_inverse=True)
    return codes.astype(np.int64), distinct.tolist()


def event_selector_mask(store: Store, text: str, now: datetime) -> Mask:
    """Events for which a selector is true; raises ``FormulaError`` for one that cannot be read."""
    return _true_of(event_selector_column(store, text, now))


def event_selector_column(store: Store, text: str, now: datetime) -> CodedColumn:
    """A selector's value for every event: ``user["x"]`` is the user's, the rest the event's own."""
    formula, read = compile_selector(parse_formula(text), text)
    for root, name in read:
        if root == "behaviors":
            raise FormulaError(f'behaviors["{name}"]: an event has no behaviors, users have')
    inputs = [Input(name, "people" if root == "user" else "events") for root, name in read]
    coded = [_event_input(store, source) for source in inputs]
    return _selected(store, formula, read, coded, len(store), now)


def _selected(
    store: Store,
    formula: Formula,
    read: Sequence[tuple[str, str]],
    coded: Sequence[tuple[Codes, Sequence[Any]]],
    rows: int,
    now: datetime,
) -> CodedColumn:
    moment: tuple[Codes, Sequence[Any]] = (np.zeros(rows, np.int64), [int(now.timestamp())])
    letters = (NOW, *(input_name(root, name) for root, name in read))
    return _evaluated(formula, letters, [moment, *coded], rows, _midnight(store, now))


def _true_of(column: CodedColumn) -> Mask:
    verdicts = np.array([*(value is True for value in column.values), False])
    return np.asarray(verdicts[column.codes])
