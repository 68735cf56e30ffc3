"""Pages about many names: the overview, all types, all exceptions, a search."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import get_args

from pytest_mixpanel.manual.names import Entry, entries
from pytest_mixpanel.manual.pages import columns

TYPES = {
    "dataclass": "What goes into a query or comes out of one",
    "class": "Results and other classes",
    "model": "Entities and their parameters",
    "literal": "Words",
    "enum": "Enumerations",
    "alias": "Type aliases",
}

OVERVIEW = """\
pytest-mixpanel help NAME        what it is, how it is made, what it holds, one example:
                                 Workspace, Workspace.query_funnel, Filter, Filter.equals, MathType
pytest-mixpanel help search WORD names that have to do with a word
pytest-mixpanel help types       all public types
pytest-mixpanel help exceptions  all exceptions, as they inherit

In Python the same: pytest_mixpanel.help("Filter"), or with the object itself."""


def overview() -> str:
    """How to ask, and what stands outside of ``Workspace``."""
    listed = [e for e in entries().values() if e.kind in ("function", "namespace", "constant")]
    return f"{OVERVIEW}\n\nFunctions and namespaces:\n{_rows([entries()['Workspace'], *listed])}\n"


def types_page() -> str:
    """Every public type, by its kind."""
    sections = []
    for kind, title in TYPES.items():
        listed = [entry for entry in entries().values() if entry.kind == kind]
        if listed:
            sections.append(f"{title} ({len(listed)}):\n{_rows(listed)}")
    return "\n\n".join(sections) + "\n"


def exceptions_page() -> str:
    """Every public exception below the one it inherits from."""
    listed = {entry.value: entry for entry in entries().values() if entry.kind == "exception"}
    rows = sorted(
        (tuple(base.__name__ for base in reversed(cls.__mro__) if base in listed), entry)
        for cls, entry in listed.items()
    )
    return columns((f"{'  ' * (len(path) - 1)}{entry.name}", entry.summary) for path, entry in rows) + "\n"


def search_page(word: str) -> str:
    """The names that contain the word, then those whose summary or values do."""
    wanted = [part.casefold() for part in re.split(r"[\s_]+", word) if part]
    named = [entry for entry in entries().values() if _contains(entry.name, wanted)]
    told = [
        e for e in entries().values() if e not in named and _contains(f"{e.summary} {_values(e)}", wanted)
    ]
    if not named and not told:
        return f"nothing has to do with {word!r}\n"
    return "\n\n".join(
        f"{title} ({len(found)}):\n{columns((f'{e.name}', e.summary) for e in found)}"
        for title, found in ((f"Names with {word!r}", named), ("Mentioned by", told))
        if found
    ) + "\n"  # fmt: skip


def _contains(text: str, wanted: Iterable[str]) -> bool:
    folded = text.casefold().replace("_", "")
    return all(part in folded for part in wanted)


def _values(entry: Entry) -> str:
    return " ".join(map(str, get_args(entry.value))) if entry.kind == "literal" else ""


def _rows(listed: Iterable[Entry]) -> str:
    return columns((entry.name, entry.summary) for entry in listed)
