"""Profiles as an export holds them, or the updates they came from → flat profiles (semantics E-34)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pytest_mixpanel.core.errors import EventDataError

Profile = dict[str, Any]
NAMES = ("$distinct_id", "$group_id", "distinct_id")


def updated(records: Iterable[Mapping[str, Any]], place: str = "profiles") -> list[Profile]:
    """Apply records in their order; each result has a ``$distinct_id``. Raises ``EventDataError``.

    A record is a whole profile, flat or with ``$properties``, or an update like ``{"$set": {…}}``.
    """
    profiles: dict[str, Profile] = {}
    for number, record in enumerate(records, 1):
        name = next((record[key] for key in NAMES if key in record), None)
        if not isinstance(name, str) or not name:
            raise EventDataError(f"{place}: profile {number} has no $distinct_id")
        if "$delete" in record:
            profiles.pop(name, None)
            continue
        operations = [key for key in record if key in OPERATIONS]
        if not operations:
            profiles[name] = _whole(record)
        profile = profiles.setdefault(name, {})
        for operation in operations:
            if operation == "$unset":
                for key in record[operation]:
                    profile.pop(key, None)
                continue
            if not isinstance(record[operation], Mapping):
                raise EventDataError(f"{place}: profile {number}: {operation} should hold an object")
            for key, value in record[operation].items():
                OPERATIONS[operation](profile, key, value)
    return [{"$distinct_id": name, **profile} for name, profile in profiles.items()]


def _whole(record: Mapping[str, Any]) -> Profile:
    properties = record.get("$properties", record.get("properties"))
    if isinstance(properties, Mapping):
        return dict(properties)
    return {key: value for key, value in record.items() if key not in NAMES}


def _set(profile: Profile, key: str, value: Any) -> None:
    profile[key] = value


def _add(profile: Profile, key: str, value: Any) -> None:
    before = profile.get(key, 0)
    if isinstance(before, int | float) and isinstance(value, int | float):
        profile[key] = before + value


def _union(profile: Profile, key: str, value: Any) -> None:
    listed = list(profile.get(key, []))
    profile[key] = [*listed, *(item for item in _items(value) if item not in listed)]


def _append(profile: Profile, key: str, value: Any) -> None:
    profile[key] = [*profile.get(key, []), value]


def _remove(profile: Profile, key: str, value: Any) -> None:
    if isinstance(profile.get(key), list):
        profile[key] = [item for item in profile[key] if item != value]


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


OPERATIONS: dict[str, Callable[[Profile, str, Any], None]] = {
    "$set": _set,
    "$set_once": lambda profile, key, value: _set(profile, key, profile.get(key, value)),
    "$add": _add,
    "$union": _union,
    "$append": _append,
    "$remove": _remove,
    "$unset": _set,
}
