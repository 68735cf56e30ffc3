"""A project's events as its Lexicon lets queries see them."""

from __future__ import annotations

from dataclasses import replace

from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.store.without import Deletion, without
from pytest_mixpanel.server.entities.store import EntityStore


class Governed:
    """The events, without what was deleted, under the Lexicon as it is now."""

    def __init__(self, events: Store, entities: EntityStore) -> None:
        self._events, self._entities = events, entities
        self._left: tuple[tuple[Deletion, ...], Store] = ((), events)

    @property
    def store(self) -> Store:
        """What a query asks; the events themselves are not copied unless some are deleted.

        What a store begins with changes no number, so that a first query need not wait for it.
        """
        if self._entities.is_untouched or self._entities.is_empty:
            return self._events
        from pytest_mixpanel.server.entities import deletions, lexicon

        with self._entities.transaction(writes=False):
            gone = deletions.pending(self._entities)
            said = lexicon.as_engine_reads(self._entities)
        if gone != self._left[0]:
            self._left = (gone, without(self._events, gone))
        return self._left[1] if said is None else replace(self._left[1], lexicon=said)
