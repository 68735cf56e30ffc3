"""Params of a user query: which profiles, in what order, or an aggregate of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal

from pytest_mixpanel.core.errors import ParamValidationError, ValidationError
from pytest_mixpanel.query.build.parts import listed
from pytest_mixpanel.query.build.selectors import property_text, selector_text
from pytest_mixpanel.query.checks import users as checks
from pytest_mixpanel.query.checks.problems import check_choice, problem, raise_all
from pytest_mixpanel.query.checks.ranges import local_today
from pytest_mixpanel.query.inputs.cohorts import CohortDefinition
from pytest_mixpanel.query.inputs.filters import Filter

Mode = Literal["aggregate", "profiles"]
Aggregate = Literal["count", "extremes", "percentile", "numeric_summary"]


def build_user_params(
    *,
    where: str | Filter | Sequence[Filter] | None = None,
    cohort: int | CohortDefinition | None = None,
    properties: Sequence[str] | None = None,
    sort_by: str | None = None,
    sort_order: Literal["ascending", "descending"] = "descending",
    limit: int | None = 1,
    search: str | None = None,
    distinct_id: str | None = None,
    distinct_ids: Sequence[str] | None = None,
    group_id: str | None = None,
    as_of: str | int | None = None,
    mode: Mode = "aggregate",
    aggregate: Aggregate = "count",
    aggregate_property: str | None = None,
    percentile: float | None = None,
    segment_by: Sequence[int] | None = None,
    parallel: bool = False,
    workers: int = 5,
    include_all_users: bool = False,
    today: date | None = None,
) -> dict[str, Any]:
    """The params of one user query; ``limit`` is sent with the request, not kept in them.

    ``where`` is a selector's text or filters; ``parallel`` and ``workers`` shape the requests only. An
    aggregate may be ``as_of`` a past moment too, up to ``today``.
    Raises ``BookmarkValidationError`` with every problem of the call.
    """
    today = today or local_today()
    given = {
        "properties": properties,
        "sort_by": sort_by,
        "sort_order": sort_order,
        "search": search,
        "distinct_id": distinct_id,
        "distinct_ids": distinct_ids,
        "aggregate": aggregate,
        "aggregate_property": aggregate_property,
        "percentile": percentile,
        "segment_by": segment_by,
        "parallel": parallel,
    }
    problems = [
        *checks.check_conditions(where, cohort, include_all_users),
        *checks.check_paging(limit, workers),
        *checks.check_moment(as_of, today),
        *check_choice("mode", mode, Mode, "U_MODE"),
        *checks.check_choices(given),
        *(checks.check_aggregate(given) if mode == "aggregate" else checks.check_profiles(given)),
    ]
    selector = _selector(where, problems)
    raise_all(problems)
    cohorts = [] if isinstance(where, str) else [item for item in listed(where) if item.is_cohort]
    chosen = _cohort(cohort) if cohort is not None else cohorts[0].cohort_reference() if cohorts else None
    params: dict[str, Any] = {
        "where": selector or None,
        "filter_by_cohort": json.dumps(chosen) if chosen else None,
        "output_properties": json.dumps(list(properties)) if properties else None,
        "sort_key": property_text(sort_by) if sort_by else None,
        "sort_order": sort_order if sort_by else None,
        "as_of_timestamp": _timestamp(as_of),
        "distinct_id": distinct_id,
        "distinct_ids": json.dumps(list(distinct_ids)) if distinct_ids is not None else None,
        "data_group_id": group_id,
        "search": search,
        "include_all_users": include_all_users if chosen else None,
    }
    if mode == "aggregate":
        params["action"] = _action(aggregate, aggregate_property, percentile)
        if segment_by:
            params["segment_by_cohorts"] = json.dumps({str(number): True for number in segment_by})
    return {key: value for key, value in params.items() if value is not None}


def _selector(where: Any, problems: list[ValidationError]) -> str | None:
    """The selector's text; a filter that has none is a further problem."""
    if isinstance(where, str) or problems:
        return where if isinstance(where, str) else None
    try:
        return selector_text(item for item in listed(where) if not item.is_cohort)
    except ParamValidationError as refused:
        problems.append(problem("where", str(refused), refused.code))
        return None


def _cohort(cohort: int | CohortDefinition) -> dict[str, Any]:
    return {"id": cohort} if isinstance(cohort, int) else {"raw_cohort": cohort.embedded()}


def _action(aggregate: str, property: str | None, percentile: float | None) -> str:
    if aggregate == "count":
        return "count()"
    arguments = [property_text(str(property)), *([f"{percentile:g}"] if aggregate == "percentile" else [])]
    return f"{aggregate}({', '.join(arguments)})"


def _timestamp(as_of: str | int | None) -> int | None:
    """A day is the midnight UTC it begins with (semantics C-19)."""
    if not isinstance(as_of, str):
        return as_of
    return int(datetime.fromisoformat(as_of).replace(tzinfo=UTC).timestamp())
