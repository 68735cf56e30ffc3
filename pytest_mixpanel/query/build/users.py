"""Params of a user query: which profiles, in what order, or an aggregate of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from pytest_mixpanel.core.errors import ValidationError
from pytest_mixpanel.query.build.parts import listed, raise_all
from pytest_mixpanel.query.build.selectors import property_text, selector_text
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
    include_all_users: bool = False,
) -> dict[str, Any]:
    """The params of one user query; ``limit`` is sent with the request, not kept in them.

    ``where`` is a selector's text or filters. Raises ``BookmarkValidationError`` with every problem.
    """
    conditions = [] if isinstance(where, str) else listed(where)
    cohorts = [item for item in conditions if item.cohort_reference() is not None]
    raise_all(
        [
            *_check_aggregate(mode, aggregate, aggregate_property, percentile, segment_by),
            *_check_choice_of_users(mode, cohort, cohorts, distinct_id, distinct_ids, as_of, limit),
        ]
    )
    selector = where if isinstance(where, str) else selector_text(c for c in conditions if c not in cohorts)
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


def _check_aggregate(
    mode: str,
    aggregate: str,
    property: str | None,
    percentile: float | None,
    segment_by: Sequence[int] | None,
) -> Iterable[ValidationError]:
    if mode not in ("aggregate", "profiles"):
        yield ValidationError("mode", f"mode is 'aggregate' or 'profiles', not {mode!r}", "U_MODE")
    if aggregate not in ("count", "extremes", "percentile", "numeric_summary"):
        yield ValidationError("aggregate", f"no aggregate {aggregate!r}", "U_AGGREGATE")
    if mode == "profiles" and segment_by:
        yield ValidationError("segment_by", "only an aggregate has segments", "U_SEGMENT_BY")
    if mode == "aggregate" and aggregate != "count" and not property:
        yield ValidationError(
            "aggregate_property", f"{aggregate} needs an aggregate_property", "U_AGGREGATE_PROPERTY"
        )
    if mode == "aggregate" and aggregate == "percentile" and percentile is None:
        yield ValidationError("percentile", "aggregate='percentile' needs percentile", "U_PERCENTILE")
    if percentile is not None and not 0 < percentile < 100:
        yield ValidationError("percentile", f"lies between 0 and 100, not at {percentile}", "U_PERCENTILE")


def _check_choice_of_users(
    mode: str,
    cohort: int | CohortDefinition | None,
    cohorts: Sequence[Filter],
    distinct_id: str | None,
    distinct_ids: Sequence[str] | None,
    as_of: str | int | None,
    limit: int | None,
) -> Iterable[ValidationError]:
    if len(cohorts) + (cohort is not None) > 1:
        yield ValidationError("cohort", "users are chosen by one cohort: combine them in a definition", "U12")
    if distinct_id is not None and distinct_ids is not None:
        yield ValidationError("distinct_id", "say distinct_id or distinct_ids, not both", "U_DISTINCT_ID")
    if limit is not None and limit < 1:
        yield ValidationError("limit", f"limit is 1 or more, or None for all, not {limit}", "U_LIMIT")
    if as_of is not None and mode == "aggregate":
        yield ValidationError("as_of", "as_of goes with mode='profiles'", "U30")
    if isinstance(as_of, str):
        try:
            datetime.fromisoformat(as_of)
        except ValueError:
            yield ValidationError("as_of", f"as_of is YYYY-MM-DD, not {as_of!r}", "U_AS_OF")
