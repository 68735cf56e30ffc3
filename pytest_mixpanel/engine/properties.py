"""A property as a plan names it → a value for every event: the event's, its user's, or a formula's."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.store.columns import UNDEFINED, CodedColumn, Column, NumberColumn
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan import CustomProperty, Resource


def event_column(
    store: Store, name: str, resource: Resource, custom: CustomProperty | None, now: datetime
) -> Column | None:
    """The property's value at every event; ``None`` where the project has no such property."""
    if custom is not None:
        return _custom_column(store, custom, now)
    if resource == "events":
        return store.columns.get(name)
    column = store.profiles.get(name)
    return None if column is None else _at_events(store, column)


def _custom_column(store: Store, custom: CustomProperty, now: datetime) -> CodedColumn:
    # The grammar's parser is loaded by the queries that need it.
    from pytest_mixpanel.engine.formulas import Input, compile_formula, formula_column

    inputs = {letter: Input(name, resource) for letter, name, resource in custom.inputs}
    formula = compile_formula(custom.formula, frozenset(inputs))
    return formula_column(store, formula, inputs, now)


def _at_events(store: Store, column: Column) -> Column:
    counts, nobodys = np.diff(store.offsets), len(store) - int(store.offsets[-1])
    if isinstance(column, NumberColumn):
        numbers = np.repeat(column.numbers, counts)
        return NumberColumn(np.concatenate([numbers, np.full(nobodys, np.nan)]))
    codes = np.repeat(column.codes, counts).astype(np.int64)
    return CodedColumn(np.concatenate([codes, np.full(nobodys, UNDEFINED)]), column.values)


def at_events(store: Store, users: NDArray[np.bool_], nobody: bool) -> NDArray[np.bool_]:
    """A verdict per user as one per event; ``nobody``: the verdict for events without a user."""
    mask = np.full(len(store), nobody)
    mask[: store.offsets[-1]] = np.repeat(users, np.diff(store.offsets))
    return mask
