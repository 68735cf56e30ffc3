"""Conditions say what is wrong: ``conversion < 18%``, ``day 7 < 22% or day 1 < 36%``.

condition := both ("or" both)* · both := term ("and" term)* · term := "not" term | "(" condition ")" | test
test := metric op number | metric "outside" number ".." number · op := < <= > >= == !=
metric := name ["(" argument ")"] [index]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, cast

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.dsl.units import Quantity, UnitError, parse_quantity

Operator = Literal["<", "<=", ">", ">=", "==", "!="]

MAX_LENGTH = 500
MAX_DEPTH = 20

_TOKEN = re.compile(
    r"\s*(?:(?P<op><=|>=|==|!=|<|>)|(?P<range>\.\.)|(?P<open>\()|(?P<close>\))"
    r"|(?P<number>[+-]?(?:\d[\d_]*(?:\.\d+)?|\.\d+)(?:\s*(?:%rel|%|pp(?!\w))|x(?!\w)|[smhdw](?!\w))?)|(?P<word>[A-Za-z_$][\w$]*))"
)
_WORDS = ("and", "or", "not", "outside")


class ConditionError(ValueError):
    """A condition that cannot be read; ``offset`` and ``length`` say where in its text."""

    def __init__(
        self, message: str, offset: int, length: int, hint: str = "", code: str = "bad-condition"
    ) -> None:
        super().__init__(message)
        self.offset, self.length, self.hint, self.code = offset, length, hint, code


@frozen
class Metric:
    """A measured number by name: ``day 7`` has an index, ``conversion(step 2)`` an argument."""

    name: str
    argument: str | None = None
    index: int | None = None

    def __str__(self) -> str:
        argument = f"({self.argument})" if self.argument is not None else ""
        return f"{self.name}{argument}" + (f" {self.index}" if self.index is not None else "")


@frozen
class Bound:
    """One comparison of a metric with a number."""

    metric: Metric
    operator: Operator
    limit: Quantity

    def __str__(self) -> str:
        return f"{self.metric} {self.operator} {self.limit}"


@frozen
class Either:
    """Any of several conditions."""

    terms: tuple[Condition, ...]


@frozen
class Both:
    """All of several conditions."""

    terms: tuple[Condition, ...]


@frozen
class Not:
    """The opposite of a condition."""

    term: Condition


Condition = Bound | Either | Both | Not


@frozen
class Spot:
    """A comparison and where it stands in the text: its metric and its number."""

    bound: Bound
    metric: tuple[int, int]
    limit: tuple[int, int]


def parse_condition(text: str) -> tuple[Condition, tuple[Spot, ...]]:
    """The condition's tree, and every comparison in it with its place. Raises ``ConditionError``."""
    if len(text) > MAX_LENGTH:
        raise ConditionError(f"the condition is longer than {MAX_LENGTH} characters", 0, len(text))
    parser = _Parser(text)
    tree = parser.either(0)
    parser.end()
    return tree, tuple(parser.spots)


def bounds(condition: Condition) -> Iterator[Bound]:
    """The comparisons of a condition, in their order."""
    if isinstance(condition, Bound):
        yield condition
    elif isinstance(condition, Not):
        yield from bounds(condition.term)
    else:
        for term in condition.terms:
            yield from bounds(term)


@frozen
class _Token:
    kind: str
    text: str
    offset: int


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self.spots: list[Spot] = []

    def either(self, depth: int) -> Condition:
        terms = [self._both(depth)]
        while self._take_word("or"):
            terms.append(self._both(depth))
        return terms[0] if len(terms) == 1 else Either(tuple(terms))

    def end(self) -> None:
        if token := self._peek():
            raise self._at(token, f"expected 'and', 'or' or the end, not {token.text!r}")

    def _both(self, depth: int) -> Condition:
        terms = [self._term(depth)]
        while self._take_word("and"):
            terms.append(self._term(depth))
        return terms[0] if len(terms) == 1 else Both(tuple(terms))

    def _term(self, depth: int) -> Condition:
        if depth > MAX_DEPTH:
            raise ConditionError(f"nested deeper than {MAX_DEPTH}", self._position, 1)
        if self._take_word("not"):
            return Not(self._term(depth + 1))
        token = self._peek()
        if token is not None and token.kind == "open":
            self._next()
            inner = self.either(depth + 1)
            if (close := self._peek()) is None or close.kind != "close":
                raise self._at(token, "this '(' is never closed")
            self._next()
            return inner
        return self._bound()

    def _bound(self) -> Condition:
        start = self._expect("word", "the name of a metric, as in 'conversion < 18%'")
        if start.text in _WORDS:
            raise self._at(start, f"{start.text!r} stands where a metric is expected")
        metric = self._metric(start)
        where = (start.offset, len(self._text[start.offset : self._position].rstrip()))
        if self._take_word("outside"):
            low = self._limit(metric, "<", where)
            self._expect("range", "a range, as in 'outside 2% .. 5%'")
            high = self._limit(metric, ">", where)
            return Either((low, high))
        operator = self._expect("op", f"one of < <= > >= == != after '{metric}'")
        return self._limit(metric, cast(Operator, operator.text), where)

    def _metric(self, start: _Token) -> Metric:
        argument = index = None
        if (token := self._peek()) and token.kind == "open":
            close = self._text.find(")", token.offset)
            if close < 0:
                raise self._at(token, "this '(' is never closed")
            argument = self._text[token.offset + 1 : close].strip()
            self._position = close + 1
        if (token := self._peek()) and token.kind == "number":
            if not token.text.isdecimal():
                raise self._at(token, f"{token.text!r} cannot follow {start.text!r}", "write 'day 7'")
            index = int(self._next().text)
        return Metric(start.text, argument, index)

    def _limit(self, metric: Metric, operator: Operator, where: tuple[int, int]) -> Bound:
        token = self._expect("number", "a number with its unit, as 18% or 500")
        try:
            bound = Bound(metric, operator, parse_quantity(token.text))
        except UnitError as error:
            raise self._at(token, str(error), error.hint, error.code) from error
        self.spots.append(Spot(bound, where, (token.offset, len(token.text))))
        return bound

    def _take_word(self, word: str) -> bool:
        token = self._peek()
        if token is None or token.text != word:
            return False
        self._next()
        return True

    def _expect(self, kind: str, told: str) -> _Token:
        token = self._peek()
        if token is None:
            raise ConditionError(f"the condition stops where it needs {told}", len(self._text), 1)
        if token.kind != kind:
            raise self._at(token, f"{token.text!r} stands where {told} is expected")
        return self._next()

    def _peek(self) -> _Token | None:
        if not self._text[self._position :].strip():
            return None
        match = _TOKEN.match(self._text, self._position)
        if match is None or match.lastgroup is None:
            offset = (
                self._position
                + len(self._text[self._position :])
                - len(self._text[self._position :].lstrip())
            )
            raise ConditionError(f"{self._text[offset]!r} has no meaning here", offset, 1)
        return _Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup))

    def _next(self) -> _Token:
        token = self._peek()
        assert token is not None, "callers look before they take"
        self._position = token.offset + len(token.text)
        return token

    @staticmethod
    def _at(token: _Token, message: str, hint: str = "", code: str = "bad-condition") -> ConditionError:
        return ConditionError(message, token.offset, len(token.text), hint, code)
