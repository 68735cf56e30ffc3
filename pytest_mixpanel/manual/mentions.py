"""Where a type is named: in the signatures of methods, in the fields and members of other types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import get_args

from pytest_mixpanel.manual.examples import Example, example_of
from pytest_mixpanel.manual.fields import fields_of
from pytest_mixpanel.manual.names import Entry, entries, members
from pytest_mixpanel.manual.signatures import signature, spell


def methods_naming(name: str) -> Iterator[Entry]:
    """The methods of ``Workspace`` and of the namespaces with a public type in their signatures."""
    return (entries()[method] for method in _naming(_methods(), name))


def example_near(name: str) -> Example | None:
    """An example of the name, else of a method that names it, else of a type that holds it."""
    return _example_near(name, frozenset())


def _example_near(name: str, asked: frozenset[str]) -> Example | None:
    found = example_of(name)
    holders = [*_naming(_methods(), name), *_naming(_types(), name)] if found is None else []
    for holder in holders:
        if holder not in asked:
            found = _example_near(holder, asked | {name, holder})
            if found is not None:
                break
    return found


def _naming(texts: Mapping[str, str], name: str) -> Iterator[str]:
    word = re.compile(rf"(?<![\w.]){re.escape(name)}\b")
    return (holder for holder, text in texts.items() if holder != name and word.search(text))


@cache
def _methods() -> dict[str, str]:
    """Methods and their signatures."""
    methods = (entry for entry in entries().values() if entry.kind == "method")
    return {method.name: signature("", method.value) for method in methods}


@cache
def _types() -> dict[str, str]:
    """Public types, and the types that their fields and members name."""
    return {name: " ".join(_spelled(entry)) for name, entry in entries().items() if "." not in name}


def _spelled(entry: Entry) -> Iterator[str]:
    if entry.kind in ("class", "dataclass", "model"):
        yield from (written.partition(": ")[2] for written, _ in fields_of(entry.value))
        for part in members(entry):
            method = part.value.fget if isinstance(part.value, property) else part.value
            yield signature("", method)
    elif entry.kind == "alias":
        yield from (spell(one) for one in get_args(entry.value))
