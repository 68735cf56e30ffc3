"""Breakdowns: buckets that hang together, properties with names, formulas that can be read."""

from __future__ import annotations

from math import isfinite
from typing import Any

from pytest_mixpanel.query.checks.filters import check_property, items_of
from pytest_mixpanel.query.checks.problems import Problems, problem
from pytest_mixpanel.query.inputs.groups import GroupBy


def check_groups(group_by: Any, blank: str = "GB1_EMPTY_PROPERTY", path: str = "group_by") -> Problems:
    """Problems of breakdowns; those of a wrong type are refused when the params are built."""
    for place, item in enumerate(items_of(group_by)):
        if isinstance(item, str) and not item.strip():
            where = f"{path}[{place}]" if isinstance(group_by, list | tuple) else path
            yield problem(where, "a breakdown needs a property's name", blank)
        if isinstance(item, GroupBy):
            yield from _check_buckets(path, item)
            yield from check_property(path, item.property)


def _check_buckets(path: str, group: GroupBy) -> Problems:
    size, low, high = group.bucket_size, group.bucket_min, group.bucket_max
    if size is None:
        if low is not None or high is not None:
            yield problem(path, "bucket_min and bucket_max need a bucket_size", "V11_BUCKET_REQUIRES_SIZE")
        return
    if group.property_type != "number":
        yield problem(path, "buckets need property_type='number'", "V12B_BUCKET_REQUIRES_NUMBER")
    if low is None or high is None:
        yield problem(path, "buckets need bucket_min and bucket_max", "V12C_BUCKET_REQUIRES_BOUNDS")
    if any(number is not None and not isfinite(number) for number in (size, low, high)):
        yield problem(path, "buckets need finite numbers", "V24_BUCKET_NOT_FINITE")
