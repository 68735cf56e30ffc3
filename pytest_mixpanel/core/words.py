"""Numbers with their nouns, and words that may have been meant."""

from __future__ import annotations

from collections.abc import Iterable


def counted(count: int, noun: str) -> str:
    """``1 check``, ``1,200 checks``; for nouns whose plural takes an s."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def instead(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'steps'?``, to end a message about an unknown word; nothing where none is near."""
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
