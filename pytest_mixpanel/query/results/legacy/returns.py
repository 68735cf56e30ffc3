"""Saved funnels by date, and retention of two events."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.results.legacy.base import Tabular, Unit

if TYPE_CHECKING:
    import pandas as pd


@frozen
class FunnelResultStep:
    """A step, how many reached it, and which part of the step before."""

    event: str
    count: int
    conversion_rate: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, repr=False)
class FunnelResult(Tabular):
    """A saved funnel over its whole range: ``df`` has ``step, event, count, conversion_rate``.

    ``conversion_rate`` of the result is that from the first step to the last.
    """

    funnel_id: int
    funnel_name: str
    from_date: str
    to_date: str
    conversion_rate: float
    steps: list[FunnelResultStep] = field(default_factory=list)

    def _frame(self) -> pd.DataFrame:
        import pandas as pd

        rows = [
            (number, step.event, step.count, step.conversion_rate)
            for number, step in enumerate(self.steps, 1)
        ]
        return pd.DataFrame(rows, columns=["step", "event", "count", "conversion_rate"])


@frozen
class CohortInfo:
    """Who was born on a date: how many, and the part of them that came back in each period."""

    date: str
    size: int
    retention: list[float] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, repr=False)
class RetentionResult(Tabular):
    """Cohorts by date: ``df`` has ``cohort_date, cohort_size, period_0 …``.

    Period 0 begins with the birth; a period that has not begun is missing.
    """

    born_event: str
    return_event: str
    from_date: str
    to_date: str
    unit: Unit
    cohorts: list[CohortInfo] = field(default_factory=list)

    def _frame(self) -> pd.DataFrame:
        import pandas as pd

        most = max((len(cohort.retention) for cohort in self.cohorts), default=0)
        columns = ["cohort_date", "cohort_size", *(f"period_{number}" for number in range(most))]
        rows = [
            [cohort.date, cohort.size, *cohort.retention, *[None] * (most - len(cohort.retention))]
            for cohort in self.cohorts
        ]
        frame = pd.DataFrame(rows, columns=columns)
        return frame.astype(dict.fromkeys(columns[2:], float))
