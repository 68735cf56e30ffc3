"""Numbers with their nouns, and words that may have been meant."""

from __future__ import annotations

from collections.abc import Iterable


def counted(count: int, noun: str) -> str:
    """``1 check``, ``1,200 checks``; for nouns whose plural takes an s."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def nearest(word: str, known: Iterable[str], most: int = 1, alike: float = 0.6) -> list[str]:
    """The known words that a word resembles, whatever their case, the nearest first.

    ``alike``: how much they have in common, from 0 to 1; of those that differ in case only, the first counts.
    """
    from difflib import get_close_matches

    folded: dict[str, str] = {}
    for each in known:
        folded.setdefault(each.casefold(), each)
    return [folded[each] for each in get_close_matches(word.casefold(), folded, most, alike)]


def instead(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'steps'?``, to end a message about an unknown word; nothing where none is near."""
    near = nearest(word, known)
    return f"; did you mean {near[0]!r}?" if near else ""
