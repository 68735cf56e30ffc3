"""Params of a retention query: do users come back?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import date
from itertools import pairwise
from typing import Any

from pytest_mixpanel.core.errors import ValidationError
from pytest_mixpanel.query.build.parts import (
    Groups,
    Where,
    attempt_filter_section,
    check_choice,
    check_event,
    check_range,
    filter_section,
    group_section,
    raise_all,
    time_section,
    with_comparison,
)
from pytest_mixpanel.query.inputs.events import RetentionEvent, TimeComparison
from pytest_mixpanel.query.inputs.vocabulary import (
    RetentionAlignment,
    RetentionMathType,
    RetentionMode,
    RetentionUnboundedMode,
    TimeUnit,
)

CHARTS = {"curve": "retention-curve", "trends": "line", "table": "table"}
WIRE_MATH = {"retention_count": "unique"}
PRESENTATION: dict[str, Any] = {
    "sorting": {
        "bar": {"colSortAttrs": [], "sortBy": "column"},
        "line": {
            "sortBy": "column",
            "colSortAttrs": [{"sortBy": "value", "sortOrder": "desc", "valueField": "averageValue"}],
        },
        "table": {
            "sortBy": "column",
            "colSortAttrs": [
                {"sortBy": "value", "sortOrder": "desc", "valueField": "size", "viewNLimit": 12}
            ],
        },
    },
    "columnWidths": {"bar": {}},
}
"""How the report sorts its views; the service expects it and it never varies."""


def build_retention_params(
    born_event: str | RetentionEvent,
    return_event: str | RetentionEvent,
    *,
    retention_unit: TimeUnit = "week",
    alignment: RetentionAlignment = "birth",
    bucket_sizes: Sequence[int] | None = None,
    from_date: str | None = None,
    to_date: str | None = None,
    last: int = 30,
    unit: TimeUnit = "day",
    math: RetentionMathType = "retention_rate",
    group_by: Groups = None,
    where: Where = None,
    mode: RetentionMode = "curve",
    unbounded_mode: RetentionUnboundedMode | None = None,
    retention_cumulative: bool = False,
    time_comparison: TimeComparison | None = None,
    data_group_id: int | None = None,
    today: date,
) -> dict[str, Any]:
    """The params of one retention query; ``math="retention_count"`` goes out as ``unique``.

    Raises ``BookmarkValidationError`` with every problem of the call.
    """
    born = RetentionEvent(born_event) if isinstance(born_event, str) else born_event
    back = RetentionEvent(return_event) if isinstance(return_event, str) else return_event
    raise_all(
        [
            *check_event("born_event", born.event, "R1_EMPTY_BORN_EVENT"),
            *check_event("return_event", back.event, "R2_EMPTY_RETURN_EVENT"),
            *_check_buckets(bucket_sizes),
            *check_range(from_date, to_date, last, today),
            *check_choice("retention_unit", retention_unit, TimeUnit, "R7_INVALID_RETENTION_UNIT"),
            *check_choice("alignment", alignment, RetentionAlignment, "R8_INVALID_ALIGNMENT"),
            *check_choice("math", math, RetentionMathType, "R9_INVALID_MATH"),
            *check_choice("mode", mode, RetentionMode, "R10_INVALID_MODE"),
            *check_choice("unit", unit, TimeUnit, "R11_INVALID_UNIT"),
            *check_choice(
                "unbounded_mode", unbounded_mode, RetentionUnboundedMode, "R13_INVALID_UNBOUNDED_MODE"
            ),
        ]
    )
    behavior: dict[str, Any] = {
        "type": "retention",
        "resourceType": "events",
        "behaviors": [_event_clause(born), _event_clause(back)],
        "retentionUnit": retention_unit,
        "retentionAlignmentType": alignment,
        "retentionCustomBucketSizes": list(bucket_sizes or ()),
        "filter": [],
    }
    if unbounded_mode is not None:
        behavior["retentionUnboundedMode"] = unbounded_mode
    measurement: dict[str, Any] = {"math": WIRE_MATH.get(math, math)}
    if retention_cumulative:
        measurement["retentionCumulative"] = True
    sections: dict[str, Any] = {
        "show": [{"type": "metric", "behavior": behavior, "measurement": measurement}],
        "time": time_section(unit, from_date, to_date, last, today),
        "filter": attempt_filter_section(where),
        "group": group_section(group_by, data_group_id),
        "formula": [],
    }
    if data_group_id is not None:
        sections["globalDataGroupId"] = str(data_group_id)
    display = with_comparison({"chartType": CHARTS[mode]}, time_comparison)
    return {"sections": sections, "displayOptions": display, **deepcopy(PRESENTATION)}


def _event_clause(event: RetentionEvent) -> dict[str, Any]:
    return {
        "type": "event",
        "id": None,
        "name": event.event,
        "filters": filter_section(event.filters),
        "filtersDeterminer": event.filters_combinator,
    }


def _check_buckets(sizes: Sequence[Any] | None) -> Iterable[ValidationError]:
    if not sizes:
        return
    if any(not isinstance(size, int) or isinstance(size, bool) for size in sizes):
        yield ValidationError(
            "bucket_sizes", f"whole numbers, not {list(sizes)!r}", "R5_BUCKET_SIZES_INTEGER"
        )
        return
    if min(sizes) < 1:
        yield ValidationError("bucket_sizes", "sizes start at 1", "R5_BUCKET_SIZES_POSITIVE")
    if len(sizes) > 730:
        yield ValidationError("bucket_sizes", "at most 730 buckets", "R5_BUCKET_SIZES_TOO_MANY")
    if any(later <= earlier for earlier, later in pairwise(sizes)):
        yield ValidationError("bucket_sizes", "sizes must ascend", "R6_BUCKET_SIZES_ASCENDING")
