"""What the runner needs of a project: the part of ``Workspace`` that checks meet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pytest_mixpanel.kinds.base import Question


class Project(Protocol):
    """A workspace, or anything that answers like one."""

    @property
    def now(self) -> datetime:
        """The clock, with a time zone."""

    @property
    def timezone(self) -> str:
        """The time zone in which the project counts days."""

    def data_range(self) -> tuple[date, date] | None:
        """The first and the last day of local data; ``None`` where nobody knows."""

    def events(self) -> Sequence[str]:
        """The names of the events that the project has seen."""

    def properties(self, event: str) -> Sequence[str]:
        """The names of the properties that an event was seen with."""

    def run_query(self, engine: str, params: Mapping[str, Any]) -> Any:
        """The typed answer to params of ``insights``, ``funnels``, ``retention``, …"""

    def stream_events(self, *, from_date: str, to_date: str) -> Iterable[Mapping[str, Any]]:
        """Raw events as the export gives them."""

    def lexicon_schemas(self, *, entity_type: Any = None) -> Sequence[Any]:
        """The Lexicon's schemas."""


def canonical(question: Question) -> str:
    """A text that equal questions share, whoever asks them."""
    return json.dumps(
        [question.engine, question.params],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        default=str,
    )


def ask(project: Project, question: Question) -> Any:
    """Put a question to the project; raises the client's errors."""
    special: dict[str, Callable[[], Any]] = {
        "export": lambda: list(project.stream_events(**question.params)),
        "lexicon": lambda: project.lexicon_schemas(**question.params),
    }
    if question.engine in special:
        return special[question.engine]()
    return project.run_query(question.engine, question.params)
