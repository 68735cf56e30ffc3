"""What the objects in a property hold, read from its values."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

from pytest_mixpanel.api.discovery import SubPropertyInfo

Kind = Literal["string", "number", "boolean", "datetime"]
MOST_SAMPLES = 5


def read_subproperties(values: Iterable[str]) -> list[SubPropertyInfo]:
    """The keys of the objects among JSON values, by name; what holds lists or objects itself is left out."""
    seen: dict[str, list[Any]] = {}
    for value in values:
        for entry in _objects(value):
            for key, held in entry.items():
                if not isinstance(held, list | dict):
                    seen.setdefault(key, []).append(held)
    found = (_described(key, held) for key, held in sorted(seen.items()))
    return [one for one in found if one is not None]


def _objects(text: str) -> Iterator[Mapping[str, Any]]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, dict):
            yield entry


def _described(key: str, held: list[Any]) -> SubPropertyInfo | None:
    set_values = [value for value in held if value is not None]
    if not set_values:
        warnings.warn(f"{key!r} was never set in the sample, so its type is not known", stacklevel=4)
        return None
    kinds = {_kind(value) for value in set_values}
    if len(kinds) > 1:
        told = ", ".join(sorted(kinds))
        warnings.warn(f"{key!r} holds values of several types ({told}); it counts as text", stacklevel=4)
    kind: Kind = kinds.pop() if len(kinds) == 1 else "string"
    distinct = {(type(value), value): value for value in set_values}
    return SubPropertyInfo(key, kind, tuple(distinct.values())[:MOST_SAMPLES])


def _kind(value: Any) -> Kind:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "datetime" if _is_moment(str(value)) else "string"


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return len(text) >= 10
