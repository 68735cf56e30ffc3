"""Syntax tree → a function of the inputs: names and arguments are checked once, before any record."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.words import nearest
from pytest_mixpanel.engine.formulas import syntax
from pytest_mixpanel.engine.formulas.functions import FUNCTIONS, contains, is_number, number, same
from pytest_mixpanel.engine.formulas.patterns import portability
from pytest_mixpanel.engine.formulas.syntax import FormulaError, Node

NOW = "NOW"
ROOTS = ("properties", "event", "user", "behaviors")
"""What a selector's properties are of."""

DEEPEST = 64
LONGEST_TEXT = 100_000
"""Bounds of nesting and of what joining texts may build."""

TODAY = "$today"
"""Where the current day stands among the inputs; no formula can name it (``$`` alone is for properties)."""

Scope = Mapping[str, Any]
Evaluate = Callable[[Scope], Any]
Functions = Mapping[str, tuple[int, int, Callable[..., Any]]]


@frozen
class Formula:
    """A formula ready to be evaluated; ``warnings`` say what another engine may read otherwise."""

    text: str
    evaluate: Evaluate
    warnings: tuple[str, ...] = ()

    def __call__(self, inputs: Scope, today: str) -> Any:
        """The value of one record; ``None`` is undefined. ``today``: ISO, midnight of the local day."""
        try:
            return self.evaluate({**inputs, TODAY: today})
        except (OverflowError, ValueError):
            # Errors never abort a query: the record's value is undefined (P-8).
            return None


def compile_formula(text: str, names: frozenset[str] | None = None) -> Formula:
    """Parse and check a formula over these inputs (any, where none are given); raises ``FormulaError``."""
    compiler = _Compiler(FUNCTIONS)
    evaluate = compiler.node(syntax.parse_formula(text), names, 0)
    return Formula(text, evaluate, tuple(dict.fromkeys(compiler.warnings)))


def compile_selector(node: Node, text: str) -> tuple[Formula, tuple[tuple[str, str], ...]]:
    """An expression of the older language and the properties it reads, each as root and name (P-10).

    It writes ``properties["x"]``, ``event["x"]``, ``user["x"]`` and ``behaviors["x"]``, has ``datetime()``,
    and ``NOW`` in seconds is an input. ``input_name`` says under which name a property is given.
    """
    compiler = _Compiler({**FUNCTIONS, "DATETIME": (1, 1, number)}, reads_properties=True)
    evaluate = compiler.node(node, frozenset({NOW}), 0)
    return Formula(text, evaluate), tuple(compiler.properties)


def input_name(root: str, name: str) -> str:
    """How a selector's property stands among its inputs."""
    return f"{root}.{name}"


