"""Params of a retention query: do users come back?"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from datetime import date
from typing import Any

from pytest_mixpanel.query.build.clauses import WIRE_MATH, retention_clause
from pytest_mixpanel.query.build.parts import (
    Groups,
    Where,
    attempt_filter_section,
    group_section,
    listed,
    time_section,
    with_comparison,
)
from pytest_mixpanel.query.checks import behaviors as checks
from pytest_mixpanel.query.checks.filters import check_where
from pytest_mixpanel.query.checks.groups import check_groups
from pytest_mixpanel.query.checks.problems import Problems, check_choice, problem, raise_all
from pytest_mixpanel.query.checks.ranges import (
    check_comparison,
    check_data_group,
    check_limit,
    check_range,
    local_today,
)
from pytest_mixpanel.query.inputs.behaviors import RetentionBehavior
from pytest_mixpanel.query.inputs.cohorts import CohortBreakdown
from pytest_mixpanel.query.inputs.events import RetentionEvent, TimeComparison
from pytest_mixpanel.query.inputs.references import BehaviorRef
from pytest_mixpanel.query.inputs.vocabulary import (
    RetentionAlignment,
    RetentionMathType,
    RetentionMode,
    RetentionUnboundedMode,
    TimeUnit,
)

CHARTS = {"curve": "retention-curve", "trends": "line", "table": "table"}
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
    born_event: str | RetentionEvent | BehaviorRef,
    return_event: str | RetentionEvent | None = None,
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
    limit: int | None = None,
    today: date | None = None,
) -> dict[str, Any]:
    """The params of one retention query, of two events or of a retention saved in the project.

    ``math="retention_count"`` goes out as ``unique``.
    ``limit``, at most 50,000 segments, is sent with a query and not kept in its params.
    Raises ``BookmarkValidationError`` with every problem of the call.
    """
    today = today or local_today()
    settings = {
        "retention_unit": retention_unit,
        "alignment": alignment,
        "bucket_sizes": bucket_sizes,
        "unbounded_mode": unbounded_mode,
    }
    saved = isinstance(born_event, BehaviorRef)
    born_event = RetentionEvent(born_event) if isinstance(born_event, str) else born_event
    return_event = RetentionEvent(return_event) if isinstance(return_event, str) else return_event
    raise_all(
        [
            *(
                _check_saved(born_event, return_event, settings)
                if saved
                else _check_own(born_event, return_event, settings)
            ),
            *check_range(from_date, to_date, last, today),
            *check_where(where),
            *check_groups(group_by, "R12_EMPTY_GROUP_BY"),
            *_check_mixed(group_by),
            *check_choice("math", math, RetentionMathType, "R9_INVALID_MATH"),
            *check_choice("mode", mode, RetentionMode, "R10_INVALID_MODE"),
            *check_choice("unit", unit, TimeUnit, "R11_INVALID_UNIT"),
            *check_comparison(time_comparison),
            *check_data_group(data_group_id),
            *check_limit(limit),
        ]
    )
    behavior = (
        born_event
        if isinstance(born_event, BehaviorRef)
        else RetentionBehavior(
            born_event, return_event or "", retention_unit, alignment, bucket_sizes, unbounded_mode
        )
    )
    measurement: dict[str, Any] = {"math": WIRE_MATH.get(math, math)}
    if retention_cumulative:
        measurement["retentionCumulative"] = True
    sections: dict[str, Any] = {
        "show": [retention_clause(behavior, measurement)],
        "time": time_section(unit, from_date, to_date, last, today),
        "filter": attempt_filter_section(where),
        "group": group_section(group_by, data_group_id),
        "formula": [],
    }
    if data_group_id is not None:
        sections["globalDataGroupId"] = str(data_group_id)
    display = with_comparison({"chartType": CHARTS[mode]}, time_comparison)
    return {"sections": sections, "displayOptions": display, **deepcopy(PRESENTATION)}


DEFAULTS = {"retention_unit": "week", "alignment": "birth"}


def _check_saved(born: Any, back: Any, settings: dict[str, Any]) -> Problems:
    """A saved retention keeps its own events and settings."""
    if born.type != "retention":
        yield problem("born_event", f"a saved retention, not {born!r}", "R14_BEHAVIOR_REF_TYPE")
    for name, value in {"return_event": back, **settings}.items():
        if value != DEFAULTS.get(name):
            yield problem(
                name,
                f"{name} is kept by the saved retention and cannot be said here",
                "R15_BEHAVIOR_REF_SETTINGS",
            )


def _check_own(born: Any, back: Any, settings: dict[str, Any]) -> Problems:
    events = "sections.show[0].behavior.behaviors"
    yield from checks.check_retention_event("born_event", born, checks.BORN_CODES, f"{events}[0].filters")
    yield from checks.check_retention_event("return_event", back, checks.BACK_CODES, f"{events}[1].filters")
    yield from checks.check_buckets("", settings["bucket_sizes"])
    yield from checks.check_retention_choices(
        "", settings["retention_unit"], settings["alignment"], settings["unbounded_mode"]
    )


def _check_mixed(group_by: Any) -> Problems:
    cohorts = {isinstance(item, CohortBreakdown) for item in listed(group_by)}
    if len(cohorts) > 1:
        yield problem(
            "group_by",
            "retention is broken down by cohorts or by properties",
            "CB3_RETENTION_MIXED_BREAKDOWN",
        )
