"""What was made in a project: collections of JSON rows with their history, in memory or in a file."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pytest_mixpanel.core.errors import EventDataError
from pytest_mixpanel.core.files import write_whole
from pytest_mixpanel.core.identity import nth_uuid

FORMAT = 1
Row = dict[str, Any]


@dataclass
class Collection:
    """Rows by id, in the order they were made; ids are never given twice."""

    rows: dict[str, Row] = field(default_factory=dict)
    history: dict[str, list[Row]] = field(default_factory=dict)
    made: int = 0


class EntityStore:
    """The collections of one project. Everything happens in a ``transaction``, one thread at a time.

    With ``file`` the rows outlive the process: each change writes the file anew, whole; of two processes
    that write at once the later one's rows stay. Without one, ``begin`` puts into the store what is there
    from the start. Both happen when the store is first used, and a file that is no such store raises
    ``EventDataError`` then.
    """

    def __init__(self, file: Path | None = None, begin: Callable[[EntityStore], None] | None = None) -> None:
        self._file, self._begin = file, begin
        self._lock = threading.RLock()
        self._collections: dict[str, Collection] | None = None

    @property
    def collections(self) -> dict[str, Collection]:
        """Every collection by name, read or begun when it is first asked for."""
        with self._lock:
            if self._collections is None:
                self._collections = _read(self._file) if self._file and self._file.exists() else {}
                if self._begin is not None:
                    self._begin(self)
            return self._collections

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has asked for anything yet, and nothing is kept in a file."""
        return self._collections is None and not (self._file and self._file.exists())

    @property
    def is_empty(self) -> bool:
        """Whether nothing was made, or nothing of it is left."""
        with self._lock:
            return not any(one.rows for one in self.collections.values())

    def collection(self, name: str) -> Collection:
        return self.collections.setdefault(name, Collection())

    @contextmanager
    def transaction(self, *, writes: bool) -> Iterator[None]:
        """Hold the store; of a change that fails nothing stays."""
        with self._lock:
            before = copy.deepcopy(self.collections) if writes else None
            try:
                yield
                if writes and self._file:
                    self._write(self._file)
            except BaseException:
                if before is not None:
                    self._collections = before
                raise

    def rows(self, collection: str) -> list[Row]:
        """Copies of all rows of a collection, in the order they were made."""
        with self._lock:
            return copy.deepcopy(list(self.collection(collection).rows.values()))

    def row(self, collection: str, id: str | int) -> Row | None:
        """A copy of a row, ``None`` where there is none."""
        with self._lock:
            return copy.deepcopy(self.collection(collection).rows.get(str(id)))

    def number(self, collection: str) -> int:
        """A new id, an integer: 1, 2, 3 …"""
        into = self.collection(collection)
        into.made += 1
        return into.made

    def uuid(self, collection: str) -> str:
        """A new id, a UUID: the same ones in the same order in every new store."""
        return nth_uuid(collection, self.number(collection))

    def _write(self, file: Path) -> None:
        collections = {name: asdict(one) for name, one in self.collections.items()}
        write_whole(
            file, json.dumps({"format": FORMAT, "collections": collections}, indent=1, sort_keys=True)
        )


def _read(file: Path) -> dict[str, Collection]:
    try:
        document: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            raise ValueError(f"format {document['format']!r}, not {FORMAT}")
        return {name: Collection(**one) for name, one in document["collections"].items()}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise EventDataError(
            f"{file}: cannot be read as the entities of a project ({error}); remove it to begin anew"
        ) from error
