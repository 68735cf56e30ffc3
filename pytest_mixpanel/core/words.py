"""Numbers with their nouns."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """``1 check``, ``1,200 checks``; for nouns whose plural takes an s."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
