"""User queries: who is chosen, what is shown of them, and aggregates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pytest_mixpanel.query.checks.filters import items_of
from pytest_mixpanel.query.checks.problems import Problems, check_choice, is_whole, problem
from pytest_mixpanel.query.checks.ranges import DAY
from pytest_mixpanel.query.inputs.cohorts import CohortDefinition
from pytest_mixpanel.query.inputs.filters import Filter

AGGREGATES = ("count", "extremes", "percentile", "numeric_summary")
MOST_WORKERS = 5


def check_conditions(where: Any, cohort: Any, include_all: Any) -> Problems:
    """Problems of ``where`` and ``cohort``: filters on profiles, at most one cohort."""
    if isinstance(where, str):
        conditions: list[Any] = []
    elif where is None or isinstance(where, Filter | list | tuple):
        conditions = items_of(where)
    else:
        conditions = []
        yield problem("where", f"a selector's text or filters, not {where!r}", "U9")
    inside = 0
    for place, item in enumerate(conditions):
        path = f"where[{place}]"
        if not isinstance(item, Filter):
            yield problem(path, f"filters are Filter, not {item!r}", "U0")
        elif item.is_cohort:
            inside += item.operator == "contains"
            if item.operator != "contains":
                yield problem(
                    path,
                    "profiles outside a cohort cannot be asked for: define one that leaves them out",
                    "U12",
                )
        elif not isinstance(item.owner, str):
            yield problem(f"{path}._property", "profiles are filtered by named properties", "U25")
        elif not item.owner.strip():
            yield problem(f"{path}._property", "a filter needs a property", "U10")
    if inside > 1:
        yield problem("where", "one cohort at most; put several conditions into one CohortDefinition", "U13")
    if cohort is not None and inside:
        yield problem("cohort", "say cohort= or Filter.in_cohort, not both", "U2")
    if (
        cohort is not None
        and not isinstance(cohort, CohortDefinition)
        and (not is_whole(cohort) or cohort < 1)
    ):
        yield problem("cohort", f"a saved cohort's id or a CohortDefinition, not {cohort!r}", "U_COHORT")
    if include_all and cohort is None and not inside:
        yield problem("include_all_users", "include_all_users needs a cohort", "U7")


def check_paging(limit: Any, workers: Any) -> Problems:
    """Problems of how many profiles come, and over how many threads."""
    if limit is not None and (not is_whole(limit) or limit < 1):
        yield problem("limit", f"a whole number from 1, or None for all, not {limit!r}", "U3")
    if not is_whole(workers) or not 1 <= workers <= MOST_WORKERS:
        yield problem("workers", f"1 to {MOST_WORKERS}, not {workers!r}", "U23")


def check_moment(as_of: Any, today: date) -> Problems:
    """Problems of the moment profiles are seen at."""
    if as_of is None or (is_whole(as_of) and as_of >= 0):
        return
    try:
        if not isinstance(as_of, str) or not DAY.fullmatch(as_of):
            raise ValueError
        day = datetime.fromisoformat(as_of).date()
    except ValueError:
        yield problem("as_of", f"a day as YYYY-MM-DD or seconds since 1970, not {as_of!r}", "U6")
        return
    if day > today:
        yield problem("as_of", f"{day} lies in the future", "U8")


def check_choices(given: Mapping[str, Any]) -> Problems:
    """Problems of what is chosen and shown, whichever mode has a use for it."""
    one, several = given["distinct_id"], given["distinct_ids"]
    if one is not None and several is not None:
        yield problem("distinct_id", "say distinct_id or distinct_ids, not both", "U1")
    if several is not None and not items_of(several):
        yield problem("distinct_ids", "no id to look up", "U4")
    if given["sort_by"] is not None and not str(given["sort_by"]).strip():
        yield problem("sort_by", "a property's name to sort by", "U5")
    if given["properties"] is not None and not items_of(given["properties"]):
        yield problem("properties", "no property to show: leave it out to see all", "U29")
    for place, name in enumerate(items_of(given["properties"])):
        if not isinstance(name, str) or not name.strip():
            yield problem(f"properties[{place}]", f"a property's name, not {name!r}", "U11")
    for place, number in enumerate(items_of(given["segment_by"])):
        if not is_whole(number) or number < 1:
            yield problem(f"segment_by[{place}]", f"a saved cohort's id, not {number!r}", "U17")
    percentile = given["percentile"]
    if isinstance(percentile, int | float) and not isinstance(percentile, bool) and not 0 < percentile < 100:
        yield problem("percentile", f"lies between 0 and 100, not at {percentile}", "U28")


def check_profiles(given: Mapping[str, Any]) -> Problems:
    """Problems of a query for profiles."""
    if given["sort_by"] is not None:
        yield from check_choice("sort_order", given["sort_order"], ("ascending", "descending"), "UP1")
    if given["segment_by"] is not None:
        yield problem("segment_by", "only an aggregate has segments: mode='aggregate'", "U16")


def check_aggregate(given: Mapping[str, Any]) -> Problems:
    """Problems of a query for an aggregate, with what only profiles have."""
    aggregate, property = given["aggregate"], given["aggregate_property"]
    if aggregate != "count" and property is None:
        yield problem("aggregate_property", f"{aggregate} needs an aggregate_property", "U14")
    elif aggregate != "count" and not str(property).strip():
        yield problem("action", "aggregate_property is a property's name", "UP4")
    if aggregate == "count" and property is not None:
        yield problem("aggregate_property", "count takes no property", "U15")
    if property is not None:
        yield from check_choice("action", aggregate, AGGREGATES, "UP4", "aggregate")
    yield from _check_percentile(aggregate, given["percentile"])
    if given["parallel"]:
        yield problem("parallel", "parallel is for profiles: mode='profiles'", "U18")
    for name, code in (("sort_by", "U19"), ("search", "U20")):
        if given[name] is not None:
            yield problem(name, f"{name} is for profiles: mode='profiles'", code)
    if given["distinct_id"] is not None or given["distinct_ids"] is not None:
        yield problem("distinct_id", "ids are looked up among profiles: mode='profiles'", "U21")
    if given["properties"] is not None:
        yield problem("properties", "properties are shown of profiles: mode='profiles'", "U22")


def _check_percentile(aggregate: Any, percentile: Any) -> Problems:
    if aggregate == "percentile" and percentile is None:
        yield problem("percentile", "aggregate='percentile' needs percentile, such as 50", "U26")
    elif aggregate != "percentile" and percentile is not None:
        yield problem("percentile", "percentile goes with aggregate='percentile'", "U27")
    elif isinstance(percentile, bool):
        yield problem("action", f"a number between 0 and 100, not {percentile!r}", "UP4")
