"""The envelope around every answer, as Mixpanel's query endpoints send it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pytest_mixpanel.engine.calendar import Buckets


def envelope(
    series: Mapping[str, Any], headers: Sequence[str], buckets: Buckets, now: datetime
) -> dict[str, Any]:
    """``series`` with its headers, range and the moment of computing, which is the clock's."""
    return {
        "computed_at": now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "date_range": buckets.date_range(),
        "headers": list(headers),
        "series": dict(series),
        "meta": {
            "min_sampling_factor": 1.0,
            "is_segmentation_limit_hit": False,
            "sub_query_count": 1,
            "report_sections": {},
        },
    }


def milliseconds(now: datetime) -> int:
    """The clock on the events' scale."""
    return int(now.timestamp() * 1000)
