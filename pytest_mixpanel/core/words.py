"""Numbers with their nouns, and words that may have been meant."""

from __future__ import annotations

from collections.abc import Iterable


def counted(count: int, noun: str) -> str:
    """``1 check``, ``1,200 checks``; for nouns whose plural takes an s."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def nearest(word: str, known: Iterable[str], most: int = 1, alike: float = 0.6) -> list[str]:
    """The known words that a word resembles, whatever their case, the nearest first.

    ``alike``: how much they have in common, from 0 to 1. Those that differ in case only are as near.
    """
    from difflib import get_close_matches

    folded: dict[str, list[str]] = {}
    for each in known:
        folded.setdefault(each.casefold(), []).append(each)
    found = get_close_matches(word.casefold(), folded, most, alike)
    return [each for spelling in found for each in folded[spelling]][:most]


def instead(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'steps'?``, to end a message about an unknown word; nothing where none is near."""
    near = nearest(word, known)
    return f"; did you mean {near[0]!r}?" if near else ""
