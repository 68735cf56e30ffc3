"""Identifiers that events join one after the other, and by which of them a user is known (semantics E-28)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

DEVICE = "$device:"
MOST_IDS = 500
"""Identifiers of one user; a join beyond that fails."""

_UUID4 = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}", re.IGNORECASE)


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
