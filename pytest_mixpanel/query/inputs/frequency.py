"""How often a user did something, as a breakdown and as a filter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.inputs.filters import Filter
from pytest_mixpanel.query.inputs.require import require, require_event

OPERATORS = ("is at least", "is at most", "is greater than", "is less than", "is equal to")


@frozen
class FrequencyBreakdown:
    """Segments of users by how often they did ``event``, in buckets of equal size."""

    event: str
    bucket_size: int = 1
    bucket_min: int = 0
    bucket_max: int = 10
    label: str | None = None

    def __post_init__(self) -> None:
        require_event(self.event, "FB1_EMPTY_EVENT")
        require(
            self.bucket_size > 0,
            f"a bucket's size is over 0, not {self.bucket_size}",
            "FB2_BUCKET_SIZE_NOT_POSITIVE",
        )
        require(
            self.bucket_min >= 0, f"frequencies start at 0, not {self.bucket_min}", "FB4_BUCKET_MIN_NEGATIVE"
        )
        require(
            self.bucket_min < self.bucket_max,
            f"buckets from {self.bucket_min} to {self.bucket_max} are none",
            "FB3_BUCKET_ORDER",
        )

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


@frozen
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
        require_event(self.event, "FF1_EMPTY_EVENT")
        require(
            self.operator in OPERATORS,
            f"no operator {self.operator!r}; there are {', '.join(OPERATORS)}",
            "FF2_INVALID_OPERATOR",
        )
        require(self.value >= 0, f"a frequency is 0 or more, not {self.value}", "FF3_VALUE_NEGATIVE")
        require(
            (self.date_range_value is None) == (self.date_range_unit is None),
            "date_range_value and date_range_unit belong together",
            "FF4_DATE_RANGE_PAIR",
        )
        require(
            self.date_range_value is None or self.date_range_value > 0,
            f"a range is 1 or more, not {self.date_range_value}",
            "FF5_DATE_RANGE_VALUE_NOT_POSITIVE",
        )

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
