"""A checks file, read: its checks, or every problem of it at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.dsl.checks import INHERITED, Surroundings, read_check, read_metric
from pytest_mixpanel.dsl.diagnostics import Diagnostic, Place, did_you_mean
from pytest_mixpanel.dsl.document import Node, read_document
from pytest_mixpanel.dsl.grammar import Grammars
from pytest_mixpanel.dsl.shapes import MISSING, Problems, Text, note_unknown
from pytest_mixpanel.dsl.source import DocumentError, read_source
from pytest_mixpanel.dsl.spec import CheckSpec
from pytest_mixpanel.dsl.variables import substitute

VERSION = 1

FILE_KEYS = (
    "version",
    "suite",
    "description",
    "owner",
    "tags",
    "links",
    "vars",
    "defaults",
    "metrics",
    "checks",
)
_FILE_WIDE = ("owner", "tags", "links")


@frozen
class CheckFile:
    """What a file holds. ``checks`` are the sound ones, in their order; ``problems`` by line."""

    checks: tuple[CheckSpec, ...]
    problems: tuple[Diagnostic, ...]


def read_checks(path: str | os.PathLike[str], grammars: Grammars, variables: Mapping[str, str]) -> CheckFile:
    """Read a ``*.checks.yaml`` file. Bad input is a problem with a place, never an exception."""
    shown = _shown(Path(path))
    try:
        text = read_source(Path(path), shown)
    except DocumentError as error:
        return CheckFile((), (error.diagnostic,))
    return read_text(text, shown, grammars, variables)


def read_text(text: str, path: str, grammars: Grammars, variables: Mapping[str, str]) -> CheckFile:
    """Read the text of a checks file; ``path`` is what messages and checks call it."""
    problems = Problems()
    try:
        root, found = read_document(text, path)
    except DocumentError as error:
        return CheckFile((), (error.diagnostic,))
    problems.found.extend(found)
    checks: tuple[CheckSpec, ...] = ()
    if not isinstance(root.value, Mapping):
        problems.wrong_value(root, "a map with the keys version, suite, checks")
    else:
        checks = tuple(_read(substitute(root, variables, problems), path, grammars, problems))
    ordered = sorted(problems.found, key=lambda problem: (problem.line, problem.column))
    return CheckFile(checks, tuple(ordered))


def _read(root: Node, path: str, grammars: Grammars, problems: Problems) -> Iterator[CheckSpec]:
    note_unknown(root, FILE_KEYS, "a checks file", problems)
    _note_version(root, problems)
    around = _surroundings(root, path, grammars, problems)
    checks = root.get("checks")
    if checks is None:
        problems.note(root.place, "missing-key", "a checks file needs the key 'checks'")
        return
    if not isinstance(checks.value, tuple) or not checks.value:
        problems.wrong_value(checks, "a list of checks")
        return
    read = [(node, read_check(node, around, problems)) for node in checks.value]
    _note_duplicates(checks.value, problems)
    _note_references(checks.value, [spec for _, spec in read if spec], problems)
    if problems.found:
        yield from (spec for _, spec in read if spec)
    else:
        yield from _linked([spec for _, spec in read if spec])


def _linked(specs: list[CheckSpec]) -> Iterator[CheckSpec]:
    """The checks with their prerequisites, which are known to be there and in no circle."""
    by_id = {spec.id: spec for spec in specs}

    def linked(spec: CheckSpec) -> CheckSpec:
        return replace(spec, prerequisites=tuple(linked(by_id[wanted]) for wanted in spec.requires))

    return map(linked, specs)


def _note_version(root: Node, problems: Problems) -> None:
    version = root.get("version")
    if version is None:
        problems.note(root.place, "missing-key", "a checks file begins with its version", "write version: 1")
    elif version.value != VERSION:
        told = f"version {version.plain!r} of the language is not known here"
        problems.note(version.place, "unknown-version", told, f"write version: {VERSION}")


def _surroundings(root: Node, path: str, grammars: Grammars, problems: Problems) -> Surroundings:
    suite = None
    if (node := root.get("suite")) is not None:
        suite = Text("the suite's name").read(node, problems)
    wide = Node({key.name: (key, inner) for key, inner in root.items() if key.name in _FILE_WIDE}, root.place)
    layers = [wide]
    if (defaults := root.get("defaults")) is not None:
        if isinstance(defaults.value, Mapping):
            note_unknown(defaults, INHERITED, "defaults", problems)
            layers.append(defaults)
        else:
            problems.wrong_value(defaults, "a map of defaults")
    metrics: dict[str, Node] = {}
    if (named := root.get("metrics")) is not None:
        if not isinstance(named.value, Mapping):
            problems.wrong_value(named, "a map of metrics")
        metrics = {key.name: inner for key, inner in named.items()}
        for metric in metrics.values():
            read_metric(metric, grammars, problems)
    return Surroundings(path, None if suite is MISSING else suite, tuple(layers), metrics, grammars)


def _note_duplicates(checks: tuple[Node, ...], problems: Problems) -> None:
    first: dict[object, int] = {}
    for check in checks:
        id_ = check.get("id")
        if id_ is None or not isinstance(id_.value, str):
            continue
        if id_.value in first:
            told = f"the id {id_.value!r} is taken by the check on line {first[id_.value]}"
            problems.note(id_.place, "duplicate-id", told, "choose another")
        first.setdefault(id_.value, id_.place.line)


def _note_references(checks: tuple[Node, ...], specs: list[CheckSpec], problems: Problems) -> None:
    """Note what ``requires`` names in vain, and circles of it."""
    places = {str(id_.value): id_.place for check in checks if (id_ := check.get("id")) is not None}
    requires = {spec.id: spec.requires for spec in specs}
    for spec in specs:
        for wanted in spec.requires:
            if wanted not in places:
                hint = did_you_mean(wanted, places)
                place = _reference_place(checks, spec.id, wanted) or places[spec.id]
                problems.note(
                    place, "unknown-check", f"{spec.id} requires {wanted!r}, which is not here", hint
                )
        if way := _way(spec.id, spec.id, requires, set()):
            told = f"{spec.id} requires itself: {' → '.join((spec.id, *way))}"
            problems.note(places[spec.id], "circle", told, "take one of them out of 'requires'")


def _reference_place(checks: tuple[Node, ...], id_: str, wanted: str) -> Place | None:
    for check in checks:
        own = check.get("id")
        requires = check.get("requires")
        if own is None or own.value != id_ or requires is None:
            continue
        listed = requires.value if isinstance(requires.value, tuple) else (requires,)
        return next((item.place for item in listed if item.value == wanted), requires.place)
    return None


def _way(start: str, goal: str, requires: Mapping[str, tuple[str, ...]], seen: set[str]) -> tuple[str, ...]:
    """The ids from ``start`` to ``goal``, without the former; empty where no way leads there."""
    for wanted in requires.get(start, ()):
        if wanted == goal:
            return (goal,)
        if wanted not in seen:
            seen.add(wanted)
            if onward := _way(wanted, goal, requires, seen):
                return (wanted, *onward)
    return ()


def _shown(path: Path) -> str:
    """The path as a user would type it: from here where it lies below, else whole."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
