"""Formulas between metrics: ``B / A`` for every bucket and segment (semantics I-19 to I-21)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pytest_mixpanel.core.errors import ParamValidationError

Values = Sequence[Any]
Term = Callable[[Mapping[str, float]], float | None]

LONGEST = 1_000
DEEPEST = 50
_TOKEN = re.compile(r"\s*(?:([0-9][0-9_]*\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+)|([A-Z]+)|([-+*/^()]))")


class Arithmetic:
    """A formula over metrics' letters. ``letters``: those it reads."""

    def __init__(self, definition: str) -> None:
        self.definition = definition
        self.letters: set[str] = set()
        self._tokens = list(self._read(definition))
        self._at = self._depth = 0
        self._term = self._sum()
        if self._at < len(self._tokens):
            raise self._wrong(f"cannot read {self._tokens[self._at]!r}")

    def __call__(self, inputs: Mapping[str, Values], size: int) -> list[float | None]:
        """Value by value; what a metric does not have counts as 0 (I-21)."""
        rows = ({letter: values[place] or 0 for letter, values in inputs.items()} for place in range(size))
        return [self._value(row) for row in rows]

    def _value(self, row: Mapping[str, float]) -> float | None:
        try:
            value = self._term(row)
        except OverflowError:
            return None
        return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value

    def _read(self, text: str) -> Iterator[str]:
        if len(text) > LONGEST:
            raise self._wrong(f"has more than {LONGEST} characters")
        place = 0
        while text[place:].strip():
            found = _TOKEN.match(text, place)
            if found is None:
                raise self._wrong(f"cannot read {text[place:].strip()[:10]!r}")
            yield found[0].strip()
            place = found.end()

    def _wrong(self, problem: str) -> ParamValidationError:
        return ParamValidationError(f"formula {self.definition[:60]!r}: {problem}")

    def _next(self, *wanted: str) -> str | None:
        if self._at < len(self._tokens) and (not wanted or self._tokens[self._at] in wanted):
            self._at += 1
            return self._tokens[self._at - 1]
        return None

    def _sum(self) -> Term:
        return self._chain(self._product, "+", "-")

    def _product(self) -> Term:
        return self._chain(self._signed, "*", "/")

    def _chain(self, part: Callable[[], Term], *signs: str) -> Term:
        term = part()
        while sign := self._next(*signs):
            term = _applied(sign, term, part())
        return term

    def _signed(self) -> Term:
        negative = False
        while self._next("-"):
            negative = not negative
        term = self._power()
        return _applied("-", lambda _: 0, term) if negative else term

    def _power(self) -> Term:
        term = self._atom()
        while self._next("^"):
            term = _applied("^", term, self._atom())
        return term

    def _atom(self) -> Term:
        token = self._next()
        if token is None:
            raise self._wrong("ends too early")
        if token == "(":
            return self._bracketed()
        if token.isalpha():
            self.letters.add(token)
            return lambda row: row[token]
        if token in "+-*/^)":
            raise self._wrong(f"cannot read {token!r} there")
        number = float(token)
        return lambda _: number

    def _bracketed(self) -> Term:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._wrong(f"nests more than {DEEPEST} levels deep")
        inner = self._sum()
        if not self._next(")"):
            raise self._wrong("a closing bracket is missing")
        self._depth -= 1
        return inner


def _applied(sign: str, left: Term, right: Term) -> Term:
    apply = _SIGNS[sign]

    def applied(row: Mapping[str, float]) -> float | None:
        one, other = left(row), right(row)
        return None if one is None or other is None else apply(one, other)

    return applied


def _power(base: float, exponent: float) -> float | None:
    if base == 0 and exponent < 0:
        return None
    value = base**exponent
    return None if isinstance(value, complex) else float(value)


_SIGNS: dict[str, Callable[[float, float], float | None]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": lambda one, other: one / other if other else None,
    "^": _power,
}


def letter_of(position: int) -> str:
    """The letter of a metric by its place: A … Z, BA, BB … (base 26, A = 0)."""
    digits = chr(ord("A") + position % 26)
    while position := position // 26:
        digits = chr(ord("A") + position % 26) + digits
    return digits


def combined(formula: Arithmetic, blocks: Mapping[str, Any], size: int) -> Any:
    """The formula over nested segments; a segment that one metric lacks counts as 0 there."""
    if not any(isinstance(block, dict) for block in blocks.values()):
        inputs = {letter: [0] * size if block is None else block for letter, block in blocks.items()}
        return formula(inputs, size)
    names = dict.fromkeys(name for block in blocks.values() if block for name in block)
    return {
        name: combined(
            formula, {letter: block.get(name) if block else None for letter, block in blocks.items()}, size
        )
        for name in names
    }
