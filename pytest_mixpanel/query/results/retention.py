"""The answer to a retention query: birth cohorts, their sizes, and who came back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.core.errors import QueryError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.results.base import Ask, Origin, Result, checked, day_of
from pytest_mixpanel.query.results.shape import Place, check_cohort, check_envelope

if TYPE_CHECKING:
    import pandas as pd

OVERALL = "$overall"
AVERAGE = "$average"
Cohorts = dict[str, dict[str, Any]]


@frozen
class BirthCohort:
    """Users born in one period: how many, and how many of them returned in each bucket."""

    date: str
    size: int
    counts: tuple[int, ...]


class RetentionQueryResult(Result):
    """``cohorts``: date → ``{first, counts, rates}``; ``segments`` the same for each segment."""

    def __init__(
        self,
        origin: Origin,
        cohorts: Cohorts,
        average: dict[str, Any],
        segments: dict[str, Cohorts],
        segment_averages: dict[str, dict[str, Any]],
        ask: Ask | None = None,
    ) -> None:
        super().__init__(origin, ask)
        self.cohorts = cohorts
        self.average_data = average
        self.segments = segments
        self.segment_averages = segment_averages

    @classmethod
    def parse(cls, answer: Any, params: Mapping[str, Any], ask: Ask | None = None) -> RetentionQueryResult:
        """Read an answer; raises ``QueryError`` for one that is none."""
        body = checked(answer, "Retention")
        check_envelope(Place(body, "Retention"))
        series = body["series"] or {}
        if not isinstance(series, dict) or len(series) > 1:
            raise QueryError("a retention answer holds one series", status_code=200, response_body=answer)
        block: dict[str, Any] = next(iter(series.values()), {})
        _check(Place(block, "Retention", "$.series"))
        segmented = isinstance(block.get(OVERALL), dict)
        whole = block[OVERALL] if segmented else block
        others = {
            name: inner
            for name, inner in block.items()
            if segmented and name != OVERALL and isinstance(inner, dict)
        }
        return cls(
            Origin.of(body, params),
            _cohorts(whole),
            _average(whole),
            {name: _cohorts(inner) for name, inner in others.items()},
            {name: _average(inner) for name, inner in others.items()},
            ask,
        )

    @property
    def average(self) -> pd.DataFrame:
        """The curve over complete cohorts, weighted by size: columns ``bucket, count, rate``."""
        import pandas as pd

        counts = self.average_data.get("counts") or []
        rates = self.average_data.get("rates") or []
        filled = [rates[bucket] if bucket < len(rates) else 0.0 for bucket in range(len(counts))]
        return pd.DataFrame({"bucket": range(len(counts)), "count": counts, "rate": filled})

    def birth_cohorts(self, segment: str | None = None) -> list[BirthCohort]:
        """Cohorts by date with their counts, overall or of one segment."""
        cohorts = self.cohorts if segment is None else self.segments.get(segment, {})
        return [
            BirthCohort(
                date, int(cohort.get("first") or 0), tuple(int(count) for count in cohort.get("counts") or ())
            )
            for date, cohort in sorted(cohorts.items())
        ]

    def _frame(self) -> pd.DataFrame:
        """``[segment,] cohort_date, bucket, count, rate``; ``$overall`` rows hold the average curve."""
        import pandas as pd

        blocks = {OVERALL: (self.cohorts, self.average_data)}
        blocks |= {
            name: (self.segments[name], self.segment_averages.get(name, {})) for name in sorted(self.segments)
        }
        rows = [
            {"segment": name, **row}
            for name, (cohorts, average) in blocks.items()
            for row in [*_rows(cohorts), *_rows({OVERALL: average} if average else {})]
        ]
        columns = ["segment", "cohort_date", "bucket", "count", "rate"]
        frame = pd.DataFrame(rows, columns=columns)
        if not self.segments:
            return frame.drop(columns="segment")
        groups = (self.params.get("sections") or {}).get("group") or []
        own = groups[0].get("value") if len(groups) == 1 else None
        if isinstance(own, str) and own not in frame.columns:
            frame[own] = frame["segment"]
        return frame

    def __repr__(self) -> str:
        rates = self.average_data.get("rates") or []
        curve = " ".join(f"{rate:.0%}" for rate in rates[:8]) or "no complete cohort"
        return f"<RetentionQueryResult {len(self.cohorts)} cohorts, average {curve}>"


def _check(block: Place) -> None:
    """Cohorts by date, or by segment and date; raises for what is neither."""
    if not isinstance(block.value, dict):
        block.fail("should be an object")
    overall = block.get(OVERALL)
    blocks = [inner for _, inner in block.entries()] if isinstance(overall.value, dict) else [block]
    for inner in blocks:
        for _, cohort in inner.entries() if isinstance(inner.value, dict) else ():
            if isinstance(cohort.value, dict):
                check_cohort(cohort)


def _average(block: Mapping[str, Any]) -> dict[str, Any]:
    average = block.get(AVERAGE)
    return average if isinstance(average, dict) else {}


def _cohorts(block: Mapping[str, Any]) -> Cohorts:
    return {
        day_of(name) if "T" in name else name: cohort
        for name, cohort in block.items()
        if name != AVERAGE and isinstance(cohort, dict)
    }


def _rows(cohorts: Cohorts) -> list[dict[str, Any]]:
    return [
        {
            "cohort_date": date,
            "bucket": bucket,
            "count": count,
            "rate": cohort["rates"][bucket] if bucket < len(cohort.get("rates") or []) else 0.0,
        }
        for date, cohort in sorted(cohorts.items())
        for bucket, count in enumerate(cohort.get("counts") or ())
    ]
