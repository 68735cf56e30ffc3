"""What is served: a project's events and what was made in it, as seen at one moment."""

from __future__ import annotations

from datetime import datetime

from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.parse.node import Saved
from pytest_mixpanel.server.entities.saved import saved_in
from pytest_mixpanel.server.entities.store import EntityStore, Row
from pytest_mixpanel.server.governed import Governed


class Served:
    """A project as its handlers see it, at ``now``.

    ``entities`` are what was made in the project, ``name`` is what it is called, ``beside`` the cohorts and
    custom properties that lie beside its events.
    """

    def __init__(
        self,
        store: Store,
        now: datetime,
        entities: EntityStore | None = None,
        name: str = "local",
        beside: Saved | None = None,
    ) -> None:
        self.name = name
        self.now = now
        self.entities = entities or EntityStore()
        self.beside = beside or Saved()
        self._governed = Governed(store, self.entities)

    @property
    def store(self) -> Store:
        """The events as queries see them."""
        return self._governed.store

    def known(self) -> Saved:
        """What params may name by id: what lies beside the events, and what was made in the project."""
        return self.beside | saved_in(self.entities)

    def saved(self, collection: str) -> list[Row]:
        """What was saved of a kind and not deleted, in the order it was made."""
        return [row for row in self.entities.rows(collection) if not row.get("deleted")]

    def one_saved(self, collection: str, number: str) -> Row | None:
        """One of them by its id."""
        row = self.entities.row(collection, number)
        return None if row is None or row.get("deleted") else row
