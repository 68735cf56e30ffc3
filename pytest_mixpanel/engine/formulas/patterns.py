"""Regular expressions of formulas: PCRE2 spellings read by Python's engine (semantics P-3, 8.4)."""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST_PATTERN = 2_000
LONGEST_SUBJECT = 20_000

_POSIX = {
    "alpha": "A-Za-z",
    "digit": "0-9",
    "alnum": "A-Za-z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "space": r"\s",
    "blank": r" \t",
    "word": r"\w",
    "xdigit": "A-Fa-f0-9",
    "punct": r"!-/:-@\[-`{-~",
}
_ESCAPES = {r"\h": r"[ \t]", r"\R": r"(?:\r\n|\n|\r)", r"\z": r"\Z", r"\Z": r"(?=\n?\Z)"}
_FLAGS = re.compile(r"\(\?([imsx]*(?:-[imsx]+)?)\)")
_CLASS = re.compile(r"\[\^?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\]", re.DOTALL)
_TOKEN = re.compile(r"\\.|\(\?<(?![=!])|.", re.DOTALL)


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern, ignoring case unless it says ``(?-i)``; ``None`` where it cannot be read."""
    if len(pattern) > LONGEST_PATTERN:
        return None
    try:
        return re.compile(_translated(pattern), re.IGNORECASE)
    except (re.error, OverflowError, RecursionError):
        return None


def matches(subject: str, pattern: str) -> bool | None:
    """Whether the pattern is found anywhere; ``None`` for a bad pattern."""
    found = compiled(pattern)
    return None if found is None else found.search(subject[:LONGEST_SUBJECT]) is not None


def extract(subject: str, pattern: str, group: int = 0) -> str | None:
    """The first match or one of its groups; ``None`` where there is none."""
    found = compiled(pattern)
    match = found.search(subject[:LONGEST_SUBJECT]) if found else None
    if match is None or not 0 <= group <= match.re.groups:
        return None
    return match.group(group)


def replace(subject: str, pattern: str, replacement: str) -> str | None:
    """All matches replaced; ``$0`` is the match, ``$1`` its first group."""
    found = compiled(pattern)
    if found is None:
        return None

    def filled(match: re.Match[str]) -> str:
        def group(reference: re.Match[str]) -> str:
            number = int(reference[1])
            return (match.group(number) or "") if number <= match.re.groups else ""

        return re.sub(r"\$([0-9]{1,2})", group, replacement)

    return found.sub(filled, subject[:LONGEST_SUBJECT])


def portability(pattern: str) -> list[str]:
    """What is reported not to work in the vendor's formulas, though the engine accepts it (P-3)."""
    warnings = []
    for escape, instead in ((r"\d", "[0-9]"), (r"\w", "[A-Za-z0-9_]")):
        if escape in pattern:
            warnings.append(f"{escape} in {pattern!r} may not work in Mixpanel: write {instead}")
    if re.search(r"\{[0-9]+,?[0-9]*\}", pattern):
        warnings.append(f"a counted repetition in {pattern!r} may not work in Mixpanel: write it out")
    return warnings


def _translated(pattern: str) -> str:
    """PCRE2 → Python: flags in the middle apply to the rest of their group, in every branch."""
    out: list[str] = []
    open_flags: list[list[str]] = [[]]
    position = 0
    while position < len(pattern):
        if flags := _FLAGS.match(pattern, position):
            open_flags[-1].append(f"(?{flags[1]}:" if flags[1] else "(?:")
            out.append(open_flags[-1][-1])
            position = flags.end()
            continue
        found = _CLASS.match(pattern, position) if pattern[position] == "[" else None
        if found:
            out.append(_character_class(found[0]))
            position = found.end()
            continue
        token = _TOKEN.match(pattern, position)
        assert token is not None  # it matches any character
        _add(token[0], out, open_flags)
        position = token.end()
    return "".join(out) + ")" * len(open_flags[0])


def _add(token: str, out: list[str], open_flags: list[list[str]]) -> None:
    if token == "(?<":
        open_flags.append([])
        out.append("(?P<")
    elif token == "(":
        open_flags.append([])
        out.append(token)
    elif token == ")" and len(open_flags) > 1:
        out.append(")" * (len(open_flags.pop()) + 1))
    elif token == "|":
        out.append(")" * len(open_flags[-1]) + "|" + "".join(open_flags[-1]))
    else:
        out.append(_ESCAPES.get(token, token))


def _character_class(text: str) -> str:
    inner = re.sub(r"\[:(\w+):\]", lambda found: _POSIX.get(found[1], found[0]), text[1:-1])
    return "[" + re.sub(r"(?<!\\)\[", r"\\[", inner) + "]"
