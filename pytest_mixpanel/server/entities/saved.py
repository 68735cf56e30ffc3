"""What params may refer to by id: the saved cohorts, custom properties and events of a project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pytest_mixpanel.query.parse.node import Saved
from pytest_mixpanel.server.entities.store import EntityStore

COHORTS, CUSTOM_PROPERTIES, LEXICON = "cohorts", "custom_properties", "lexicon"


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
    return Saved(Rows(entities, COHORTS), Rows(entities, CUSTOM_PROPERTIES), CustomEvents(entities))


class CustomEvents(Mapping[int, Mapping[str, Any]]):
    """The custom events of the Lexicon by number, read when they are asked for."""

    def __init__(self, entities: EntityStore) -> None:
        self._entities = entities
        self._found: dict[int, Mapping[str, Any]] | None = None

    def __getitem__(self, number: int) -> Mapping[str, Any]:
        return self._rows()[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows())

    def __len__(self) -> int:
        return len(self._rows())

    def _rows(self) -> dict[int, Mapping[str, Any]]:
        if self._found is None:
            nothing = self._entities.is_untouched or self._entities.is_empty
            self._found = {} if nothing else self._read()
        return self._found

    def _read(self) -> dict[int, Mapping[str, Any]]:
        with self._entities.transaction(writes=False):
            rows = self._entities.collection(LEXICON).rows.values()
            custom = [row for row in rows if row["entityType"] == "custom_event" and not row.get("deleted")]
            return {int(row["customEventId"]): {**row} for row in custom}
