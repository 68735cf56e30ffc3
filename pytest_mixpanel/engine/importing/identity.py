"""Who did it: identifiers → canonical users, over the whole history (semantics E-27 to E-32)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.settings import Identity
from pytest_mixpanel.engine.store.columns import UNDEFINED, CodedColumn, Column, NumberColumn

DEVICE = "$device:"
MOST_IDS = 500
"""Identifiers of one user; a join beyond that fails (semantics E-28)."""

_UUID4 = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}", re.IGNORECASE)

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Owners:
    """A code for every event, and the users they stand for; ``""`` is nobody.

    ``canonical``: identifiers that were joined → the one they are known by.
    """

    codes: Codes
    names: list[str]
    canonical: Mapping[str, str] = field(default_factory=dict)

    def profiles(self, given: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        """Profiles under canonical identifiers; of several joined ones the canonical one's values count."""
        if not self.canonical:
            return given
        joined: dict[str, dict[str, Any]] = {}
        named = [(self.canonical.get(each["$distinct_id"], each["$distinct_id"]), each) for each in given]
        for name, profile in sorted(named, key=lambda pair: pair[0] != pair[1]["$distinct_id"]):
            joined[name] = {**profile, **joined.get(name, {}), "$distinct_id": name}
        return list(joined.values())


def owners(
    identity: Identity,
    user: Codes,
    users: Sequence[str],
    event: Codes,
    event_names: Sequence[str],
    time: NDArray[np.int64],
    columns: Mapping[str, Column],
) -> Owners:
    """The canonical user of every event."""
    if identity == "simplified":
        return _by_device(user, users, time, columns)
    if identity == "original":
        joins = _joins(user, users, event, event_names, time, columns)
        canonical = canonical_ids(users, joins)
        return replace(_recoded(user, [canonical.get(name, name) for name in users]), canonical=canonical)
    return Owners(user, list(users))


def _by_device(
    user: Codes, users: Sequence[str], time: NDArray[np.int64], columns: Mapping[str, Column]
) -> Owners:
    """A device belongs to the user of the first event that carries both; events without either stay."""
    known, devices = _texts(columns.get("$user_id"), len(user)), _texts(columns.get("$device_id"), len(user))
    names = [*users, *known[1], *(f"{DEVICE}{device}" for device in devices[1])]
    first_user, first_device = len(users), len(users) + len(known[1])
    has_user, has_device = known[0] >= 0, devices[0] >= 0
    owner_of_device = first_device + np.arange(len(devices[1]))
    both = np.flatnonzero(has_user & has_device)
    both = both[np.argsort(time[both], kind="stable")]
    # Of several users of a device the last one written stays, so the first comes last.
    owner_of_device[devices[0][both[::-1]]] = first_user + known[0][both[::-1]]
    owner = np.asarray(user, np.int64).copy()
    owner[has_device] = owner_of_device[devices[0][has_device]]
    owner[has_user] = first_user + known[0][has_user]
    return _recoded(owner, names)


def _texts(column: Column | None, rows: int) -> tuple[Codes, list[str]]:
    """Codes of the identifiers in a column, ``UNDEFINED`` where there is none."""
    if column is None:
        return np.full(rows, UNDEFINED, np.int64), []
    if isinstance(column, NumberColumn):
        numbers, inverse = np.unique(column.numbers, return_inverse=True)
        whole = [str(int(number)) if number == number else "" for number in numbers.tolist()]
        return np.where(np.isnan(column.numbers), UNDEFINED, inverse).astype(np.int64), whole
    usable = [value not in (None, "") for value in column.values]
    place = np.array([*np.where(usable, np.arange(len(usable)), UNDEFINED), UNDEFINED], np.int64)
    return place[column.codes], [str(value) for value in column.values]


def _recoded(codes: Codes, names: Sequence[str]) -> Owners:
    """Equal names share a code, names nobody bears are left out."""
    place: dict[str, int] = {}
    used = np.zeros(len(names), bool)
    used[codes] = True
    table = np.array(
        [place.setdefault(name, len(place)) if used[at] else UNDEFINED for at, name in enumerate(names)],
        np.int64,
    )
    return Owners(table[codes] if len(codes) else codes, list(place))


def _joins(
    user: Codes,
    users: Sequence[str],
    event: Codes,
    event_names: Sequence[str],
    time: NDArray[np.int64],
    columns: Mapping[str, Column],
) -> Iterator[tuple[str, str, str]]:
    """What identity events ask for, in the order of their times: kind and the two identifiers."""
    kinds = [name in ("$identify", "$merge", "$create_alias") for name in event_names]
    rows = np.flatnonzero(np.array(kinds, bool)[event]) if len(event) else event
    for row in rows[np.argsort(time[rows], kind="stable")].tolist():

        def read(name: str, row: int = row) -> Any:
            column = columns.get(name)
            code = int(column.codes[row]) if isinstance(column, CodedColumn) else UNDEFINED
            return None if code == UNDEFINED or column is None else column.values[code]  # type: ignore[union-attr]

        kind = event_names[int(event[row])]
        if kind == "$identify":
            pair: Any = (read("$anon_id"), read("$identified_id") or users[int(user[row])])
        elif kind == "$create_alias":
            pair = (read("alias"), users[int(user[row])])
        else:
            pair = read("$distinct_ids")
        if isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(i, str) and i for i in pair):
            yield kind, pair[0], pair[1]


def canonical_ids(users: Sequence[str], joins: Iterator[tuple[str, str, str]]) -> dict[str, str]:
    """Identifier → the user's canonical one: the smallest that is not anonymous, else the first seen."""
    parent: dict[str, str] = {}
    size: dict[str, int] = {}
    identified: dict[str, str] = {}

    def find(name: str) -> str:
        root = name
        while parent.setdefault(root, root) != root:
            root = parent[root]
        while parent[name] != root:
            parent[name], name = root, parent[name]
        return root

    for kind, one, other in joins:
        if kind == "$identify" and not (_UUID4.fullmatch(one) and identified.get(one, other) == other):
            continue
        if kind == "$create_alias" and identified.get(one, other) != other:
            continue  # an alias points to one id
        left, right = find(one), find(other)
        total = size.get(left, 1) + size.get(right, 1)
        if left == right or total > MOST_IDS:
            continue
        if kind != "$merge":
            identified[one] = other
        parent[left], size[right] = right, total
    clusters: dict[str, list[str]] = {}
    seen = {name: place for place, name in enumerate(users)}
    for name in parent:
        clusters.setdefault(find(name), []).append(name)
    best = {root: min(names, key=lambda name: _rank(name, seen)) for root, names in clusters.items()}
    return {name: best[find(name)] for name in parent}


def _rank(name: str, seen: Mapping[str, int]) -> tuple[Any, ...]:
    anonymous = bool(_UUID4.fullmatch(name)) or name.startswith(DEVICE)
    return (anonymous, seen.get(name, len(seen)), name) if anonymous else (anonymous, 0, name)
