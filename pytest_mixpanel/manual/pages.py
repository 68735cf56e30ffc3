"""A page about one name: what it is, how it is made, what it holds, one example."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import get_args

from pytest_mixpanel.manual.fields import dataclass_fields, fields_of
from pytest_mixpanel.manual.mentions import example_near, methods_naming
from pytest_mixpanel.manual.names import Entry, attributes, docstring, entries, members, surface_of
from pytest_mixpanel.manual.signatures import annotation, short_signature, signature, spell

WIDTH = 100
UNTOLD = (Exception, BaseException, object)


def page(entry: Entry) -> str:
    """The page as plain text, its sections divided by empty lines."""
    sections = {
        "literal": _literal,
        "enum": _enumeration,
        "alias": _alias,
        "constant": _constant,
        "namespace": _namespace,
        "function": _callable,
        "method": _callable,
        "property": _property,
    }.get(entry.kind, _class)(entry)
    return "\n\n".join(section for section in sections if section) + "\n"


def columns(rows: Iterable[tuple[str, str]], indent: str = "  ") -> str:
    """Two aligned columns; a first cell that is too wide has a line of its own."""
    rows = list(rows)
    width = max((len(left) for left, _ in rows if len(left) <= 42), default=0)
    after = indent + " " * (width + 2)
    lines = []
    for left, right in rows:
        if len(left) > width:
            lines.append(indent + left)
            left = ""
        lines.append(
            textwrap.fill(
                right,
                WIDTH,
                initial_indent=f"{indent}{left:<{width}}  ",
                subsequent_indent=after,
                break_on_hyphens=False,
            ).rstrip()
            if right
            else f"{indent}{left}"
        )
    return "\n".join(lines)


def _callable(entry: Entry) -> Iterator[str]:
    written = signature(entry.name, entry.value)
    yield written
    yield docstring(entry.name, entry.value)
    yield _named_types(written)
    yield _example(entry.name)
    twin = _twin(entry.name)
    if twin:
        yield f"See also: {twin}"


def _property(entry: Entry) -> Iterator[str]:
    answer = inspect.signature(entry.value.fget).return_annotation
    yield f"{entry.name}: {annotation(answer, entry.value.fget.__globals__)}"
    yield docstring(entry.name, entry.value)
    yield _example(entry.name)


def _class(entry: Entry) -> Iterator[str]:
    bases = [base.__name__ for base in entry.value.__mro__[1:] if base not in UNTOLD]
    title = f"{entry.kind} {entry.name}"
    yield f"{title}({', '.join(bases)})" if bases and entry.kind == "exception" else title
    yield docstring(entry.name, entry.value)
    if entry.kind == "exception":
        yield f"Code: {entry.value.default_code}" if hasattr(entry.value, "default_code") else ""
        yield f"Attributes: {', '.join(attributes(entry.value))}"
    else:
        yield _construction(entry)
    parts = list(members(entry))
    makers = [part for part in parts if isinstance(part.value, classmethod)]
    yield _section("Constructors", ((short_signature(m.name, m.value), m.summary) for m in makers))
    yield _section("Fields", fields_of(entry.value))
    yield _listing("Properties", [part for part in parts if part.kind == "property"])
    if entry.name == "Workspace":
        yield from (_listing(title, methods) for title, methods in surfaces(parts).items())
    else:
        yield _listing("Methods", [p for p in parts if p.kind == "method" and p not in makers])
    yield _users_of(entry.name)
    yield _example(entry.name)


def _construction(entry: Entry) -> str:
    """How it is called, unless that is for its class methods only."""
    private = any(field.name.startswith("_") for field in dataclass_fields(entry.value))
    answered = entry.kind == "class" and entry.name.endswith("Result")
    if private or answered or entry.kind == "model":
        return ""
    return signature(entry.name, entry.value).removesuffix(" -> None")


def _literal(entry: Entry) -> Iterator[str]:
    values = get_args(entry.value)
    yield f"{entry.name}: one of {len(values)} words"
    yield docstring(entry.name, entry.value)
    words = " | ".join(repr(value) if not isinstance(value, str) else value for value in values)
    yield textwrap.fill(words, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    yield _users_of(entry.name)
    yield _example(entry.name)


def _enumeration(entry: Entry) -> Iterator[str]:
    yield f"enum {entry.name}"
    yield docstring(entry.name, entry.value)
    yield _section("Members", ((member.name, repr(member.value)) for member in entry.value))
    yield _users_of(entry.name)
    yield _example(entry.name)


def _alias(entry: Entry) -> Iterator[str]:
    yield f"{entry.name} = {spell(entry.value)}"
    yield docstring(entry.name, entry.value)
    yield _users_of(entry.name)
    yield _example(entry.name)


def _constant(entry: Entry) -> Iterator[str]:
    yield f"{entry.name} = {entry.value!r}"
    yield docstring(entry.name, entry.value)
    yield _example(entry.name)


def _namespace(entry: Entry) -> Iterator[str]:
    yield f"namespace {entry.name}"
    yield docstring(entry.name, entry.value)
    yield _listing("Functions", members(entry))
    yield _example(entry.name)


def surfaces(parts: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The methods of ``Workspace`` by the part they belong to, in alphabetical order."""
    grouped: dict[str, list[Entry]] = {}
    for part in parts:
        if part.kind == "method":
            surface = surface_of(part.name.split(".")[1]).__name__
            grouped.setdefault("Opening" if surface == "Workspace" else _spaced(surface), []).append(part)
    return dict(sorted(grouped.items()))


def _spaced(name: str) -> str:
    """``DropFilters`` → ``Drop filters``."""
    words = re.findall("[A-Z][a-z]*", name)
    return " ".join([words[0], *map(str.lower, words[1:])])


def _named_types(written: str) -> str:
    """The public types that a signature names."""
    named = dict.fromkeys(re.findall(r"\b[A-Z]\w+", written))
    known = [entries()[name] for name in named if name in entries() and name != "Workspace"]
    return _listing("Types named here", known)


def _users_of(name: str) -> str:
    """The methods of ``Workspace`` whose signatures name a type."""
    using = [entry.name for entry in methods_naming(name)]
    listed = textwrap.fill(
        ", ".join(using), WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False
    )
    return f"Used by:\n{listed}" if using else ""


def _example(name: str) -> str:
    """An example of the name, or of what names it."""
    found = example_near(name)
    return f"Example:\n{textwrap.indent(found.text.rstrip(), '    ')}" if found else ""


def _twin(name: str) -> str:
    """``query_funnel`` asks what ``build_funnel_params`` shows, and the other way about."""
    owner, _, method = name.rpartition(".")
    if method == "query":
        other = "build_params"
    elif method == "build_params":
        other = "query"
    elif method.startswith("query_"):
        other = f"build_{method.removeprefix('query_')}_params"
    else:
        other = f"query_{method.removeprefix('build_').removesuffix('_params')}"
    twin = f"{owner}.{other}"
    return twin if twin in entries() else ""


def _listing(title: str, listed: Iterable[Entry]) -> str:
    return _section(title, ((_short(entry), entry.summary) for entry in listed))


def _short(entry: Entry) -> str:
    return entry.name.rpartition(".")[2] if entry.kind in ("method", "property") else entry.name


def _section(title: str, rows: Iterable[tuple[str, str]]) -> str:
    rows = list(rows)
    return f"{title} ({len(rows)}):\n{columns(rows)}" if rows else ""
