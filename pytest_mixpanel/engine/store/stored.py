"""A property as events have it, under the name it was merged into where it was (semantics §9.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.store.columns import Column
from pytest_mixpanel.engine.store.store import Store

if TYPE_CHECKING:
    from pytest_mixpanel.engine.store.unify import Unified


def stored(store: Store, name: str) -> Column | None:
    """The property's values; of merged ones the first that a record has, the target's own before others.

    ``None`` where no event has it.
    """
    merges = store.settings.merged_properties
    target = merges.get(name, name)
    sources = [target, *(source for source, into in merges.items() if into == target)] if merges else [name]
    found = [column for source in sources if (column := store.columns.get(source)) is not None]
    if len(found) < 2:
        return found[0] if found else None
    return _first_defined(found, len(store))


def _first_defined(columns: Sequence[Column], rows: int) -> Column:
    # Few projects merge properties, and the others need not wait for this.
    from pytest_mixpanel.engine.store.unify import entries_of, unified

    common = unified(columns)
    first, *others = (common.piece(at, entries_of(column), rows) for at, column in enumerate(columns))
    for more in others:
        first = np.where(_undefined(first, common), more, first)
    return common.column(first)


def _undefined(entries: NDArray[Any], common: Unified) -> NDArray[np.bool_]:
    if common.values is None:
        return np.asarray(np.isnan(entries))
    unset = np.array([*(value is None for value in common.values), True])
    found: NDArray[np.bool_] = unset[entries]
    return found
