"""Breakdowns: ``GroupBy("platform")``, with buckets for numbers."""

from __future__ import annotations

from typing import Any, Literal

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.inputs.custom import CustomPropertyRef, InlineCustomProperty, Property
from pytest_mixpanel.query.inputs.require import require, require_text


@frozen
class GroupBy:
    """Break a result down by an event property; numbers may be put into buckets of equal size."""

    property: Property
    property_type: Literal["string", "number", "boolean", "datetime"] = "string"
    bucket_size: float | None = None
    bucket_min: float | None = None
    bucket_max: float | None = None
    _sub: str | None = None

    def __post_init__(self) -> None:
        if isinstance(self.property, str):
            require_text(self.property, "the property of a breakdown", "GB1_EMPTY_PROPERTY")
        size, low, high = self.bucket_size, self.bucket_min, self.bucket_max
        require(
            size is None or size > 0, f"a bucket's size is over 0, not {size}", "V12_BUCKET_SIZE_POSITIVE"
        )
        require(
            low is None or high is None or not low >= high,
            f"buckets from {low} to {high} are none",
            "V18_BUCKET_ORDER",
        )

    @classmethod
    def list_item(
        cls, property: str, sub: str, *, sub_type: Literal["string", "number"] = "string"
    ) -> GroupBy:
        """By a key of the objects in a list; an event is in the segment of every object."""
        require(
            isinstance(property, str),
            "a list's objects belong to a named property",
            "GB5_LIST_ITEM_PROPERTY_TYPE",
        )
        require_text(sub, "the key of a list's objects", "LG1_EMPTY_SUB")
        require(
            sub_type in ("string", "number", "boolean", "datetime"),
            f"the key's type is string, number, boolean or datetime, not {sub_type!r}",
            "LG2_INVALID_SUB_TYPE",
        )
        return cls(property, sub_type, _sub=sub)

    def to_json(self, data_group_id: int | None = None) -> dict[str, Any]:
        """The entry of a params ``group`` list."""
        if self._sub is not None:
            return self._list_json()
        entry = self._plain() if isinstance(self.property, str) else self._custom(data_group_id)
        if self.bucket_size is not None:
            entry["customBucket"] = {
                "bucketSize": self.bucket_size,
                "min": self.bucket_min,
                "max": self.bucket_max,
            }
        return entry

    def _plain(self) -> dict[str, Any]:
        return {
            "value": self.property,
            "propertyName": self.property,
            "resourceType": "events",
            "propertyType": self.property_type,
            "propertyDefaultType": self.property_type,
        }

    def _custom(self, data_group_id: int | None) -> dict[str, Any]:
        if isinstance(self.property, CustomPropertyRef):
            source: dict[str, Any] = {"customPropertyId": self.property.id}
            resource, kind = "events", self.property_type
        else:
            assert isinstance(self.property, InlineCustomProperty)
            source = {"customProperty": self.property.definition(self.property_type)}
            resource, kind = self.property.resource_type, source["customProperty"]["propertyType"]
        return {
            **source,
            "value": None,
            "resourceType": resource,
            "profileType": None,
            "search": "",
            "dataGroupId": None if data_group_id is None else str(data_group_id),
            "dataset": "$mixpanel",
            "propertyType": kind,
            "typeCast": None,
            "unit": None,
            "isHidden": False,
        }

    def _list_json(self) -> dict[str, Any]:
        return {
            "dataset": "$mixpanel",
            "value": self.property,
            "resourceType": "events",
            "joinPropertyType": "list",
            "propertyType": "object",
            "listItemGroup": {
                "resourceType": "event",
                "propertyName": self._sub,
                "propertyDefaultType": self.property_type,
                "propertyType": self.property_type,
            },
        }
