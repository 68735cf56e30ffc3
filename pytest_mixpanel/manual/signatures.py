"""Signatures and types as a reader wants them: aliases that nobody can import are spelled out."""

from __future__ import annotations

import ast
import enum
import inspect
import sys
import textwrap
import types
from collections.abc import Callable
from functools import cache
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin

import pytest_mixpanel

WIDTH = 100
STARS: dict[Any, str] = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}


def short_signature(name: str, value: Any) -> str:
    """``equals(property, value, *, resource_type='events')``: how it is called, without types."""
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in _parameters(value)]
    return f"{name.rpartition('.')[2]}({', '.join(_spelled_parameters(bare, {}))})"


def signature(name: str, value: Any) -> str:
    """``name(...) -> type``, one parameter a line where it is long; without ``self`` and ``cls``."""
    function = getattr(value, "__func__", value)
    called = inspect.signature(function)
    parameters = _parameters(value)
    scope = _scope(function)
    spelled = _spelled_parameters(parameters, scope)
    answer = called.return_annotation
    returned = "" if answer is inspect.Signature.empty else f" -> {annotation(answer, scope)}"
    line = f"{name}({', '.join(spelled)}){returned}"
    if len(line) <= WIDTH:
        return line
    listed = "".join(_wrapped(parameter) for parameter in spelled)
    return f"{name}(\n{listed}){returned}"


def _wrapped(parameter: str) -> str:
    """A parameter on a line of its own, or on several."""
    return textwrap.fill(f"{parameter},", WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 8) + "\n"


def annotation(written: Any, scope: dict[str, Any]) -> str:
    """An annotation as text, with private aliases replaced by what they stand for."""
    if not isinstance(written, str):
        return spell(written)
    try:
        tree = ast.parse(written, mode="eval")
    except SyntaxError:
        return written
    return ast.unparse(_Spelled(scope).visit(tree))


def spell(value: Any) -> str:
    """A type at run time as text: ``str | list[Filter] | None``."""
    if value is None or value is type(None):
        return "None"
    if value is Ellipsis:
        return "..."
    if isinstance(value, ForwardRef | str):
        return value if isinstance(value, str) else value.__forward_arg__
    origin, arguments = get_origin(value), get_args(value)
    if origin is Literal:
        return _public_literals().get(value) or f"Literal[{', '.join(map(repr, arguments))}]"
    if origin in (Union, types.UnionType):
        return " | ".join(map(spell, arguments))
    if isinstance(value, list):
        return f"[{', '.join(map(spell, value))}]"
    if origin is not None and arguments:
        return f"{origin.__name__}[{', '.join(map(spell, arguments))}]"
    return getattr(value, "__name__", None) or str(value).removeprefix("typing.")


class _Spelled(ast.NodeTransformer):
    """Replaces names of aliases that are not public."""

    def __init__(self, scope: dict[str, Any]) -> None:
        self._scope = scope

    def visit_Name(self, node: ast.Name) -> ast.expr:
        value = self._scope.get(node.id)
        if value is None or isinstance(value, type) or node.id in pytest_mixpanel.__all__:
            return node
        if get_origin(value) is None or not get_args(value):
            return node
        return ast.parse(spell(value), mode="eval").body

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if isinstance(node.value, ast.Name) and node.value.id == "Literal":
            return node
        node.slice = self.visit(node.slice)
        return node


def _parameters(value: Any) -> list[inspect.Parameter]:
    parameters = list(inspect.signature(getattr(value, "__func__", value)).parameters.values())
    is_bound = parameters and parameters[0].name in ("self", "cls")
    return parameters[1:] if is_bound else parameters


def _spelled_parameters(parameters: list[inspect.Parameter], scope: dict[str, Any]) -> list[str]:
    spelled: list[str] = []
    starred = False
    for index, parameter in enumerate(parameters):
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            spelled.append("*")
            starred = True
        starred = starred or parameter.kind is parameter.VAR_POSITIONAL
        spelled.append(_spelled(parameter, scope))
        follows = parameters[index + 1 : index + 2]
        if parameter.kind is parameter.POSITIONAL_ONLY and not (
            follows and follows[0].kind is parameter.POSITIONAL_ONLY
        ):
            spelled.append("/")
    return spelled


def _spelled(parameter: inspect.Parameter, scope: dict[str, Any]) -> str:
    stars = STARS.get(parameter.kind, "")
    named = f"{stars}{parameter.name}"
    empty = inspect.Parameter.empty
    typed = "" if parameter.annotation is empty else f": {annotation(parameter.annotation, scope)}"
    if parameter.default is empty:
        return named + typed
    equals = " = " if typed else "="
    default = parameter.default
    return f"{named}{typed}{equals}{default if isinstance(default, enum.Enum) else repr(default)}"


def _scope(function: Callable[..., Any]) -> dict[str, Any]:
    """Where the annotations of a function were written."""
    return dict(getattr(inspect.unwrap(function), "__globals__", {}))


def scope_of_class(owner: type) -> dict[str, Any]:
    """Where the annotations of a class were written."""
    return dict(vars(sys.modules[owner.__module__]))


@cache
def _public_literals() -> dict[Any, str]:
    names = ((getattr(pytest_mixpanel, name), name) for name in pytest_mixpanel.__all__)
    return {value: name for value, name in names if get_origin(value) is Literal}
