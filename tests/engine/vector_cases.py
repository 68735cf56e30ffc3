"""The vectors of the semantics as projects and questions (encoding: semantics §0.3).

A vector becomes a folder of exported events with what lies beside them, opened by ``Workspace``; its call is
one of the workspace's own. What the client has no word for stands as a mark in a name and is put into the
params afterwards, where the engine reads it.
"""

from __future__ import annotations

import inspect
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest_mixpanel as mp
from pytest_mixpanel.api import endpoints
from tests.engine.events import event


def open_workspace(vector: Mapping[str, Any], folder: Path) -> mp.Workspace:
    """The vector's project, imported from files."""
    project = folder / "project"
    project.mkdir()
    lines = [event(e["event"], e["distinct_id"], e["time"], **e["properties"]) for e in vector["events"]]
    lines = lines or [event("of nobody, long ago", "", "1971-01-01T00:00")]  # a file of no events is refused
    (project / "events.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    told = {"time_zone": vector["timezone"], **vector.get("settings", {})}
    (project / "project.json").write_text(json.dumps(told))
    profiles = [
        {"$distinct_id": profile["distinct_id"], "$properties": profile["properties"]}
        for profile in vector.get("profiles", [])
    ]
    (project / "profiles.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in profiles))
    cohorts = {
        number: definition if isinstance(definition, dict) else definition.to_dict()
        for number, definition in typed(vector.get("cohorts", {})).items()
    }
    (project / "cohorts.json").write_text(json.dumps(cohorts))
    now = datetime.fromisoformat(vector["now"])
    return mp.Workspace(project=str(project), now=now, cache=folder / "cache")


def typed(value: Any) -> Any:
    """``{"$new": "Filter.equals", …}`` → the client's object."""
    if isinstance(value, list):
        return [typed(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if "$new" not in value:
        return {key: typed(item) for key, item in value.items()}
    arguments, named = typed(value.get("args", [])), typed(value.get("kw", {}))
    if value["$new"] in MARKS:
        return _mark(value["$new"], *arguments, **named)
    if named.pop("first_time", False):
        event = named.pop("event") if "event" in named else arguments.pop(0)
        arguments.insert(0, _mark("first_time", event))
    if named.get("segment_method") == "last":  # which the client has no word for
        event = named.pop("event") if "event" in named else arguments.pop(0)
        arguments.insert(0, _mark("last_segment", event))
        del named["segment_method"]
    made: Any = mp
    for name in value["$new"].split("."):
        made = getattr(made, name)
    return made(*arguments, **named)


def _mark(kind: str, *arguments: Any, **named: Any) -> str:
    """A name that says more than the client can: ``<lookup ["sku", "category"]>``."""
    return f"<{kind} {json.dumps([*arguments, *named.values()])}>"


MARKS: dict[str, Callable[..., dict[str, Any]]] = {
    "LookupProperty": lambda base, column: {"value": base, "name": base, "lookupColumn": column},
    "BorrowedProperty": lambda source, name: {"value": name, "name": name, "borrowedFrom": source},
    "first_time": lambda name: {"name": name, "firstTime": True},
    "last_segment": lambda name: {"name": name},
}


def extended(params: Any) -> Any:
    """Params with every mark replaced by the keys it stands for."""
    if isinstance(params, list):
        return [extended(item) for item in params]
    if not isinstance(params, dict):
        return params
    told = {key: extended(item) for key, item in params.items()}
    for key in ("value", "name"):
        text = told.get(key)
        if isinstance(text, str) and text.startswith("<"):
            kind, _, arguments = text[1:-1].partition(" ")
            told |= MARKS[kind](*json.loads(arguments))
    return told


ENGINES = {
    "query": ("insights", "build_params"),
    "query_funnel": ("funnels", "build_funnel_params"),
    "query_retention": ("retention", "build_retention_params"),
    "query_flow": ("flows", "build_flow_params"),
}


HOUR_AND_OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d\d:\d\d")
TIMES = ("average", "median", "min", "max", "p25", "p75", "p90", "p99")


def params_of(workspace: mp.Workspace, query: Mapping[str, Any]) -> dict[str, Any]:
    """What the workspace would send for a vector's call, and what only the engine has a place for."""
    kwargs = dict(query["kwargs"])
    measured = kwargs.pop("math_property", None) if query["method"] == "query_retention" else None
    timed = None
    if query["method"] == "query_funnel" and kwargs.get("math") in TIMES and "math_property" not in kwargs:
        timed = kwargs.pop("math")  # the time to convert, for which the client has no argument
    of_the_client = inspect.signature(mp.Workspace.query_funnel).parameters
    if query["method"] == "query_funnel" and (others := kwargs.keys() - of_the_client.keys()):
        (timed,) = (kwargs.pop(name) for name in others)
    build = getattr(workspace, ENGINES[query["method"]][1])
    built = build(*typed(query["args"]), **typed(kwargs))
    for show in built.get("sections", {}).get("show", ()):
        if str(show.get("behavior", {}).get("name", "")).startswith("<last_segment "):
            show["measurement"]["segmentMethod"] = "last"
    params: dict[str, Any] = extended(built)
    if timed is not None:
        params["sections"]["show"][0]["measurement"]["math"] = timed
    if measured is not None:
        params["sections"]["show"][0]["measurement"]["property"] = {"name": measured}
    if query["method"] == "query_retention":
        params["displayOptions"]["chartType"] = "retention-trend-metric"  # asks for the whole range, too
    if "attribution" in query:
        params["sections"]["show"][0]["behavior"]["propertyAttribution"] = query["attribution"]
    return params


def answered(workspace: mp.Workspace, query: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """The whole answer to a vector's call, and the workspace's result, which must be able to read it."""
    params = params_of(workspace, query)
    endpoint = endpoints.FLOWS if query["method"] == "query_flow" else endpoints.INSIGHTS
    answer: dict[str, Any] = workspace._connection.ask(endpoint, body={"bookmark": params})
    return answer, workspace.run_query(ENGINES[query["method"]][0], params)


def difference(wanted: Any, found: Any, place: str = "") -> str | None:
    """The first place where an answer is not what a vector expects; numbers to a relative 1e-6."""
    if isinstance(wanted, Mapping):
        if wanted == {"$undefined": True}:
            return None if found is None else f"{place}: {found!r} is not undefined"
        if not isinstance(found, Mapping):
            return f"{place}: {found!r} is no object"
        exact = wanted.get("$exact_keys", False)
        keys = {key for key in wanted if key != "$exact_keys"}
        found = _as_named(found, keys)
        if exact and keys != {key for key in found if key != "$overall"} | (keys & {"$overall"}):
            return f"{place}: keys {sorted(found)} instead of {sorted(keys)}"
        for key in sorted(keys):
            below = difference(wanted[key], found.get(key), f"{place}.{key}")
            if below:
                return below
        return None
    if isinstance(wanted, list):
        if not isinstance(found, list) or len(wanted) != len(found):
            return f"{place}: {found!r} not {wanted!r}"
        each = (
            difference(one, other, f"{place}[{at}]")
            for at, (one, other) in enumerate(zip(wanted, found, strict=True))
        )
        return next((below for below in each if below), None)
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
    if any(isinstance(value, Mapping) for value in block.values()):
        # A distribution: a level of its own below what was asked.
        return {name: _leaf(inner) for name, inner in block.items()}
    if len({label[:10] for label in block}) == len(block):
        return {label[:10]: value for label, value in block.items()}
    again = {hour for hour, times in Counter(label[:16] for label in block).items() if times > 1}
    return {label[:16] + (label[19:] if label[:16] in again else ""): value for label, value in block.items()}


def _as_named(found: Mapping[str, Any], keys: set[str]) -> Mapping[str, Any]:
    """An hour that comes twice, under the names a vector gives it: each by its offset, or both as one."""
    twice = {key for key in found if HOUR_AND_OFFSET.fullmatch(key)} - keys
    summed = Counter[str]()
    for key in twice:
        summed[key[:16]] += found[key]
    return {key: value for key, value in found.items() if key not in twice} | summed if twice else found
