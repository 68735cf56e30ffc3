"""How often a user did something, as a breakdown and as a filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.query.inputs.filters import Filter


@dataclass(frozen=True, slots=True)
class FrequencyBreakdown:
    """Segments of users by how often they did ``event``, in buckets of equal size."""

    event: str
    bucket_size: int = 1
    bucket_min: int = 0
    bucket_max: int = 10
    label: str | None = None

    def to_json(self, data_group_id: int | None = None) -> dict[str, Any]:
        """The entry of a params ``group`` list."""
        return {
            "dataset": "$mixpanel",
            "behavior": {
                "aggregationOperator": "total",
                "event": {"label": self.event, "value": self.event},
                "behaviorType": "$frequency",
                "filters": [],
                "filtersOperator": "and",
                "dateRange": None,
            },
            "value": self.label or f"{self.event} Frequency",
            "resourceType": "people",
            "propertyType": "number",
            "dataGroupId": None if data_group_id is None else str(data_group_id),
            "customBucket": {
                "bucketSize": self.bucket_size,
                "min": self.bucket_min,
                "max": self.bucket_max,
                "disabled": False,
            },
        }


@dataclass(frozen=True, slots=True)
class FrequencyFilter:
    """Users who did ``event`` so often, in the query's range or in the last units before now."""

    event: str
    value: float
    operator: str = "is at least"
    date_range_value: int | None = None
    date_range_unit: Literal["day", "week", "month"] | None = None
    event_filters: Sequence[Filter] | None = None
    label: str | None = None

    def __post_init__(self) -> None:
        if (self.date_range_value is None) != (self.date_range_unit is None):
            raise ParamValidationError("date_range_value and date_range_unit belong together")

    def to_json(self) -> dict[str, Any]:
        """The entry of a params ``filter`` list."""
        return {
            "dataset": "$mixpanel",
            "resourceType": "people",
            "profileType": None,
            "search": "",
            "dataGroupId": None,
            "behavior": {
                "aggregationOperator": "total",
                "behaviorType": "$frequency",
                "dateRange": self._window(),
                "event": {"label": self.event, "value": self.event},
                "filters": [condition.to_json() for condition in self.event_filters or ()],
                "filtersOperator": "and",
            },
            "filterType": "number",
            "defaultType": "number",
            "filterOperator": self.operator,
            "filterValue": self.value,
            "propertyObjectKey": None,
            "value": self.label or f"{self.event} Frequency",
        }

    def _window(self) -> dict[str, Any] | None:
        if self.date_range_value is None:
            return None
        window = {"unit": self.date_range_unit, "value": self.date_range_value}
        return {"type": "in the last", "unit": self.date_range_unit, "window": window}
