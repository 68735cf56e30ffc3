"""How many, over time: segmentation, event and property counts, numbers, frequency."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pytest_mixpanel.query.results.legacy.base import Counting, NumericUnit, Tabular, Unit, long_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class SegmentationResult(Tabular):
    """An event over time, by segment: ``df`` has ``date, segment, count``; ``total`` is the sum of it."""

    event: str
    from_date: str
    to_date: str
    unit: Unit
    segment_property: str | None
    total: int
    series: dict[str, dict[str, int]] = field(default_factory=dict)

    def _frame(self) -> pd.DataFrame:
        return long_frame(self.series, ("date", "segment", "count"))


@dataclass(frozen=True, repr=False)
class EventCountsResult(Tabular):
    """Several events over time: ``df`` has ``date, event, count``."""

    events: list[str]
    from_date: str
    to_date: str
    unit: Unit
    type: Counting
    series: dict[str, dict[str, int]] = field(default_factory=dict)

    def _frame(self) -> pd.DataFrame:
        return long_frame(self.series, ("date", "event", "count"))


@dataclass(frozen=True, repr=False)
class PropertyCountsResult(Tabular):
    """The values of a property over time: ``df`` has ``date, value, count``."""

    event: str
    property_name: str
    from_date: str
    to_date: str
    unit: Unit
    type: Counting
    series: dict[str, dict[str, int]] = field(default_factory=dict)

    def _frame(self) -> pd.DataFrame:
        return long_frame(self.series, ("date", "value", "count"))


@dataclass(frozen=True, repr=False)
class NumericBucketResult(Tabular):
    """An event over time by ranges of a number: ``df`` has ``date, bucket, count``."""

    event: str
    from_date: str
    to_date: str
    property_expr: str
    unit: NumericUnit
    series: dict[str, dict[str, int]] = field(default_factory=dict)

    def _frame(self) -> pd.DataFrame:
        return long_frame(self.series, ("date", "bucket", "count"))


@dataclass(frozen=True, repr=False)
class NumericSumResult(Tabular):
    """The sum of a number over time: ``df`` has ``date, sum``."""

    event: str
    from_date: str
    to_date: str
    property_expr: str
    unit: NumericUnit
    results: dict[str, float] = field(default_factory=dict)
    computed_at: str | None = None

    def _frame(self) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(list(self.results.items()), columns=["date", "sum"])


@dataclass(frozen=True, repr=False)
class NumericAverageResult(Tabular):
    """The mean of a number over time: ``df`` has ``date, average``, which is missing where nothing was."""

    event: str
    from_date: str
    to_date: str
    property_expr: str
    unit: NumericUnit
    results: dict[str, float] = field(default_factory=dict)

    def _frame(self) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(list(self.results.items()), columns=["date", "average"])


@dataclass(frozen=True, repr=False)
class FrequencyResult(Tabular):
    """How often users were active: ``df`` has ``date, period_1 …``, the users active in at least so many."""

    event: str | None
    from_date: str
    to_date: str
    unit: Unit
    addiction_unit: Literal["hour", "day"]
    data: dict[str, list[int]] = field(default_factory=dict)

    def _frame(self) -> pd.DataFrame:
        import pandas as pd

        most = max(map(len, self.data.values()), default=0)
        columns = ["date", *(f"period_{number + 1}" for number in range(most))]
        rows = [[day, *users, *[None] * (most - len(users))] for day, users in self.data.items()]
        return pd.DataFrame(rows, columns=columns)