class _Compiler:
    def __init__(self, functions: Functions, reads_properties: bool = False) -> None:
        self.functions = functions
        self.reads_properties = reads_properties
        self.properties: dict[tuple[str, str], None] = {}
        self.warnings: list[str] = []

    def node(self, node: Node, names: frozenset[str] | None, depth: int) -> Evaluate:
        if depth > DEEPEST:
            raise FormulaError(f"a formula nests at most {DEEPEST} levels deep")
        match node:
            case syntax.Constant(value):
                return lambda _: value
            case syntax.Name(name):
                return _variable(name, names)
            case syntax.Call("LET" | "ANY" | "ALL" | "FILTER" | "MAP" as function, arguments):
                return self.binder(function, arguments, names, depth + 1)
            case syntax.Call(function, arguments):
                self.warn(function, arguments)
                return _call(function, self.nodes(arguments, names, depth), self.functions)
            case syntax.ListOf(items):
                parts = self.nodes(items, names, depth)
                return lambda scope: [part(scope) for part in parts]
            case syntax.Negation(of):
                return _negated(self.node(of, names, depth + 1))
            case syntax.Junction(items, any_of):
                return _junction(self.nodes(items, names, depth), any_of)
            case syntax.Index(syntax.Name(root), syntax.Constant(str() as name)) if (
                self.reads_properties and root in ROOTS
            ):
                self.properties[root, name] = None
                key = input_name(root, name)
                return lambda scope: scope.get(key)
            case syntax.Index(of, key):
                return _index(self.node(of, names, depth + 1), self.node(key, names, depth + 1))
            case syntax.Comparison(left, sign, right):
                compare = _COMPARISONS[sign]
                one, other = self.nodes((left, right), names, depth)
                return lambda scope: compare(one(scope), other(scope))
            case syntax.Chain(first, rest):
                start = self.node(first, names, depth + 1)
                return _chain(start, [(_SIGNS[sign], self.node(of, names, depth + 1)) for sign, of in rest])

    def nodes(self, nodes: tuple[Node, ...], names: frozenset[str] | None, depth: int) -> list[Evaluate]:
        return [self.node(node, names, depth + 1) for node in nodes]

    def binder(
        self, function: str, arguments: tuple[Node, ...], names: frozenset[str] | None, depth: int
    ) -> Evaluate:
        if len(arguments) % 2 == 0 or len(arguments) < 3 or (function != "LET" and len(arguments) != 3):
            form = (
                "LET(name, value, …, result)" if function == "LET" else f"{function}(name, list, expression)"
            )
            raise FormulaError(f"write {form}")
        bound: list[tuple[str, Evaluate]] = []
        for variable, value in zip(arguments[:-1:2], arguments[1::2], strict=True):
            if not isinstance(variable, syntax.Name):
                raise FormulaError(f"{function} binds a name, not an expression")
            bound.append((variable.name, self.node(value, names, depth)))
            names = None if names is None else names | {variable.name}
        body = self.node(arguments[-1], names, depth)
        if function == "LET":
            return _let(bound, body)
        return _over_list(function, *bound[0], body)

    def warn(self, function: str, arguments: tuple[Node, ...]) -> None:
        if function.startswith("REGEX") and len(arguments) > 1:
            pattern = arguments[1]
            if isinstance(pattern, syntax.Constant) and isinstance(pattern.value, str):
                self.warnings += portability(pattern.value)


def _variable(name: str, names: frozenset[str] | None) -> Evaluate:
    if names is not None and name not in names:
        known = ", ".join(sorted(names)) or "there are none"
        raise FormulaError(f"the formula reads {name!r}, which is no input of it (inputs: {known})")
    return lambda scope: scope.get(name)


def _call(function: str, arguments: list[Evaluate], functions: Functions) -> Evaluate:
    if special := _SPECIAL.get(function):
        fewest, most, make = special
        _check_arguments(function, len(arguments), fewest, most)
        return make(arguments)
    if function not in functions:
        close = nearest(function, [*functions, *_SPECIAL, "LET", "ANY", "ALL", "FILTER", "MAP"])
        hint = f"; did you mean {close[0]}?" if close else ""
        raise FormulaError(f"there is no function {function}{hint}")
    fewest, most, apply = functions[function]
    _check_arguments(function, len(arguments), fewest, most)
    return lambda scope: apply(*[argument(scope) for argument in arguments])


def _check_arguments(function: str, count: int, fewest: int, most: int) -> None:
    if not fewest <= count <= most:
        takes = (
            str(fewest) if fewest == most else f"{fewest} to {most}" if most < 1000 else f"at least {fewest}"
        )
        raise FormulaError(f"{function} takes {takes} arguments, not {count}")


def _if(arguments: list[Evaluate]) -> Evaluate:
    condition, yes, no = arguments
    return lambda scope: yes(scope) if condition(scope) is True else no(scope)


def _ifs(arguments: list[Evaluate]) -> Evaluate:
    if len(arguments) % 2:
        raise FormulaError("IFS takes pairs: a condition and its value")
    pairs = list(zip(arguments[::2], arguments[1::2], strict=True))

    def first_true(scope: Scope) -> Any:
        return next((value(scope) for condition, value in pairs if condition(scope) is True), None)

    return first_true


