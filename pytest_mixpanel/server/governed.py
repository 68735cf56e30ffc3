"""A project's events as its Lexicon lets queries see them, with the tables that are joined to them."""

from __future__ import annotations

from dataclasses import replace

from pytest_mixpanel.engine.settings import Settings
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.store.without import Deletion, without
from pytest_mixpanel.server.entities.store import EntityStore


class Governed:
    """The events, without what was deleted, under the Lexicon as it is now."""

    def __init__(self, events: Store, entities: EntityStore) -> None:
        self._events, self._entities = events, entities
        self._left: tuple[tuple[Deletion, ...], Store] = ((), events)
        self._joined: tuple[tuple[str, ...], Settings] = ((), events.settings)

    @property
    def store(self) -> Store:
        """What a query asks; the events themselves are not copied unless some are deleted.

        What a store begins with changes no number, so that a first query need not wait for it.
        """
        if self._entities.is_untouched or self._entities.is_empty:
            return self._events
        from pytest_mixpanel.server.entities import deletions, lexicon, lookup_tables

        with self._entities.transaction(writes=False):
            gone = deletions.pending(self._entities)
            said = lexicon.as_engine_reads(self._entities)
            tables = lookup_tables.contents(self._entities)
        if gone != self._left[0]:
            self._left = (gone, without(self._events, gone))
        if tables != self._joined[0]:
            own = self._events.settings
            lookups = {**lookup_tables.as_engine_reads(tables), **own.lookups}
            self._joined = (tables, replace(own, lookups=lookups))
        store = replace(self._left[1], settings=self._joined[1])
        return store if said is None else replace(store, lexicon=said)
