"""Params of a funnel: do users convert through a sequence?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pytest_mixpanel.core.errors import ValidationError
from pytest_mixpanel.query.build.clauses import funnel_clause
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
    check_unit,
    local_today,
)
from pytest_mixpanel.query.inputs.behaviors import FunnelBehavior
from pytest_mixpanel.query.inputs.custom import Property
from pytest_mixpanel.query.inputs.events import Exclusion, FunnelStep, HoldingConstant, TimeComparison
from pytest_mixpanel.query.inputs.references import BehaviorRef
from pytest_mixpanel.query.inputs.require import among
from pytest_mixpanel.query.inputs.vocabulary import (
    ConversionWindowUnit,
    FunnelMathType,
    FunnelMode,
    FunnelOrder,
    FunnelReentryMode,
    QueryTimeUnit,
)

CHARTS = {"steps": "funnel-steps", "trends": "line", "table": "table"}
FURTHER_MATHS = frozenset(("general", "session", "conversion_rate"))
"""Words of the service beside those of ``FunnelMathType``."""


def build_funnel_params(
    steps: Sequence[str | FunnelStep] | BehaviorRef,
    *,
    conversion_window: int = 14,
    conversion_window_unit: ConversionWindowUnit = "day",
    order: FunnelOrder = "loose",
    from_date: str | None = None,
    to_date: str | None = None,
    last: int = 30,
    unit: QueryTimeUnit = "day",
    math: FunnelMathType = "conversion_rate_unique",
    math_property: Property | None = None,
    group_by: Groups = None,
    where: Where = None,
    exclusions: Sequence[str | Exclusion] | None = None,
    holding_constant: str | HoldingConstant | Sequence[str | HoldingConstant] | None = None,
    mode: FunnelMode = "steps",
    reentry_mode: FunnelReentryMode | None = None,
    time_comparison: TimeComparison | None = None,
    data_group_id: int | None = None,
    limit: int | None = None,
    today: date | None = None,
) -> dict[str, Any]:
    """The params of one funnel of two steps or more, or of one saved in the project.

    Without ``math_property``, ``math="median"`` and its kin are of the time to convert, in seconds.
    ``limit``, at most 50,000 segments, is sent with a query and not kept in its params.
    Raises ``BookmarkValidationError`` with every problem of the call.
    """
    today = today or local_today()
    settings = {
        "conversion_window": conversion_window,
        "conversion_window_unit": conversion_window_unit,
        "order": order,
        "exclusions": exclusions,
        "holding_constant": holding_constant,
        "reentry_mode": reentry_mode,
    }
    saved = isinstance(steps, BehaviorRef)
    walked = [] if saved else [FunnelStep(step) if isinstance(step, str) else step for step in listed(steps)]
    _check_names(exclusions, holding_constant)
    raise_all(
        [
            *(_check_saved(steps, settings) if saved else _check_own(walked, settings, math)),
            *checks.check_funnel_property(math, math_property),
            *_check_math(math, math_property),
            *check_range(from_date, to_date, last, today),
            *check_unit(unit),
            *check_where(where),
            *check_groups(group_by),
            *check_choice("mode", mode, FunnelMode, "F16_INVALID_MODE"),
            *check_comparison(time_comparison),
            *check_data_group(data_group_id),
            *check_limit(limit),
        ]
    )
    behavior = (
        steps
        if isinstance(steps, BehaviorRef)
        else FunnelBehavior(
            walked,
            conversion_window,
            conversion_window_unit,
            order,
            exclusions,
            holding_constant,
            reentry_mode,
        )
    )
    sections: dict[str, Any] = {
        "show": [funnel_clause(behavior, math, math_property)],
        "time": time_section(unit, from_date, to_date, last, today),
        "filter": attempt_filter_section(where),
        "group": group_section(group_by, data_group_id),
        "formula": [],
    }
    if data_group_id is not None:
        sections["globalDataGroupId"] = str(data_group_id)
    display = with_comparison({"chartType": CHARTS[mode]}, time_comparison)
    return {"sections": sections, "displayOptions": display}


def _check_names(exclusions: Any, held: Any) -> None:
    """Blank names are refused as those of steps are, before anything else is looked at."""
    for name in listed(() if exclusions is None else exclusions):
        if isinstance(name, str):
            Exclusion(name)
    for name in listed(() if held is None else held):
        if isinstance(name, str):
            HoldingConstant(name)


DEFAULTS = {"conversion_window": 14, "conversion_window_unit": "day", "order": "loose"}


def _check_saved(steps: Any, settings: dict[str, Any]) -> Problems:
    """A saved funnel keeps its own settings."""
    if steps.type != "funnel":
        yield problem("steps", f"a saved funnel, not {steps!r}", "F13_BEHAVIOR_REF_TYPE")
    for name, value in settings.items():
        if value != DEFAULTS.get(name) and value != []:
            yield problem(
                name,
                f"{name} is kept by the saved funnel and cannot be said here",
                "F14_BEHAVIOR_REF_SETTINGS",
            )


def _check_own(steps: list[Any], settings: dict[str, Any], math: str) -> Problems:
    yield from checks.check_steps("", steps, "sections.show[0]")
    yield from checks.check_order("", settings["order"], steps)
    yield from checks.check_window(
        "", settings["conversion_window"], settings["conversion_window_unit"], math
    )
    yield from checks.check_exclusions("", settings["exclusions"], len(steps))
    yield from checks.check_held("", settings["holding_constant"])
    yield from checks.check_reentry("", settings["reentry_mode"])


def _check_math(math: str, property: Any) -> list[ValidationError]:
    """The service's word for it; a property that it would not take is the other problem."""
    if property is not None or among(math, FURTHER_MATHS):
        return []
    return list(check_choice("sections.show[0].measurement.math", math, FunnelMathType, "B9_INVALID_MATH"))
