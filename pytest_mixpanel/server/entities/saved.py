"""What params may refer to by id: the saved cohorts and custom properties of a project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pytest_mixpanel.query.node import Saved
from pytest_mixpanel.server.entities.store import EntityStore

COHORTS, CUSTOM_PROPERTIES = "cohorts", "custom_properties"


class Rows(Mapping[int, Mapping[str, Any]]):
    """The rows of a collection by number, read when they are asked for; deleted ones are not there."""

    def __init__(self, entities: EntityStore, collection: str) -> None:
        self._entities, self._collection = entities, collection

    def __getitem__(self, number: int) -> Mapping[str, Any]:
        row = self._entities.row(self._collection, number)
        if row is None or row.get("deleted"):
            raise KeyError(number)
        return row

    def __iter__(self) -> Iterator[int]:
        return (int(row["id"]) for row in self._entities.rows(self._collection) if not row.get("deleted"))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def saved_in(entities: EntityStore) -> Saved:
    """What queries of this project may name by id."""
    return Saved(Rows(entities, COHORTS), Rows(entities, CUSTOM_PROPERTIES))
