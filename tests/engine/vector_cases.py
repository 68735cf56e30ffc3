"""The vectors of the semantics as stores, params and answers (encoding: semantics §0.3).

Params are built by the published client, so that the engine is held to what that client really sends.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any
from unittest import mock

from pytest_mixpanel.engine.store import Store
from pytest_mixpanel.query.node import Saved
from tests.engine.events import event, project

BUILDERS = {
    "query": "build_params",
    "query_funnel": "build_funnel_params",
    "query_retention": "build_retention_params",
    "query_user": "build_user_params",
}


@cache
def published_client() -> Any:
    """The published client with made-up credentials; it builds params without a network."""
    import mixpanel_headless

    made_up = {"MP_USERNAME": "u", "MP_SECRET": "s", "MP_PROJECT_ID": "1", "MP_REGION": "us"}
    with mock.patch.dict(os.environ, made_up):
        return mixpanel_headless.Workspace()


def typed(value: Any) -> Any:
    """``{"$new": "Filter.equals", …}`` → the client's object."""
    import mixpanel_headless

    if isinstance(value, list):
        return [typed(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if "$new" not in value:
        return {key: typed(item) for key, item in value.items()}
    made = mixpanel_headless
    for name in value["$new"].split("."):
        made = getattr(made, name)
    return made(*typed(value.get("args", [])), **typed(value.get("kw", {})))  # type: ignore[operator]


def params_of(query: Mapping[str, Any]) -> dict[str, Any]:
    """The params the published client sends for a vector's call."""
    build = getattr(published_client(), BUILDERS[query["method"]])
    built: dict[str, Any] = build(*typed(query["args"]), **typed(query["kwargs"]))
    return built


def store_of(vector: Mapping[str, Any]) -> Store:
    """The vector's events and profiles."""
    events = [event(e["event"], e["distinct_id"], e["time"], **e["properties"]) for e in vector["events"]]
    profiles = [
        {"$distinct_id": profile["distinct_id"], **profile["properties"]}
        for profile in vector.get("profiles", [])
    ]
    hidden = vector.get("settings", {}).get("hidden_events", [])
    return project(events, vector["timezone"], profiles=profiles, lexicon=[_hidden(name) for name in hidden])


def _hidden(event: str) -> dict[str, Any]:
    metadata = {"com.mixpanel": {"hidden": True}}
    return {"entityType": "event", "name": event, "schemaJson": {"metadata": metadata}}


def saved_of(vector: Mapping[str, Any]) -> Saved:
    """Saved cohorts that the vector refers to by id."""
    cohorts = vector.get("cohorts", {})
    return Saved({int(number): typed(definition).to_dict() for number, definition in cohorts.items()})


def difference(wanted: Any, found: Any, place: str = "") -> str | None:
    """The first place where an answer is not what a vector expects; numbers to a relative 1e-6."""
    if isinstance(wanted, Mapping):
        if not isinstance(found, Mapping):
            return f"{place}: {found!r} is no object"
        exact = wanted.get("$exact_keys", False)
        keys = {key for key in wanted if key != "$exact_keys"}
        if exact and keys != {key for key in found if key != "$overall"} | (keys & {"$overall"}):
            return f"{place}: keys {sorted(found)} instead of {sorted(keys)}"
        for key in sorted(keys):
            below = difference(wanted[key], found.get(key), f"{place}.{key}")
            if below:
                return below
        return None
    if isinstance(wanted, int | float) and not isinstance(wanted, bool) and isinstance(found, int | float):
        return None if abs(found - wanted) <= 1e-6 * max(1, abs(wanted)) else f"{place}: {found} not {wanted}"
    return None if wanted == found else f"{place}: {found!r} not {wanted!r}"


def insights_values(series: Mapping[str, Any], depth: int, formulas: int) -> dict[str, Any]:
    """``A``, ``B``, … or ``F1`` → number, or numbers by date, below segments joined with `` / ``."""
    names = [f"F{number + 1}" for number in range(formulas)] or [chr(65 + at) for at in range(len(series))]
    return {name: _flat(block, depth) for name, block in zip(names, series.values(), strict=True)}


def _flat(block: Mapping[str, Any], depth: int, prefix: str = "") -> Any:
    if depth == 0:
        return _leaf(block)
    flat: dict[str, Any] = {}
    for name, below in block.items():
        if name == "$overall":
            if not prefix:
                flat[name] = _flat_overall(below)
        elif depth == 1:
            flat[prefix + name] = _leaf(below)
        else:
            flat |= _flat(below, depth - 1, f"{prefix}{name} / ")
    return flat


def _flat_overall(block: Mapping[str, Any]) -> Any:
    return _flat_overall(block["$overall"]) if "$overall" in block else _leaf(block)


def _leaf(block: Mapping[str, Any]) -> Any:
    if "all" in block:
        return block["all"]
    whole_days = all(label[11:19] == "00:00:00" for label in block)
    return {label[:10] if whole_days else label[:16]: value for label, value in block.items()}
