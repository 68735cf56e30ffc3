"""Words that choose among methods."""

from __future__ import annotations

from typing import Any, get_args


def check_word(name: str, given: str, words: Any) -> None:
    """Raise ``ValueError`` for a word that is none of a ``Literal``'s."""
    known = get_args(words)
    if given not in known:
        raise ValueError(f"{name} is one of {', '.join(known)}, not {given!r}")
