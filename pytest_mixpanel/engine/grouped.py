"""The same events with groups for users: whoever a property names (semantics E-35)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.properties import as_coded
from pytest_mixpanel.engine.store.assemble import profile_columns, take
from pytest_mixpanel.engine.store.columns import CodedColumn, Column, LazyColumns
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.parse.node import PlanError

COPY = "$copy_of_a_record"
"""A column that is true for the second and further groups of an event, which totals leave out."""


def as_asked(store: Store, params: Mapping[str, Any]) -> Store:
    """The store with groups of the kind that params name for users; raises ``PlanError`` for no such kind."""
    sections = params.get("sections")
    told, place = params.get("data_group_id"), "$.data_group_id"
    if isinstance(sections, Mapping):
        told, place = sections.get("globalDataGroupId"), "$.sections.globalDataGroupId"
    return store if told in (None, "") else _by_group(store, str(told), place)


def _by_group(store: Store, group: str, place: str) -> Store:
    name = store.settings.group_keys.get(group)
    if name is None:
        known = ", ".join(store.settings.group_keys) or "none"
        raise PlanError(
            place,
            f"there are no groups of kind {group} in this project (known: {known}); "
            'project.json names the property of each kind: {"group_keys": {"4": "company_id"}}',
        )
    rows, names, users = _memberships(store, store.columns.get(name))
    profiles = {str(profile["$distinct_id"]): profile for profile in store.groups.get(group, ())}
    users += [each for each in profiles if each not in set(users)]
    owner = np.where(names < 0, len(users), names)
    order = np.lexsort((rows, store.time[rows], owner))
    source = rows[order]
    first_seen = np.zeros(len(rows), bool)
    first_seen[np.unique(rows, return_index=True)[1]] = True
    counts = np.bincount(owner, minlength=len(users) + 1)[: len(users)]
    return replace(
        store,
        users=users,
        offsets=np.r_[0, np.cumsum(counts)].astype(np.int64),
        time=np.ascontiguousarray(store.time[source]),
        event=np.ascontiguousarray(store.event[source]),
        columns=_in_groups(store.columns, source, ~first_seen[order]),
        profiles=profile_columns([profiles.get(user) for user in users]),
    )


def _memberships(
    store: Store, column: Column | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str]]:
    """Events, once for each group they name, and the group of each row, −1 for none."""
    everyone = np.arange(len(store))
    if column is None:
        return everyone, np.full(len(store), -1), []
    coded = as_coded(column)
    place: dict[str, int] = {}
    members = [
        tuple(dict.fromkeys(place.setdefault(name, len(place)) for name in _names(value))) or (-1,)
        for value in coded.values
    ] + [(-1,)]
    sizes = np.array([len(each) for each in members])
    starts, flat = np.cumsum(sizes) - sizes, np.array([group for each in members for group in each])
    count = sizes[coded.codes]
    rows = np.repeat(everyone, count)
    item = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    return rows, flat[starts[coded.codes[rows]] + item], list(place)


def _names(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [
        str(int(each)) if isinstance(each, float) and each.is_integer() else str(each)
        for each in listed
        if each not in (None, "") and not isinstance(each, dict | list)
    ]


def _in_groups(
    whole: Mapping[str, Column], source: NDArray[np.int64], copies: NDArray[np.bool_]
) -> LazyColumns:
    """Columns in the order of groups, and which records are further copies of an event."""

    def make(name: str) -> Column:
        if name == COPY:
            return CodedColumn(copies.astype(np.int64) - 1, (True,))
        return take(whole[name], source)

    return LazyColumns((*whole, COPY), make)
