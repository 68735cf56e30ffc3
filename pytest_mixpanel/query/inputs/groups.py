"""Breakdowns: ``GroupBy("platform")``, with buckets for numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class GroupBy:
    """Break a result down by an event property; numbers may be put into buckets of equal size."""

    property: str
    property_type: Literal["string", "number", "boolean", "datetime"] = "string"
    bucket_size: float | None = None
    bucket_min: float | None = None
    bucket_max: float | None = None

    def to_json(self) -> dict[str, Any]:
        """The entry of a params ``group`` list."""
        entry: dict[str, Any] = {
            "value": self.property,
            "propertyName": self.property,
            "resourceType": "events",
            "propertyType": self.property_type,
            "propertyDefaultType": self.property_type,
        }
        if self.bucket_size is not None:
            entry["customBucket"] = {
                "bucketSize": self.bucket_size,
                "min": self.bucket_min,
                "max": self.bucket_max,
            }
        return entry