_SPECIAL: dict[str, tuple[int, int, Callable[[list[Evaluate]], Evaluate]]] = {
    "IF": (3, 3, _if),
    "IFS": (2, syntax.LONGEST, _ifs),
    "TODAY": (0, 0, lambda _: lambda scope: scope[TODAY]),
}


def _negated(of: Evaluate) -> Evaluate:
    """Not undefined is true; not of anything but a boolean is undefined."""

    def negated(scope: Scope) -> bool | None:
        value = of(scope)
        return True if value is None else not value if isinstance(value, bool) else None

    return negated


def _junction(parts: list[Evaluate], any_of: bool) -> Evaluate:
    """``or`` and ``and``, from the left; undefined counts as false, other types make it undefined."""

    def junction(scope: Scope) -> bool | None:
        for part in parts:
            value = part(scope)
            if value is not None and not isinstance(value, bool):
                return None
            if (value is True) == any_of:
                return any_of
        return not any_of

    return junction


def _index(of: Evaluate, key: Evaluate) -> Evaluate:
    def member(scope: Scope) -> Any:
        whole, place = of(scope), key(scope)
        if isinstance(whole, dict) and isinstance(place, str):
            return whole.get(place)
        if isinstance(whole, list) and is_number(place) and place in range(len(whole)):
            return whole[int(place)]
        return None

    return member


def _chain(first: Evaluate, rest: list[tuple[Callable[[Any, Any], Any], Evaluate]]) -> Evaluate:
    def chain(scope: Scope) -> Any:
        value = first(scope)
        for apply, operand in rest:
            value = apply(value, operand(scope))
        return value

    return chain


def _let(bound: list[tuple[str, Evaluate]], body: Evaluate) -> Evaluate:
    def let(scope: Scope) -> Any:
        inner = dict(scope)
        for name, value in bound:
            inner[name] = value(inner)
        return body(inner)

    return let


def _over_list(function: str, name: str, items: Evaluate, body: Evaluate) -> Evaluate:
    def each(scope: Scope) -> Iterator[tuple[Any, Any]]:
        inner = dict(scope)
        for item in items(scope):
            inner[name] = item
            yield item, body(inner)

    gather: dict[str, Callable[[Iterator[tuple[Any, Any]]], Any]] = {
        "ANY": lambda pairs: any(value is True for _, value in pairs),
        "ALL": lambda pairs: all(value is True for _, value in pairs),
        "FILTER": lambda pairs: [item for item, value in pairs if value is True],
        "MAP": lambda pairs: [value for _, value in pairs],
    }
    collect = gather[function]
    return lambda scope: collect(each(scope)) if isinstance(items(scope), list) else None


def _plus(left: Any, right: Any) -> Any:
    if isinstance(left, str) and isinstance(right, str):
        return left + right if len(left) + len(right) <= LONGEST_TEXT else None
    return _arithmetic(operator.add)(left, right)


def _arithmetic(apply: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Numbers are doubles: whole ones stay exact up to 2^53 and never grow without end."""

    def calculated(left: Any, right: Any) -> Any:
        if not is_number(left) or not is_number(right):
            return None
        value = apply(left, right)
        return float(value) if isinstance(value, int) and abs(value) > 2**53 else value

    return calculated


def _numeric(apply: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda left, right: apply(left, right) if is_number(left) and is_number(right) else None


_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "+": _plus,
    "-": _arithmetic(operator.sub),
    "*": _arithmetic(operator.mul),
    "/": _arithmetic(lambda left, right: left / right if right else None),
    "%": _arithmetic(lambda left, right: math.fmod(left, right) if right else None),
}
_COMPARISONS: dict[str, Callable[[Any, Any], bool | None]] = {
    "==": same,
    "!=": lambda left, right: not same(left, right),
    "in": contains,
    "<": _numeric(operator.lt),
    "<=": _numeric(operator.le),
    ">": _numeric(operator.gt),
    ">=": _numeric(operator.ge),
}
