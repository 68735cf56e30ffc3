"""What is no YAML, told to its author: what may have been meant, not which token the parser missed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pytest_mixpanel.dsl.diagnostics import Diagnostic, Place

_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that YAML does not allow."""

_QUOTE = "put the text in quotes"
_INDENT = "indent it as the lines it belongs to"
_CLOSERS = {"sequence": ("list", "]"), "mapping": ("map", "}")}

_Told = tuple[str, str]


def malformed(error: Any, path: str, lines: Sequence[str]) -> Diagnostic:
    """A parser's error (a PyYAML ``YAMLError``) as a problem of the file; ``lines`` are the file's."""
    problem, context = getattr(error, "problem", None), getattr(error, "context", None) or ""
    if problem is None:
        return _forbidden(error, path, lines)
    mark = error.problem_mark or error.context_mark
    if _is_open_quote(problem, context):
        mark = error.context_mark
    line, column = (min(mark.line, len(lines) - 1), mark.column) if mark else (0, 0)
    place = Place(path, line + 1, column + 1, 1, lines[line])
    # Newer parsers have a bound of their own, which they meet while reading ahead of their events.
    if "nesting depth" in problem:
        return Diagnostic("too-large", "nested deeper than the parser goes", place)
    message, hint = _told(problem, context, error.context_mark, lines[line], column)
    return Diagnostic("not-yaml", message, place, hint)


def _told(problem: str, context: str, begun: Any, source: str, column: int) -> _Told:
    if "\t" in source[: column + 1] and ("indentation" in problem or "start any token" in problem):
        return "a tab cannot indent", "indent with spaces"
    if _is_open_quote(problem, context):
        return "this quote is never closed", f"close it with {source[column : column + 1]}"
    if "start any token" in problem:
        return f"a text cannot begin with {source[column : column + 1]!r}", _QUOTE
    if "mapping values" in problem:
        return _second_colon(source, column)
    if (flow := re.search("flow (sequence|mapping)", context)) and begun:
        kind, closer = _CLOSERS[flow[1]]
        return (
            f"the {kind} that begins at {begun.line + 1}:{begun.column + 1} is not closed",
            f"add '{closer}'",
        )
    if "another document" in problem:
        return "a file holds one document", "remove '---', or make a file of what follows"
    if "alias" in problem or "alias" in context:
        return "a text that begins with '*' names an anchor, and there is none of this name", _QUOTE
    if "did not find expected" in problem and "block" in context:
        return _astray(source, column)
    return ", ".join(part for part in (context, problem) if part), ""


def _is_open_quote(problem: str, context: str) -> bool:
    return "quoted scalar" in context and "unexpected end" in problem


def _second_colon(source: str, column: int) -> _Told:
    if ": " in source[:column]:
        return "a second ': ' in one line", _QUOTE
    return "a key stands where the value before it would go on", _INDENT


def _astray(source: str, column: int) -> _Told:
    """A line that begins where none of those around it do, or one that goes on after its value's end."""
    if source[:column].strip(" -"):
        return (
            f"{source[column : column + 20]!r} follows a value that has ended",
            "put the whole value in quotes",
        )
    return "the line begins deeper or less deep than the others of its block", _INDENT


def _forbidden(error: Any, path: str, lines: Sequence[str]) -> Diagnostic:
    for number, source in enumerate(lines):
        if found := _CONTROL.search(source):
            place = Place(
                path, number + 1, found.start() + 1, 1, _CONTROL.sub("\N{REPLACEMENT CHARACTER}", source)
            )
            told = f"the character U+{ord(found[0]):04X} is not allowed in YAML"
            return Diagnostic("not-yaml", told, place, "remove it")
    return Diagnostic("not-yaml", str(error).splitlines()[0], Place(path, 1, 1, 1, lines[0]))
