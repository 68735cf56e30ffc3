"""What every result shares: where it came from, and a way to ask a follow-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.core.errors import QueryError

if TYPE_CHECKING:
    import pandas as pd

Ask = Callable[[str, Mapping[str, Any]], Any]
"""``ask(engine, params)`` runs params in the project a result came from."""


def answered(answer: Any, what: str) -> dict[str, Any]:
    """The answer, if it is one; raises ``QueryError`` for an error in a 200 and for what is no object."""
    if isinstance(answer, dict) and "error" not in answer:
        return answer
    said = answer.get("error") if isinstance(answer, dict) else "the answer is no object"
    raise QueryError(f"{what} query failed: {said}", status_code=200, response_body=answer)


def checked(answer: Any, what: str) -> dict[str, Any]:
    """The answer, if it is one with series; raises ``QueryError`` else."""
    body = answered(answer, what)
    if isinstance(body.get("series"), dict | list):
        return body
    raise QueryError(f"{what} query failed: the answer has no series", status_code=200, response_body=answer)


def day_of(label: str) -> str:
    """``2026-03-01T00:00:00-05:00`` → ``2026-03-01``."""
    return label[:10]


@dataclass(frozen=True)
class Origin:
    """When and for which range a result was computed."""

    computed_at: str
    from_date: str
    to_date: str
    params: Mapping[str, Any]
    meta: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, answer: Mapping[str, Any], params: Mapping[str, Any]) -> Origin:
        span, meta = answer.get("date_range"), answer.get("meta")
        span = span if isinstance(span, Mapping) else {}
        return cls(
            str(answer.get("computed_at") or ""),
            str(span.get("from_date") or ""),
            str(span.get("to_date") or ""),
            params,
            meta if isinstance(meta, Mapping) else {},
        )


class Result:
    """A typed answer. Subclasses hold the numbers; ``_frame`` makes the table."""

    origin: Origin

    def __init__(self, origin: Origin, ask: Ask | None = None) -> None:
        self.origin = origin
        self._ask = ask
        self._df: pd.DataFrame | None = None

    @property
    def params(self) -> Mapping[str, Any]:
        """The params JSON that was sent."""
        return self.origin.params

    @property
    def meta(self) -> Mapping[str, Any]:
        return self.origin.meta

    @property
    def computed_at(self) -> str:
        return self.origin.computed_at

    @property
    def from_date(self) -> str:
        return self.origin.from_date

    @property
    def to_date(self) -> str:
        return self.origin.to_date

    @property
    def df(self) -> pd.DataFrame:
        """The result as a frame, made once."""
        if self._df is None:
            self._df = self._frame()
        return self._df

    def _frame(self) -> pd.DataFrame:
        raise NotImplementedError

    def follow_up(self, engine: str, params: Mapping[str, Any]) -> Any:
        """Ask the same project something more; raises ``QueryError`` for a result of no project."""
        if self._ask is None:
            raise QueryError(
                "this result belongs to no project, so it cannot ask for daily counts; "
                "ask with mode='trends' instead",
                status_code=0,
            )
        return self._ask(engine, params)

    def to_table_dict(self) -> list[dict[str, Any]]:
        """The frame's rows as dictionaries."""
        return [{str(name): value for name, value in row.items()} for row in self.df.to_dict("records")]

    def _repr_html_(self) -> str:
        html: str = self.df.to_html(max_rows=30, escape=True, index=False)
        return html
