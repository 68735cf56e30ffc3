"""The selection language of ``--mixpanel-select``: ``tag:tier1 and not (owner:growth* or kind:mix)``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pytest_mixpanel.core.words import nearest

FIELDS = ("tag", "owner", "kind", "suite", "id")
_MAX_LENGTH = 1000
_MAX_DEPTH = 50
_TOKEN = re.compile(r"\s*(?:(\()|(\))|([^\s()]+))")

Facts = Mapping[str, Iterable[str]]
"""What is known of a check, by field: ``{"tag": ("tier1", "web"), "owner": ("growth",), …}``."""

Predicate = Callable[[Facts], bool]


class SelectionError(ValueError):
    """The expression cannot be read; the message says where and what to write."""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    column: int


def parse_selection(text: str) -> Predicate:
    """A predicate over the facts of a check.

    ``field:pattern`` matches shell-style (``*``, ``?``); ``not`` binds closer than ``and``, ``and`` closer
    than ``or``. Raises ``SelectionError``.
    """
    if len(text) > _MAX_LENGTH:
        raise SelectionError(f"the expression is longer than {_MAX_LENGTH} characters")
    parser = _Parser(_tokens(text), len(text) + 1)
    predicate = parser.either()
    parser.expect_end()
    return predicate


def _tokens(text: str) -> list[_Token]:
    tokens = []
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        assert match is not None, "every character is blank, a parenthesis or part of a word"
        tokens.append(_Token(match.group().strip(), match.end() - len(match.group().strip()) + 1))
        position = match.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[_Token], end: int) -> None:
        self._tokens = tokens
        self._end = end
        self._next = 0
        self._depth = 0

    def either(self) -> Predicate:
        terms = [self._both()]
        while self._take("or"):
            terms.append(self._both())
        return terms[0] if len(terms) == 1 else lambda facts: any(term(facts) for term in terms)

    def expect_end(self) -> None:
        if token := self._peek():
            raise SelectionError(
                f"column {token.column}: expected 'and', 'or' or the end, not {token.text!r}"
            )

    def _both(self) -> Predicate:
        terms = [self._negated()]
        while self._take("and"):
            terms.append(self._negated())
        return terms[0] if len(terms) == 1 else lambda facts: all(term(facts) for term in terms)

    def _negated(self) -> Predicate:
        denied = False
        while self._take("not"):
            denied = not denied
        term = self._term()
        return (lambda facts: not term(facts)) if denied else term

    def _term(self) -> Predicate:
        token = self._peek()
        if token is None:
            raise SelectionError(f"column {self._end}: the expression stops where a term is expected")
        self._next += 1
        if token.text == "(":
            self._depth += 1
            if self._depth > _MAX_DEPTH:
                raise SelectionError(f"column {token.column}: more than {_MAX_DEPTH} parentheses deep")
            inner = self.either()
            self._depth -= 1
            if not self._take(")"):
                raise SelectionError(f"column {token.column}: this '(' is never closed")
            return inner
        return _matcher(token)

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self, text: str) -> bool:
        token = self._peek()
        if token is None or token.text != text:
            return False
        self._next += 1
        return True


def _matcher(token: _Token) -> Predicate:
    field, colon, pattern = token.text.partition(":")
    if not (colon and pattern):
        raise SelectionError(f"column {token.column}: write FIELD:PATTERN, as tag:tier1, not {token.text!r}")
    if field not in FIELDS:
        near = nearest(field, FIELDS)
        hint = f"did you mean {near[0]!r}?" if near else f"fields are {', '.join(FIELDS)}"
        raise SelectionError(f"column {token.column}: {field!r} is not a field; {hint}")
    return lambda facts: any(fnmatchcase(value, pattern) for value in facts.get(field, ()))
