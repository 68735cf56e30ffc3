"""Regular expressions of formulas, read by PCRE2 as the vendor does (semantics P-3, 8.4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

T = TypeVar("T")

LONGEST_PATTERN = 2_000
LONGEST_SUBJECT = 20_000
MOST_STEPS = 200_000
"""Steps of one search: a pattern that backtracks further than that has no answer, on every machine."""


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Any:
    """The pattern, ignoring case unless it says ``(?-i)``; ``None`` where it cannot be read."""
    # Loaded by the formulas that need it.
    import pcre2

    if len(pattern) > LONGEST_PATTERN:
        return None
    try:
        return pcre2.compile(f"(*LIMIT_MATCH={MOST_STEPS}){pattern}", pcre2.IGNORECASE)
    except (pcre2.PatternError, pcre2.LibraryError, ValueError):
        return None


def matches(subject: str, pattern: str) -> bool | None:
    """Whether the pattern is found anywhere; ``None`` for a bad pattern."""
    return _asked(pattern, lambda found: found.search(subject[:LONGEST_SUBJECT]) is not None)


def extract(subject: str, pattern: str, group: int = 0) -> str | None:
    """The first match or one of its groups; ``None`` where there is none."""

    def extracted(found: Any) -> str | None:
        match = found.search(subject[:LONGEST_SUBJECT])
        if match is None or not 0 <= group <= found.groups:
            return None
        text: str | None = match.group(group)
        return text

    return _asked(pattern, extracted)


def replace(subject: str, pattern: str, replacement: str) -> str | None:
    """All matches replaced; ``$0`` is the match, ``$1`` its first group."""

    def replaced(found: Any) -> str:
        def filled(match: Any) -> str:
            def group(reference: re.Match[str]) -> str:
                number = int(reference[1])
                return (match.group(number) or "") if number <= found.groups else ""

            return re.sub(r"\$([0-9]{1,2})", group, replacement)

        text: str = found.sub(filled, subject[:LONGEST_SUBJECT])
        return text

    return _asked(pattern, replaced)


def _asked(pattern: str, ask: Callable[[Any], T]) -> T | None:
    """What a pattern says; ``None`` where it cannot be read, or would take too many steps."""
    found = compiled(pattern)
    if found is None:
        return None
    import pcre2

    try:
        return ask(found)
    except (pcre2.LibraryError, UnicodeError):
        return None


def portability(pattern: str) -> list[str]:
    """What is reported not to work in the vendor's formulas, though the engine accepts it (P-3)."""
    warnings = []
    for escape, instead in ((r"\d", "[0-9]"), (r"\w", "[A-Za-z0-9_]")):
        if escape in pattern:
            warnings.append(f"{escape} in {pattern!r} may not work in Mixpanel: write {instead}")
    if re.search(r"\{[0-9]+,?[0-9]*\}", pattern):
        warnings.append(f"a counted repetition in {pattern!r} may not work in Mixpanel: write it out")
    return warnings
