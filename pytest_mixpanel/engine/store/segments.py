"""A store that grows: a folder of segments, none of which is ever changed, and a manifest that lists them.

A segment holds the events of some files in columns sorted by user and time, like a store of its own
(``disk.py``), and beside them what is needed to sort them anew: under which number each row came in,
identifiers and names as they were told, and the rows that repeat others, at the end of every column.
Nothing is lost by being sorted, so files need not be there any more when identities, settings or other
files change what a segment should look like.

An addition writes one new segment and what goes across segments (which user of the store each user of a
segment is, which rows are hidden because a file is gone or a later one repeats them), then replaces the
manifest. Whoever has the old manifest open keeps its segments by a lock shared with all readers; they are
removed by a later addition that finds nobody reading.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.errors import EventDataError
from pytest_mixpanel.engine.store.column_files import mapped, stored_columns
from pytest_mixpanel.engine.store.columns import Column, rows_of_all
from pytest_mixpanel.engine.store.store import Store

SEGMENT = "segment.json"


class Segment:
    """A folder of events, read as far as it is asked."""

    def __init__(self, folder: Path, held: object = None) -> None:
        self.folder, self._held = folder, held
        try:
            self.told: dict[str, Any] = json.loads((folder / SEGMENT).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise EventDataError(
                f"{folder} is no segment of a store: {error}; import the events anew"
            ) from error
        self.visible: int = self.told["visible"]
        self.rows: int = self.told["rows"]

    @cached_property
    def users(self) -> list[str]:
        return self.read_users()

    def read_users(self) -> list[str]:
        """The users, who are many, for one who needs them once."""
        return self._texts("users")

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        return np.asarray(self._array("offsets"))

    @cached_property
    def time(self) -> NDArray[np.int64]:
        return np.asarray(self._array("time"))

    @cached_property
    def order(self) -> NDArray[Any]:
        """The number under which each row came in: its file's first, and its place in the file."""
        return np.asarray(self._array("order"))

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """The number of the first event of every file."""
        return np.append(0, np.cumsum(self.told["file_rows"]))[:-1].astype(np.int64)

    def file_of(self, order: Any) -> NDArray[np.int64]:
        """The place among the segment's files of what came in under these numbers."""
        return np.asarray(np.searchsorted(self.starts, order, side="right") - 1)

    @cached_property
    def raw_event(self) -> tuple[NDArray[Any], list[str]]:
        """Codes of events as they were told, before any was merged into another, and their names."""
        names = self.told["raw_names"]
        return self._array("event") if names is None else self._array("raw"), names or self.told[
            "event_names"
        ]

    @property
    def told_ids(self) -> tuple[NDArray[Any], list[str]] | None:
        """Codes of the distinct ids as they were told, and these; ``None`` where these are the users."""
        return (self._array("ids"), self._texts("ids")) if self.told["has_ids"] else None

    @cached_property
    def ids(self) -> tuple[NDArray[Any], list[str]]:
        """Codes of the distinct ids as they were told, and these, in any case."""
        told = self.told_ids
        if told is not None:
            return told
        owner = np.full(self.rows, len(self.users), np.int64)
        offsets = np.asarray(self.offsets)
        owner[: offsets[-1]] = np.repeat(np.arange(len(self.users)), np.diff(offsets))
        owner[self.visible :] = self.spare_owner
        return owner, [*self.users, ""]

    @property
    def spare_owner(self) -> NDArray[Any]:
        """Of every row at the end the user, nobody being the one after all others."""
        return np.asarray(self._array("spare-owner"))

    @property
    def repeats(self) -> NDArray[Any]:
        """Of every row at the end, which repeats another: the number under which that one came in."""
        return np.asarray(self._array("repeats"))

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last moment."""
        return self.told["first"], self.told["last"]

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        return stored_columns(self.folder, self.told["columns"], self._held)

    def atoms(self) -> tuple[list[str], NDArray[Any], NDArray[Any]]:
        """Names that links may move, where they do not keep to themselves, and the segment's user of each."""
        if not self.told["has_atoms"]:
            everyone = np.arange(len(self.users))
            return self.users, everyone, np.zeros(len(everyone), bool)
        return self._texts("atoms"), self._array("atom-user"), self._array("atom-moves")

    def links(self) -> Mapping[str, list[Any]]:
        """What joins identifiers, as the importer has put it there: a list for each thing that is told."""
        found: Any = json.loads((self.folder / "links.json").read_text(encoding="utf-8"))
        if isinstance(found, list):  # one for each link, as they were kept before
            names = ("time", "order", "kind", "one", "other")
            return {name: [link[at] for link in found] for at, name in enumerate(names)}
        told: dict[str, list[Any]] = found
        return told

    def store(self, **fields: Any) -> Store:
        """The rows that repeat none as a store, of users that may be named otherwise."""
        n = self.visible
        return Store(
            event_names=tuple(self.told["event_names"]),
            offsets=self.offsets,
            time=self.time[:n],
            event=self._array("event")[:n],
            columns=self.columns if n == self.rows else rows_of_all(self.columns, slice(n)),
            **fields,
        )

    def _array(self, name: str) -> Any:
        return mapped(self.folder / f"{name}.npy")

    def _texts(self, name: str) -> list[str]:
        found: list[str] = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
        return found
