"""Which segments of a store are put together with what is new, so that there are never many of them.

As in any log-structured merge tree: small segments are put together when there are too many of them, all of
them when the small ones outgrow the large one. Every event is so rewritten a few times in the life of a
store, however many days are added one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pytest_mixpanel.engine.store.manifest import Entry

MOST_SEGMENTS = 8
MOST_ROWS = 2_000_000_000
"""Segments that hold more together are left apart."""


def outgrown(sizes: Mapping[str, int], new: int) -> set[str]:
    """Segments, by their events, that are put together with ``new`` events."""
    if not sizes:
        return set()
    large = max(sizes, key=lambda name: sizes[name])
    small = {name: size for name, size in sizes.items() if name != large}
    total = sum(small.values()) + new
    if total > sizes[large] and total + sizes[large] <= MOST_ROWS:
        return set(sizes)
    if len(sizes) >= MOST_SEGMENTS and total <= MOST_ROWS:
        return set(small)
    return set()


def between(chosen: set[str], entries: Sequence[Entry], new: Sequence[tuple[object, ...]]) -> set[str]:
    """The chosen segments and all whose files lie between those of the chosen and the new ones.

    So the files of a segment follow on each other, and of equal events that of a later segment is the later.
    ``new``: the ranks of new files.
    """
    chosen = set(chosen)
    while True:
        ranks = [*new, *(file.rank for entry in entries if entry.folder in chosen for file in entry.live)]
        if not ranks:
            return chosen
        first, last = min(ranks), max(ranks)
        inside = {
            entry.folder
            for entry in entries
            if entry.folder not in chosen
            and entry.live
            and entry.live[0].rank < last
            and first < entry.live[-1].rank
        }
        if not inside:
            return chosen
        chosen |= inside
