"""What the manual has pages about: the public names, the methods of ``Workspace``, members of namespaces."""

from __future__ import annotations

import ast
import enum
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from functools import cache
from importlib import import_module
from itertools import pairwise
from types import ModuleType
from typing import Any, Literal, get_origin

import pytest_mixpanel

Kind = Literal[
    "class", "dataclass", "model", "enum", "literal", "alias", "exception", "function", "method", "property",
    "constant", "namespace",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A name as it is written after ``mp.``, what it is, and its one-line summary."""

    name: str
    kind: Kind
    value: Any
    summary: str


@cache
def entries() -> dict[str, Entry]:
    """Every documented name, public names first, in alphabetical order."""
    found = {name: entry_of(name, getattr(pytest_mixpanel, name)) for name in pytest_mixpanel.__all__}
    for name, entry in list(found.items()):
        if entry.kind == "namespace" or name == "Workspace":
            found.update((member.name, member) for member in members(entry))
    return found


def entry_of(name: str, value: Any) -> Entry:
    """The entry of a value under this name."""
    return Entry(name, kind_of(value, name), value, docstring(name, value).split("\n", 1)[0])


def members(entry: Entry) -> Iterator[Entry]:
    """The public members of a class or namespace, inherited ones included, those of ``object`` not."""
    if isinstance(entry.value, ModuleType):
        names = getattr(entry.value, "__all__", None) or [
            name for name, value in vars(entry.value).items() if _belongs(value, entry.value)
        ]
    elif inspect.isclass(entry.value):
        names = [name for name in dir(entry.value) if not _is_foreign(entry.value, name)]
    else:
        return
    for name in sorted(names):
        if not name.startswith("_"):
            value = inspect.getattr_static(entry.value, name)
            if _is_member(value):
                yield entry_of(f"{entry.name}.{name}", value)


def kind_of(value: Any, name: str = "") -> Kind:
    """What sort of thing a value is."""
    if inspect.isclass(value):
        return _kind_of_class(value)
    if isinstance(value, ModuleType):
        return "namespace"
    if isinstance(value, property):
        return "property"
    if callable(getattr(value, "__func__", value)) and hasattr(getattr(value, "__func__", value), "__code__"):
        return "method" if "." in name else "function"
    if get_origin(value) is Literal:
        return "literal"
    return "constant" if isinstance(value, str | int | float | tuple | frozenset) else "alias"


def docstring(name: str, value: Any) -> str:
    """What its author says of it; for a constant or a type's alias, the text below its definition."""
    if kind_of(value) in ("constant", "literal", "alias"):
        return plain(_text_below(name))
    text = inspect.getdoc(value.fget if isinstance(value, property) else value) or ""
    generated = is_dataclass(value) and text.startswith(f"{getattr(value, '__name__', '')}(")
    return "" if generated else plain(text)


def plain(text: str) -> str:
    """A docstring's text without the marks of reStructuredText."""
    return text.replace("``", "`")


def attributes(exception: type[BaseException]) -> list[str]:
    """What an exception's ``__init__`` and those it inherits keep, and its public properties."""
    found = [name for name, value in inspect.getmembers(exception) if isinstance(value, property)]
    for base in exception.__mro__:
        if base.__module__.startswith("pytest_mixpanel") and "__init__" in vars(base):
            written = ast.parse(textwrap.dedent(inspect.getsource(vars(base)["__init__"])))
            for node in ast.walk(written):
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                    found.append(node.attr)
    return sorted({name for name in found if not name.startswith("_")})


def surface_of(method: str) -> type:
    """The part of ``Workspace`` that a method is defined in."""
    return next(base for base in pytest_mixpanel.Workspace.__mro__ if method in vars(base))


def _kind_of_class(value: type) -> Kind:
    if issubclass(value, BaseException):
        return "exception"
    if issubclass(value, enum.Enum):
        return "enum"
    if hasattr(value, "model_fields"):
        return "model"
    return "dataclass" if is_dataclass(value) else "class"


def _belongs(value: Any, module: ModuleType) -> bool:
    return getattr(value, "__module__", None) == module.__name__


MACHINERY = ("pytest_mixpanel.api.model",)
"""Whose methods are for the package itself."""


def _is_foreign(owner: type, name: str) -> bool:
    """Inherited from outside of the package, as pydantic's ``model_*``, or from its machinery."""
    home = next((base for base in owner.__mro__ if name in vars(base)), owner)
    return home.__module__ in MACHINERY or _package(home) not in ("pytest_mixpanel", _package(owner))


def _package(cls: type) -> str:
    return cls.__module__.partition(".")[0]


def _is_member(value: Any) -> bool:
    return isinstance(value, property | classmethod | staticmethod) or inspect.isfunction(value)


@cache
def _texts_below(module: str) -> dict[str, str]:
    """Name → the string that follows its assignment, of a module's own constants."""
    body = ast.parse(inspect.getsource(import_module(module))).body
    found = {}
    for statement, following in pairwise(body):
        if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement
            named = getattr(target, "id", None) or getattr(getattr(target, "target", None), "id", None)
            if named:
                found[named] = inspect.cleandoc(str(following.value.value))
    return found


def _text_below(name: str) -> str:
    home = pytest_mixpanel._HOME_OF.get(name)
    return _texts_below(f"pytest_mixpanel.{home}").get(name, "") if home else ""
