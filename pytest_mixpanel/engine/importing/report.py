"""What is told of an import: how far it is, and what has become of every line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.words import counted


@frozen
class Reading:
    """How far an import has read: events, rejected lines, bytes of ``size``, which a pipe does not tell.

    Bytes are those of the files as they lie there, compressed or not.
    """

    events: int = 0
    rejected: int = 0
    bytes: int = 0
    size: int | None = None


Progress = Callable[[Reading], None]
"""Called now and then while files are read, and when all are."""


@frozen
class RejectedLine:
    """A line, or a row of a Parquet file, that is no event: where it stands and why."""

    file: str
    line: int
    reason: str


@frozen
class ImportReport:
    """What became of the lines: every one is an event, a repeated delivery, or rejected."""

    events: int
    users: int
    repeated: int
    rejected: tuple[RejectedLine, ...]
    first: str
    last: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ImportReport:
        return cls(**{**data, "rejected": tuple(RejectedLine(**line) for line in data["rejected"])})

    def summary(self) -> str:
        """One line for people, as ``262,200 events of 13,087 users, 3 lines rejected (first: …)``."""
        said = f"{counted(self.events, 'event')} of {counted(self.users, 'user')}, {self.first} … {self.last}"
        if self.repeated:
            deliveries = "delivery" if self.repeated == 1 else "deliveries"
            said += f", {self.repeated:,} repeated {deliveries} left out"
        if self.rejected:
            worst = self.rejected[0]
            lines = counted(len(self.rejected), "line")
            said += f", {lines} rejected (first: {worst.file}:{worst.line}: {worst.reason})"
        return said
