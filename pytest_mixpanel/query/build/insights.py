"""Params of an insights query: how much, how many, over time, by segment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pytest_mixpanel.query.build.clauses import show_section
from pytest_mixpanel.query.build.parts import (
    Groups,
    Where,
    filter_section,
    group_section,
    listed,
    time_section,
    with_comparison,
)
from pytest_mixpanel.query.checks import insights as checks
from pytest_mixpanel.query.checks.filters import check_where
from pytest_mixpanel.query.checks.groups import check_groups
from pytest_mixpanel.query.checks.problems import check_choice, raise_all
from pytest_mixpanel.query.checks.ranges import (
    check_comparison,
    check_data_group,
    check_limit,
    check_range,
    check_unit,
    local_today,
)
from pytest_mixpanel.query.inputs.custom import Property
from pytest_mixpanel.query.inputs.events import TimeComparison
from pytest_mixpanel.query.inputs.metrics import Formula, Measure, MeasuredEvent
from pytest_mixpanel.query.inputs.vocabulary import (
    InsightsMode,
    MathType,
    PerUserAggregation,
    QueryTimeUnit,
)

CHARTS = {"timeseries": "line", "total": "bar", "table": "table"}

Event = str | Measure | Formula
Events = Event | Sequence[Event]


def build_params(
    events: Events,
    *,
    from_date: str | None = None,
    to_date: str | None = None,
    last: int = 30,
    unit: QueryTimeUnit = "day",
    math: MathType = "total",
    math_property: Property | None = None,
    per_user: PerUserAggregation | None = None,
    percentile_value: float | None = None,
    group_by: Groups = None,
    where: Where = None,
    formula: str | None = None,
    formula_label: str | None = None,
    rolling: int | None = None,
    cumulative: bool = False,
    mode: InsightsMode = "timeseries",
    time_comparison: TimeComparison | None = None,
    data_group_id: int | None = None,
    limit: int | None = None,
    today: date | None = None,
) -> dict[str, Any]:
    """The params of one insights query.

    ``math``, ``math_property``, ``per_user`` and ``percentile_value`` apply to plain string events; a
    ``Metric`` keeps its own. ``math="sum"`` goes out as the total of the property, as Mixpanel spells it.
    ``limit``, at most 50,000 segments, is sent with a query and not kept in its params.
    Raises ``BookmarkValidationError`` with every problem of the call.
    """
    today = today or local_today()
    written = None if formula is None else Formula(formula, formula_label)
    raise_all(
        [
            *checks.check_events(events),
            *checks.check_plain(events, math, math_property, per_user, percentile_value),
            *checks.check_formulas(events, formula),
            *checks.check_analysis(rolling, cumulative),
            *check_range(from_date, to_date, last, today),
            *check_unit(unit),
            *check_where(where),
            *check_groups(group_by),
            *check_choice("mode", mode, InsightsMode, "V30_INVALID_MODE"),
            *check_comparison(time_comparison),
            *check_data_group(data_group_id),
            *check_limit(limit),
        ]
    )
    given = listed(events)
    measures = [
        MeasuredEvent(item, math, math_property, per_user, percentile_value)
        if isinstance(item, str)
        else item
        for item in given
        if not isinstance(item, Formula)
    ]
    formulas = [item for item in given if isinstance(item, Formula)] + ([written] if written else [])
    sections: dict[str, Any] = {
        "show": show_section(measures, formulas),
        "time": time_section(unit, from_date, to_date, last, today),
        "filter": filter_section(where),
        "group": group_section(group_by, data_group_id),
    }
    if data_group_id is not None:
        sections["globalDataGroupId"] = str(data_group_id)
    display = {"chartType": CHARTS[mode], **_analysis(rolling, cumulative)}
    return {"sections": sections, "displayOptions": with_comparison(display, time_comparison)}


def _analysis(rolling: int | None, cumulative: bool) -> dict[str, Any]:
    if rolling is not None:
        return {"analysis": "rolling", "rollingWindowSize": rolling}
    return {"analysis": "cumulative" if cumulative else "linear"}
