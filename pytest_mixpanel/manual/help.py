"""``help``: from what somebody types to a page."""

from __future__ import annotations

import inspect
import sys
from typing import TextIO

import pytest_mixpanel
from pytest_mixpanel.core.errors import HelpLookupError
from pytest_mixpanel.manual.lists import exceptions_page, overview, search_page, types_page
from pytest_mixpanel.manual.names import Entry, entries, entry_of, members
from pytest_mixpanel.manual.pages import page
from pytest_mixpanel.workspace.similar import similar_names


def help(topic: object = None, *, file: TextIO | None = None) -> None:
    """Print what a public name is: ``help("Workspace.query_funnel")``, ``help(mp.Filter)``.

    ``topic`` is a name as it is written after ``mp.``, a public object, ``"types"``, ``"exceptions"`` or
    ``"search WORD"``; without one, how to ask. Raises ``HelpLookupError`` with the closest names.
    """
    print(help_text(topic), file=file or sys.stdout, end="")


def help_text(topic: object = None) -> str:
    """The page of a topic; raises ``HelpLookupError``."""
    if topic is None:
        return overview()
    if not isinstance(topic, str):
        return page(_entry_of_object(topic))
    asked = topic.strip().removeprefix("mp.").removeprefix("pytest_mixpanel.")
    command, _, rest = asked.partition(" ")
    if command == "search" and rest.strip():
        return search_page(rest.strip())
    pages = {"": overview, "types": types_page, "exceptions": exceptions_page}
    return pages[asked]() if asked in pages else page(_entry_of_name(asked))


def _entry_of_name(name: str) -> Entry:
    """The entry of a name, whatever its case, with or without ``Workspace.``."""
    found = _exactly(name) or _exactly(f"Workspace.{name}")
    if found is None:
        folded = [known for known in entries() if known.casefold() == name.casefold()]
        if len(folded) != 1:
            raise HelpLookupError(name, _near(name))
        found = entries()[folded[0]]
    return found


def _exactly(name: str) -> Entry | None:
    if name in entries():
        return entries()[name]
    owner, _, _ = name.rpartition(".")
    parts = members(entries()[owner]) if owner in entries() else ()
    return next((part for part in parts if part.name == name), None)


def _near(name: str) -> list[str]:
    owner, _, last = name.rpartition(".")
    if owner in entries():
        own = [part.name.rpartition(".")[2] for part in members(entries()[owner])]
        return [f"{owner}.{near}" for near in similar_names(last, own)]
    short = {known.rpartition(".")[2]: known for known in entries()}
    return [short[near] for near in similar_names(last, list(short))]


def _entry_of_object(value: object) -> Entry:
    """The entry of a public object, of a method, or of the class of a value."""
    for entry in entries().values():
        if entry.value is value:
            return entry
    function = inspect.unwrap(value) if callable(value) else None
    owner = getattr(value, "__self__", None)
    if inspect.ismethod(value) and owner is not None:
        cls = owner if inspect.isclass(owner) else type(owner)
        return _entry_of_name(f"{cls.__name__}.{value.__name__}")
    if inspect.isfunction(function):
        return _entry_of_name(getattr(value, "__qualname__", "").replace("<locals>.", ""))
    cls = value if inspect.isclass(value) else type(value)
    if cls.__name__ in pytest_mixpanel.__all__:
        return entries()[cls.__name__]
    if cls.__module__.startswith("pytest_mixpanel"):
        return entry_of(cls.__name__, cls)
    raise HelpLookupError(f"{cls.__module__}.{cls.__qualname__}")
