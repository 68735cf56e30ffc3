"""Names that somebody may have meant."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_mixpanel.core.words import nearest

MOST = 5


def similar_names(name: str, known: Sequence[str]) -> list[str]:
    """The closest of the known names: equal but for case, containing it, sharing words, or alike."""
    wanted = name.casefold()
    folded = {candidate: candidate.casefold() for candidate in known}
    equal = [candidate for candidate, text in folded.items() if text == wanted]
    parts = sorted((c for c, text in folded.items() if wanted in text or text in wanted), key=len)
    alike = nearest(name, known, MOST)
    words = set(wanted.split())
    shared = [candidate for candidate, text in folded.items() if words & set(text.split())]
    return list(dict.fromkeys([*equal, *alike, *parts, *shared]))[:MOST]
