"""What saved reports answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pytest_mixpanel.query.results.legacy.base import Tabular

if TYPE_CHECKING:
    import pandas as pd

ReportType = Literal["insights", "retention", "funnel", "flows"]
_TYPES: dict[str, ReportType] = {"$retention": "retention", "$funnel": "funnel", "$flows": "flows"}


@dataclass(frozen=True, repr=False)
class SavedReportResult(Tabular):
    """A saved report: ``headers`` and ``series`` as its kind has them.

    ``df`` of insights has ``date, event, count``; that of other kinds is one row with ``series``.
    """

    bookmark_id: int
    computed_at: str
    from_date: str
    to_date: str
    headers: list[str] = field(default_factory=list)
    series: dict[str, Any] = field(default_factory=dict)

    @property
    def report_type(self) -> ReportType:
        """The kind of the report, told by its headers."""
        return next((_TYPES[header] for header in self.headers if header in _TYPES), "insights")

    def to_dict(self) -> dict[str, Any]:
        """All fields and ``report_type``, ready for JSON."""
        return {**super().to_dict(), "report_type": self.report_type}

    def _frame(self) -> pd.DataFrame:
        import pandas as pd

        if self.report_type != "insights":
            return pd.DataFrame({"series": [self.series]})
        rows = [
            (day, name, number)
            for name, numbers in self.series.items()
            if isinstance(numbers, dict)
            for day, number in numbers.items()
        ]
        return pd.DataFrame(rows, columns=["date", "event", "count"])


@dataclass(frozen=True, repr=False)
class FlowsResult(Tabular):
    """A saved flow: ``df`` has the columns of its ``steps``."""

    bookmark_id: int
    computed_at: str
    steps: list[dict[str, Any]] = field(default_factory=list)
    breakdowns: list[dict[str, Any]] = field(default_factory=list)
    overall_conversion_rate: float = 0.0
    metadata: dict[str, Any] = field(default_factory=dict)

    def _frame(self) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(self.steps)
