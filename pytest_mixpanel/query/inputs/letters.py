"""Formulas over metrics, which stand in them as letters by their place: ``A``, ``B``, … ``Z``, ``BA``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_mixpanel.core.errors import ParamValidationError

TOKEN = re.compile(
    r"[ \t]*(?:(?P<number>(?:\d+(?:_\d+)*(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)|(?P<sign>[-+*/^()]))"
)
ALPHABET = 26


def letter(place: int) -> str:
    """``A`` for 0, ``Z`` for 25, ``BA`` for 26."""
    head, last = divmod(place, ALPHABET)
    return (letter(head) if head else "") + chr(ord("A") + last)


def syntax_problem(formula: str) -> str | None:
    """What is wrong with a formula's grammar: signs, brackets, the order of things; ``None`` if nothing."""
    try:
        tokens = list(_tokens(formula))
        rest = _sum(tokens, 0)
        if rest < len(tokens):
            raise _Unreadable(f"{tokens[rest][1]!r} does not fit there")
    except _Unreadable as problem:
        return str(problem)
    except RecursionError:
        return "its brackets nest too deeply"
    return None


def check_operands(formula: str, operands: int) -> None:
    """Raise ``ParamValidationError`` for a formula that cannot be read or reaches past its operands."""
    problem = syntax_problem(formula)
    if problem is not None:
        raise ParamValidationError(f"the formula {formula!r} cannot be read: {problem}", code="FM4_SYNTAX")
    tokens = list(_tokens(formula))
    if any(kind == "number" and "E" in text for kind, text in tokens):
        raise ParamValidationError(
            f"the formula {formula!r} has a number with E; write e", code="FM5_UPPER_E"
        )
    names = [text for kind, text in tokens if kind == "name"]
    known = {letter(place) for place in range(operands)}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ParamValidationError(
            f"the formula {formula!r} uses {unknown[0]!r}; it has {operands} operand(s)",
            code="FM2_UNKNOWN_LETTER",
        )
    if not names:
        raise ParamValidationError(f"the formula {formula!r} names no operand", code="V16_FORMULA_SYNTAX")


class _Unreadable(Exception):
    pass


def _tokens(formula: str) -> Iterator[tuple[str, str]]:
    place, end = 0, len(formula.rstrip(" \t"))
    while place < end:
        found = TOKEN.match(formula, place)
        if found is None:
            raise _Unreadable(f"{formula[place]!r} at position {place} is not of its language")
        place = found.end()
        yield str(found.lastgroup), str(found.group(str(found.lastgroup)))


Tokens = list[tuple[str, str]]


def _sum(tokens: Tokens, place: int) -> int:
    return _chain(tokens, place, "+-", _product)


def _product(tokens: Tokens, place: int) -> int:
    return _chain(tokens, place, "*/", _signed)


def _chain(tokens: Tokens, place: int, signs: str, part: object) -> int:
    place = part(tokens, place)  # type: ignore[operator]  # one of the functions here
    while place < len(tokens) and tokens[place][1] in signs:
        place = part(tokens, place + 1)  # type: ignore[operator]  # one of the functions here
    return place


def _signed(tokens: Tokens, place: int) -> int:
    """A minus may stand before a power, not within it."""
    while place < len(tokens) and tokens[place][1] == "-":
        place += 1
    place = _atom(tokens, place)
    while place < len(tokens) and tokens[place][1] == "^":
        place = _atom(tokens, place + 1)
    return place


def _atom(tokens: Tokens, place: int) -> int:
    if place >= len(tokens):
        raise _Unreadable("it is not complete")
    kind, text = tokens[place]
    if kind != "sign":
        return place + 1
    if text != "(":
        raise _Unreadable(f"{text!r} does not fit there")
    place = _sum(tokens, place + 1)
    if place >= len(tokens) or tokens[place][1] != ")":
        raise _Unreadable("a bracket is not closed")
    return place + 1
