"""Formula text → syntax tree."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.core.frozen import frozen

if TYPE_CHECKING:
    from lark import Lark, Token

LONGEST = 20_000
"""Characters of a formula (semantics 8.1)."""


class FormulaError(ParamValidationError):
    """A formula that cannot be read."""

    default_code = "FORMULA_ERROR"


@frozen
class Constant:
    value: Any


@frozen
class Name:
    name: str


@frozen
class ListOf:
    items: tuple[Node, ...]


@frozen
class Index:
    of: Node
    key: Node


@frozen
class Negation:
    of: Node


@frozen
class Junction:
    """``any_of``: or; otherwise and."""

    items: tuple[Node, ...]
    any_of: bool


@frozen
class Comparison:
    left: Node
    sign: str
    right: Node


@frozen
class Chain:
    """``first`` and what is done to it, from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@frozen
class Call:
    function: str
    arguments: tuple[Node, ...]


Node = Constant | Name | ListOf | Index | Negation | Junction | Comparison | Chain | Call


def parse_formula(text: str) -> Node:
    """The syntax tree; raises ``FormulaError`` with line, column and a caret under what cannot be read."""
    from lark.exceptions import UnexpectedInput

    if len(text) > LONGEST:
        raise FormulaError(f"a formula has at most {LONGEST} characters, not {len(text)}")
    try:
        # With a transformer in the parser, parse() gives its result rather than a tree.
        tree: Any = _parser().parse(text)
    except UnexpectedInput as problem:
        raise FormulaError(_place(text, problem)) from None
    node: Node = tree
    return node


def _place(text: str, problem: Any) -> str:
    position = problem.pos_in_stream
    if getattr(getattr(problem, "token", None), "type", None) == "$END":
        return "the formula ends too early: an operand or a closing bracket is missing"
    line, column = text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)
    source = text.splitlines()[line - 1]
    return f"formula {line}:{column}: cannot read this\n  {source}\n  {' ' * (column - 1)}^"


@cache
def _parser() -> Lark:
    from lark import Lark

    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", transformer=_builder(), maybe_placeholders=False)


def _builder() -> Any:
    from lark import Transformer, v_args

    @v_args(inline=True)
    class Builder(Transformer):  # type: ignore[type-arg]  # generic only for type checkers
        """Called by the parser bottom-up, so that nesting costs no recursion."""

        def or_expr(self, *items: Node) -> Node:
            return Junction(items, any_of=True)

        def and_expr(self, *items: Node) -> Node:
            return Junction(items, any_of=False)

        def negation(self, of: Node) -> Node:
            return Negation(of)

        def comparison(self, left: Node, sign: Token, right: Node) -> Node:
            return Comparison(left, sign.lower(), right)

        def sum(self, first: Node, *rest: Any) -> Node:
            return Chain(first, tuple(zip(map(str, rest[::2]), rest[1::2], strict=True)))

        product = sum

        def minus(self, _: Token, of: Node) -> Node:
            return Chain(Constant(0), (("-", of),))

        def index(self, of: Node, key: Node) -> Node:
            return Index(of, key)

        def number(self, token: Token) -> Node:
            return Constant(float(token) if "." in token else int(token))

        def string(self, token: Token) -> Node:
            return Constant(_unescaped(token[1:-1]))

        def true(self) -> Node:
            return Constant(True)

        def false(self) -> Node:
            return Constant(False)

        def undefined(self) -> Node:
            return Constant(None)

        def list(self, *items: Node) -> Node:
            return ListOf(items)

        def call(self, function: Token, *arguments: Node) -> Node:
            return Call(function.upper(), arguments)

        def name(self, token: Token) -> Node:
            return Name(str(token))

    return Builder()


def _unescaped(text: str) -> str:
    """``\\"`` and ``\\\\`` are escapes; other backslash pairs belong to the regex engine (P-4)."""
    return re.sub(r'\\(["\\])', r"\1", text)
