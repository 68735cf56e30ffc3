"""Names that mean the same: another case or spacing, the same words in another order, a slip of the pen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

_SEPARATOR = re.compile(r"[\W_]+")
_CLOSE = 0.85


def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: ``checkoutCompleted`` is checkout, completed."""
    spaced = "".join(
        f" {here}" if _starts_a_word(before, here, after) else here
        for before, here, after in zip(f" {name}", name, f"{name[1:]} ", strict=False)
    )
    return tuple(word.lower() for word in _SEPARATOR.split(spaced) if word)


def _starts_a_word(before: str, here: str, after: str) -> bool:
    if here.isupper():
        return before.islower() or before.isdigit() or (before.isupper() and after.islower())
    return here.isdigit() != before.isdigit()


def looks_like(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that ``name`` is most probably a misspelling or another spelling of, if any."""
    best: tuple[float, str] | None = None
    for candidate in sorted(candidates):
        score = _likeness(words(name), words(candidate))
        if score >= _CLOSE and (best is None or score > best[0]):
            best = (score, candidate)
    return best[1] if best else None


def _likeness(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    """1 for the same words in any order, else how alike the spellings are."""
    if not first or not second:
        return 0.0
    if sorted(first) == sorted(second):
        return 1.0
    return SequenceMatcher(None, "".join(first), "".join(second), autojunk=False).ratio()
