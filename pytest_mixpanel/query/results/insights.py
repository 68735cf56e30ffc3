"""The answer to an insights query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.query.results.base import Ask, Origin, Result, checked
from pytest_mixpanel.query.results.shape import Place, check_envelope, check_insights

if TYPE_CHECKING:
    import pandas as pd

OVERALL = "$overall"
TIME_CHARTS = {"line", "column", "stacked-line", "stacked-column"}


class QueryResult(Result):
    """``series``: metric → (segment →)* date → value; ``{"all": value}`` where the range is one bucket.

    ``comparison``: the same of the period that was compared with, a result of its own, or ``None``.
    """

    def __init__(
        self,
        origin: Origin,
        headers: list[str],
        series: Mapping[str, Any],
        ask: Ask | None = None,
        comparison: QueryResult | None = None,
    ) -> None:
        super().__init__(origin, ask)
        self.headers = headers
        self.series = series
        self.comparison = comparison

    @classmethod
    def parse(cls, answer: Any, params: Mapping[str, Any], ask: Ask | None = None) -> QueryResult:
        """Read an answer; raises ``QueryError`` for one that is none."""
        body = checked(answer, "Insights")
        check_envelope(Place(body, "Insights"))
        check_insights(Place(body["series"] or {}, "Insights", "$.series"))
        series, headers = body["series"] or {}, body.get("headers") or []
        past = body.get("time_comparison")
        compared = (
            cls.parse({"computed_at": body.get("computed_at", ""), "headers": headers, **past}, params)
            if isinstance(past, dict) and "series" in past
            else None
        )
        return cls(Origin.of(body, params), list(headers), series, ask, compared)

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return {
            "computed_at": self.computed_at,
            "from_date": self.from_date,
            "to_date": self.to_date,
            "headers": self.headers,
            "series": self.series,
            "params": self.params,
            "meta": self.meta,
        }

    def daily(self, segment: str | None = None) -> dict[str, float]:
        """Date → value of the first metric, overall or of one segment."""
        if not self.series:
            return {}
        block = next(iter(self.series.values()))
        leaf = block if _is_leaf(block) else block.get(segment or OVERALL, {})
        return {date[:10]: value or 0 for date, value in leaf.items() if date != "all"}

    def segments(self) -> list[str]:
        """The segments of the first breakdown of the first metric, without the roll-up."""
        if not self.series:
            return []
        block = next(iter(self.series.values()))
        return [] if _is_leaf(block) else [name for name in block if name != OVERALL]

    def _frame(self) -> pd.DataFrame:
        import pandas as pd

        depth = max((_depth(block) for block in self.series.values()), default=0)
        names = self._segment_names(depth if self.series else max(len(self.headers) - 1, 0))
        rows = list(self._rows(depth))
        dated = bool(rows) and any(row[0] is not None for row in rows)
        if not rows:
            chart = (self.params.get("displayOptions") or {}).get("chartType")
            dated = chart is None or chart in TIME_CHARTS
        columns = ["date", "event", *names, "count"]
        frame = pd.DataFrame(rows, columns=columns)
        if not dated:
            frame = frame.drop(columns="date")
        return self._with_property_columns(frame, names)

    def _with_property_columns(self, frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
        """A single breakdown is found under ``segment`` and under its property's own name."""
        own = self.headers[1] if len(self.headers) > 1 else None
        if names == ["segment"] and own and own not in frame.columns:
            frame.insert(len(frame.columns) - 1, own, frame["segment"])
        return frame

    def _segment_names(self, depth: int) -> list[str]:
        if depth <= 1:
            return ["segment"] * depth
        own = self.headers[1:]
        usable = len(own) == depth and len(set(own)) == depth and not {"date", "event", "count", ""} & {*own}
        return own if usable else [f"segment_{position}" for position in range(1, depth + 1)]

    def _rows(self, depth: int) -> Iterator[tuple[Any, ...]]:
        for event, block in self.series.items():
            for segments, leaf in _leaves(block, depth):
                for date, value in leaf.items():
                    shown = None if date == "all" else date[:19]
                    yield (shown, event, *segments, value)

    def __repr__(self) -> str:
        metrics = ", ".join(map(repr, self.series)) or "no series"
        return f"<QueryResult {metrics} {self.from_date[:10]} … {self.to_date[:10]}>"


def _is_leaf(block: Mapping[str, Any]) -> bool:
    return not any(isinstance(value, dict) for value in block.values())


def _depth(block: Mapping[str, Any]) -> int:
    if _is_leaf(block):
        return 0
    return 1 + max(_depth(inner) for inner in block.values() if isinstance(inner, dict))


def _leaves(block: Mapping[str, Any], depth: int) -> Iterator[tuple[list[str], Mapping[str, Any]]]:
    if _is_leaf(block):
        yield [OVERALL] * depth, block
        return
    for segment, inner in block.items():
        for rest, leaf in _leaves(inner, depth - 1):
            yield [segment, *rest], leaf
